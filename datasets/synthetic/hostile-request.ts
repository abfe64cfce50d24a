import type { Random } from "../random.js";

/** Kinds of requests that a router must survive. */
export const hostileKinds = [
  "plain",
  "random_shape",
  "wrong_types",
  "huge_text",
  "deep",
  "wide",
  "cyclic",
  "lone_surrogates",
  "control_characters",
  "combining_marks",
  "regex_bait",
  "throwing_getter",
  "proxy",
  "odd_objects",
  "odd_numbers",
  "forged_prototype",
] as const;
export type HostileKind = (typeof hostileKinds)[number];

/** Make one request of a kind: anything that a careless or malicious caller could hand to `decide`. Seeded.
 * @returns often no valid RouteRequest at all, which is the point */
export function hostileRequest(kind: HostileKind, random: Random): unknown {
  return makers[kind](random);
}

const makers: Record<HostileKind, (random: Random) => unknown> = {
  plain: (random) => chat(words(random, 1 + random.below(400))),
  random_shape: (random) => anyValue(random, 4),
  wrong_types: (random) => {
    const request: Record<string, unknown> = chat(words(random, 20));
    for (const field of fields) if (random.uniform() < 0.4) request[field] = anyValue(random, 2);
    return request;
  },
  huge_text: (random) => chat(random.pick(bricks).repeat(10_000 + random.below(90_000))),
  deep: (random) => chat(nest(random, 100 + random.below(5_000))),
  wide: (random) => ({
    messages: Array.from({ length: 1_000 + random.below(20_000) }, () => random.pick(turns)),
    tools: Array.from({ length: random.below(5_000) }, () => ({ type: "function" })),
  }),
  cyclic: (random) => {
    const part: Record<string, unknown> = { type: "text", text: words(random, 10) };
    const request: Record<string, unknown> = { messages: [{ role: "user", content: [part] }] };
    part.content = [part];
    part.parts = request;
    request.self = request;
    request.meta = request;
    (request.messages as unknown[]).push(request.messages, request);
    return random.uniform() < 0.5
      ? request
      : { ...request, tools: request.messages, responseFormat: request };
  },
  lone_surrogates: (random) =>
    chat(scatter(random, ["\ud800", "\udfff", "\udbff\ud800", "a", " ", "\udc00x"])),
  control_characters: (random) =>
    chat(scatter(random, ["\0", "\u202e", "\ufeff", "\u200b", "\x1b[2J", "x", "\r\n"])),
  combining_marks: (random) =>
    chat(`e${scatter(random, ["\u0301", "\u0327", "\u20dd", "\u0489", "\ufe0f"])}`),
  regex_bait: (random) =>
    chat(random.pick(baits).repeat(1 + random.below(20_000)) + random.pick(["!", "\n", "\0", "@"])),
  throwing_getter: (random) => {
    const request: Record<string, unknown> = chat("getters");
    Object.defineProperty(request, random.pick(fields), {
      enumerable: true,
      get() {
        throw new Error("a getter of the caller's");
      },
    });
    return request;
  },
  proxy: (random) =>
    new Proxy(chat("proxy") as object, {
      get: (target, key) => (random.uniform() < 0.3 ? anyValue(random, 1) : Reflect.get(target, key)),
      ownKeys: () => {
        throw new TypeError("a proxy that hides its keys");
      },
    }),
  odd_objects: (random) => ({ ...chat("odd"), [random.pick(fields)]: random.pick(oddities)() }),
  odd_numbers: (random) => ({
    ...chat(words(random, 5)),
    maxTokens: random.pick(numbers),
    maxCostUsd: random.pick(numbers),
    retention: random.pick(numbers),
    sessionId: random.pick(numbers),
  }),
  forged_prototype: (random) =>
    JSON.parse(
      `{"__proto__":{"messages":[{"role":"user","content":"forged"}]},"constructor":{"prototype":{}},"prompt":${JSON.stringify(words(random, 5))},"meta":{"__proto__":{"app":"x"},"app":"constructor","toString":1}}`,
    ),
};

const fields = [
  "messages",
  "prompt",
  "system",
  "tools",
  "responseFormat",
  "response_format",
  "maxTokens",
  "sessionId",
  "requestId",
  "meta",
  "input",
  "contents",
  "instructions",
  "allowModels",
  "denyModels",
  "regions",
  "retention",
  "maxCostUsd",
  "metadata",
  "model",
];
const turns = [
  { role: "user", content: "and now?" },
  { role: "assistant", content: "this" },
  { role: "tool", content: null },
  { role: "user", content: [{ type: "image_url" }, { type: "text", text: "what is it" }] },
  {},
  null,
];
const bricks = ["a", "lorem ipsum ", "字", "𝒳", "🙂", "\u0000", "aaaa.", "1", "SELECT ", "é"];
const baits = [
  "a",
  "aA1-",
  "1.2.",
  "((((",
  "a@a.",
  "0x",
  "- ",
  "$1,000,",
  "\t ",
  "https://a/",
  "x=x=",
  "<a><",
  "「",
  "not ",
];
const numbers = [
  Number.NaN,
  Infinity,
  -Infinity,
  -0,
  -1,
  2 ** 53,
  1e308,
  5e-324,
  0.1,
  10n ** 30n,
  "1e999",
  true,
];
const oddities: Array<() => unknown> = [
  () => new Map([["a", 1]]),
  () => new Date(Number.NaN),
  () => new Uint8Array(1_000),
  () => Symbol("s"),
  () => () => "called",
  () => Object.create(null),
  () => new Array(4_000_000_000),
  () => new Error("e"),
  () => Promise.resolve(1),
  () => new WeakMap(),
  () => ({ toString: () => ({}) }),
  () => ({ [Symbol.toPrimitive]: () => ({}) }),
  () => ({ length: 2 ** 31, 0: "x" }),
  () => Object.freeze([Object.freeze({ role: "user", content: Object.freeze(["x"]) })]),
];

function chat(content: unknown): Record<string, unknown> {
  return {
    messages: [
      { role: "system", content: "You are a help desk." },
      { role: "user", content },
    ],
  };
}

function anyValue(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 9 : 7);
  if (kind === 7) return Array.from({ length: random.below(6) }, () => anyValue(random, depth - 1));
  if (kind === 8) {
    const names = Array.from({ length: random.below(5) }, () =>
      random.pick([...fields, "role", "content", "type", "text"]),
    );
    return Object.fromEntries(names.map((name) => [name, anyValue(random, depth - 1)]));
  }
  return [
    null,
    undefined,
    random.uniform() < 0.5,
    random.pick(numbers),
    words(random, random.below(8)),
    random.pick(["user", "assistant", "system", "json_object", "text", ""]),
    random.pick(oddities)(),
  ][kind];
}

function nest(random: Random, depth: number): unknown {
  let value: unknown = "bottom";
  for (let i = 0; i < depth; i++) {
    value = random.uniform() < 0.5 ? [value] : { type: "tool_result", content: value, parts: [value] };
  }
  return [value];
}

function scatter(random: Random, pieces: readonly string[]): string {
  return Array.from({ length: 1 + random.below(5_000) }, () => random.pick(pieces)).join("");
}

function words(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.pick(vocabulary)).join(" ");
}
const vocabulary =
  "please explain how to prove that the invoice of 2024 is not paid twice in SQL or python with a table json 3.14".split(
    " ",
  );
