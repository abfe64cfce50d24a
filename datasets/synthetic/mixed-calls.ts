import { createRandom, type Random } from "../random.js";
import { hashId } from "./traffic.js";

/** A tool call of an answer or of an earlier turn. */
export interface ToolCall {
  id: string;
  name: string;
  input: Record<string, unknown>;
}

/** One turn of a conversation, system prompt apart. */
export type CallTurn =
  | { role: "user"; text: string }
  | { role: "assistant"; text: string; call: ToolCall | null }
  | { role: "tool"; callId: string; name: string; text: string };

/** One attempt with everything that any log format can tell of it. Texts and figures are invented, models are real. */
export interface MixedCall {
  id: string;
  logicalId: string;
  attemptNo: number;
  sessionId: string;
  tenant: string;
  user: string;
  app: string;
  apiKey: string;
  /** Milliseconds since 1970, UTC; no two calls of a world start in the same second. */
  startMs: number;
  latencyMs: number;
  ttftMs: number | null;
  modelRequested: string;
  modelServed: string;
  provider: "openai" | "anthropic" | "google" | "aws";
  system: string | null;
  turns: CallTurn[];
  tools: Array<{ name: string; description: string; parameters: object }>;
  temperature: number | null;
  maxTokens: number | null;
  /** Null for a call that failed. */
  answer: { text: string | null; call: ToolCall | null; finish: "stop" | "length" | "tool_calls" } | null;
  /** Disjoint counts; null for a call that failed. */
  usage: {
    uncached: number;
    cacheRead: number;
    cacheWrite5m: number;
    cacheWrite1h: number;
    text: number;
    reasoning: number;
  } | null;
  costUsd: number | null;
  failure: { httpStatus: 429 | 500; errorClass: "rate_limit" | "server"; message: string } | null;
  isStream: boolean;
}

/** Generate calls of four providers with prompt cache reads and writes, reasoning, failures that are tried again, tool calls and unusual
 * text. The same seed gives the same calls, in order of time. */
export function generateMixedCalls({ seed, requests }: { seed: number; requests: number }): MixedCall[] {
  const random = createRandom(seed);
  const calls: MixedCall[] = [];
  let startMs = Date.UTC(2026, 0, 12, 8);
  for (let no = 0; no < requests; no++) {
    const { model, ...base } = drawRequest(random, seed, no);
    const failures = random.uniform() < 0.12 ? 1 + random.below(2) : 0;
    const isLost = failures > 0 && random.uniform() < 0.3;
    for (let attempt = 1; attempt <= failures + (isLost ? 0 : 1); attempt++) {
      startMs += 1000 * (1 + random.below(90)) + random.below(900);
      startMs = Math.max(startMs, (calls.at(-1)?.startMs ?? 0) + 2000);
      const failure = attempt <= failures ? random.pick(failureKinds) : null;
      calls.push({
        ...base,
        ...drawAttempt(random, { ...base, model }, failure),
        id: `${base.logicalId}-${attempt}`,
        attemptNo: attempt,
        startMs,
      });
    }
  }
  return calls;
}

const failureKinds = [
  { httpStatus: 429, errorClass: "rate_limit", message: "Rate limit reached for requests" },
  { httpStatus: 500, errorClass: "server", message: "The server had an error while processing your request" },
] as const;

interface CallModel {
  requested: string;
  served: string;
  provider: MixedCall["provider"];
  canReason: boolean;
  canWrite: boolean;
  canWrite1h: boolean;
}

const models: readonly CallModel[] = [
  {
    requested: "gpt-4o",
    served: "gpt-4o-2024-08-06",
    provider: "openai",
    canReason: false,
    canWrite: false,
    canWrite1h: false,
  },
  {
    requested: "gpt-5-mini",
    served: "gpt-5-mini-2025-08-07",
    provider: "openai",
    canReason: true,
    canWrite: false,
    canWrite1h: false,
  },
  {
    requested: "claude-sonnet-4-20250514",
    served: "claude-sonnet-4-20250514",
    provider: "anthropic",
    canReason: false,
    canWrite: true,
    canWrite1h: true,
  },
  {
    requested: "gemini-2.5-flash",
    served: "gemini-2.5-flash",
    provider: "google",
    canReason: true,
    canWrite: false,
    canWrite1h: false,
  },
  {
    requested: "us.anthropic.claude-sonnet-4-20250514-v1:0",
    served: "us.anthropic.claude-sonnet-4-20250514-v1:0",
    provider: "aws",
    canReason: false,
    canWrite: true,
    canWrite1h: false,
  },
];

type Request = Omit<
  MixedCall,
  "id" | "attemptNo" | "startMs" | "latencyMs" | "ttftMs" | "answer" | "usage" | "costUsd" | "failure"
> & { model: CallModel };

function drawRequest(random: Random, seed: number, no: number): Request {
  const model = models[no % models.length]!;
  const hasTools = random.uniform() < 0.4;
  const turns: CallTurn[] = [];
  for (let turn = random.below(3); turn > 0; turn--)
    turns.push(
      { role: "user", text: drawText(random) },
      { role: "assistant", text: drawText(random), call: null },
    );
  turns.push({ role: "user", text: drawText(random) });
  if (hasTools && random.uniform() < 0.5) {
    const call = drawCall(random, seed, no, "asked");
    turns.push(
      { role: "assistant", text: "I look it up.", call },
      { role: "tool", callId: call.id, name: call.name, text: drawText(random) },
    );
  }
  return {
    model,
    logicalId: `mix-${seed}-${String(no).padStart(5, "0")}`,
    sessionId: `session-${no >> 2}`,
    tenant: random.pick(["north", "süd", "東"]),
    user: `user-${random.below(9)}`,
    app: random.pick(["helpdesk", "search, internal", 'say "hi"']),
    apiKey: random.pick(["key-blue", "key-green"]),
    modelRequested: model.requested,
    modelServed: model.served,
    provider: model.provider,
    system: random.uniform() < 0.8 ? drawText(random) : null,
    turns,
    tools: hasTools ? [lookUp] : [],
    temperature: random.uniform() < 0.5 ? random.pick([0, 0.25, 1]) : null,
    maxTokens: model.provider === "anthropic" || random.uniform() < 0.5 ? 100 * (1 + random.below(40)) : null,
    isStream: random.uniform() < 0.4,
  };
}

const lookUp = {
  name: "look_up",
  description: "Look a thing up",
  parameters: { type: "object", properties: { what: { type: "string" } }, required: ["what"] },
};

function drawAttempt(
  random: Random,
  request: Request,
  failure: MixedCall["failure"],
): Pick<MixedCall, "latencyMs" | "ttftMs" | "answer" | "usage" | "costUsd" | "failure"> {
  if (failure !== null)
    return {
      latencyMs: 50 + random.below(400),
      ttftMs: null,
      answer: null,
      usage: null,
      costUsd: null,
      failure,
    };
  const { model, tools, isStream, logicalId } = request;
  const call = tools.length > 0 && random.uniform() < 0.5 ? drawCall(random, logicalId, "answered") : null;
  const text = call !== null && random.uniform() < 0.5 ? null : drawText(random);
  const latencyMs = 400 + random.below(9000);
  const some = (share: number, most: number) => (random.uniform() < share ? 1 + random.below(most) : 0);
  return {
    latencyMs,
    ttftMs: isStream ? 100 + random.below(290) : null,
    answer: { text, call, finish: call !== null ? "tool_calls" : random.uniform() < 0.1 ? "length" : "stop" },
    usage: {
      uncached: 1 + random.below(3000),
      cacheRead: some(0.5, 20_000),
      cacheWrite5m: model.canWrite ? some(0.4, 5000) : 0,
      cacheWrite1h: model.canWrite1h ? some(0.4, 5000) : 0,
      text: 1 + random.below(900),
      reasoning: model.canReason ? some(0.6, 2000) : 0,
    },
    costUsd: (1 + random.below(1_000_000)) / 1e7,
    failure: null,
  };
}

function drawCall(random: Random, ...parts: ReadonlyArray<string | number>): ToolCall {
  return { id: `call_${hashId(12, ...parts)}`, name: "look_up", input: { what: drawText(random) } };
}

/** Text that breaks what is careless: quotes, delimiters, line ends, other scripts, formulas, escapes, the separators that JavaScript
 * takes for line ends. Every text ends in a number, so that hardly two are alike. */
function drawText(random: Random): string {
  const words = Array.from({ length: 1 + random.below(6) }, () => random.pick(oddities));
  return `${words.join(" ")} ${random.below(1_000_000)}`;
}

const oddities = [
  "plain words",
  'he said "no", twice',
  "semi;colon, comma\tand tab",
  "line\nbreak",
  "CRLF\r\nend",
  "日本語のテキスト",
  "שלום עולם",
  "👩‍👩‍👧 family",
  "back\\slash \\n not a break",
  "=SUM(A1:A9)",
  '{"json": [1, 2]}',
  "<script>alert(1)</script>",
  "\u2028separator\u2029",
  "data: [DONE]",
  "e\u0301 combining",
  "NULL",
  "'single'",
  "naïve café",
];

/** Sum of the input counts. */
export function inputTokens(usage: NonNullable<MixedCall["usage"]>): number {
  return usage.uncached + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}

/** Sum of the output counts. */
export function outputTokens(usage: NonNullable<MixedCall["usage"]>): number {
  return usage.text + usage.reasoning;
}
