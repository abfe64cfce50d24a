import type { RouteRequest } from "../../src/request/request.js";

/** Texts that break naive readers. */
export const hostileTexts: readonly string[] = [
  "",
  " ",
  "\n\n\n",
  "\u0000",
  "\ud83d",
  "\udc00\ud83d",
  "a\ud83d b\udc00",
  "😀".repeat(3_000),
  "👩‍👩‍👧‍👦🏳️‍🌈",
  "مرحبا بالعالم ‏‎ \u202eevil",
  "e\u0301".repeat(5_000),
  "ﷺ".repeat(8_192),
  "\u0e33".repeat(9_000),
  "x".repeat(100_000),
  "word ".repeat(20_000),
  "漢".repeat(100_000),
  "{".repeat(50_000),
  "A)".repeat(9_000),
  "```".repeat(4_000),
  "\r\n\t\v\f\u2028\u2029\ufeff",
  "__proto__ constructor toString hasOwnProperty",
  String.fromCharCode(...Array.from({ length: 2_000 }, (_, i) => (i * 33) % 65_536)),
];

const cyclic: Record<string, unknown> = { role: "user" };
cyclic.content = [cyclic];
cyclic.self = cyclic;

/** Values that are no request, or hold fields of the wrong type. None has a getter that throws. */
export const hostileRequests: readonly unknown[] = [
  null,
  undefined,
  0,
  "text",
  true,
  Symbol("s"),
  () => {},
  [],
  [[[]]],
  new Map(),
  Object.create(null),
  { messages: null },
  { messages: "not a list" },
  { messages: 7 },
  { messages: [null, undefined, 1, "text", [], {}, { role: 3 }, { role: "user" }] },
  { messages: [{ role: "user", content: 12 }] },
  { messages: [{ role: "user", content: [null, 1, "a", { text: 4 }, { type: "image_url" }, []] }] },
  { messages: [cyclic] },
  cyclic,
  { messages: new Array(1e9) },
  { messages: { length: 1e9 } },
  { prompt: {} },
  { prompt: ["a", { text: "b" }] },
  { prompt: 10n },
  { system: 5, prompt: "x" },
  { system: { parts: [{ text: "s" }] }, contents: [{ parts: [{ text: "u" }] }] },
  { tools: "all", prompt: "x" },
  { tools: new Array(1e9), prompt: "x" },
  { prompt: "x", maxTokens: Number.NaN },
  { prompt: "x", maxTokens: -1 },
  { prompt: "x", maxTokens: Number.POSITIVE_INFINITY },
  { prompt: "x", maxTokens: "100" },
  { prompt: "x", sessionId: {} },
  { prompt: "x", sessionId: "" },
  { prompt: "x", sessionId: "\ud83d" },
  { prompt: "x", meta: null },
  { prompt: "x", meta: { segment: "__proto__" } },
  { prompt: "x", responseFormat: "json" },
  ...hostileTexts.map((prompt): RouteRequest => ({ prompt })),
  ...hostileTexts.map((system): RouteRequest => ({ system, messages: [{ role: "user", content: system }] })),
];

/** Requests whose getters throw. */
export function throwingRequests(): unknown[] {
  const bomb = () => {
    throw new Error("boom");
  };
  return [
    Object.defineProperty({}, "messages", { get: bomb }),
    Object.defineProperty({}, "prompt", { get: bomb, enumerable: true }),
    { messages: [Object.defineProperty({ role: "user" }, "content", { get: bomb })] },
    { prompt: "x", meta: Object.defineProperty({}, "segment", { get: bomb }) },
    new Proxy({}, { get: bomb }),
  ];
}
