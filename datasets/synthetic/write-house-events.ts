import type { Mapping } from "../sources/mapping/mapping.js";
import { inputTokens, type MixedCall, outputTokens } from "./mixed-calls.js";
import { openaiMessages, openaiTools } from "./write-exchange.js";
import { answerText } from "./write-request-log.js";

/** Batches of a house's own events in a shape of its own, other events between: what only a mapping file can read. */
export function houseEventLines(calls: readonly MixedCall[]): string[] {
  const lines: string[] = [];
  for (let start = 0; start < calls.length; start += 5)
    lines.push(
      JSON.stringify({ host: { name: "edge-1" }, batch: calls.slice(start, start + 5).flatMap(eventsOf) }),
    );
  return lines;
}

function eventsOf(call: MixedCall): object[] {
  const { usage, failure } = call;
  return [
    { kind: "http", path: "/health" },
    {
      kind: "llm",
      ids: { call: call.id, job: call.logicalId, "chat.room": call.sessionId },
      try: call.attemptNo,
      who: { org: call.tenant, person: call.user, product: call.app, credential: call.apiKey },
      t0: call.startMs * 1000,
      secs: call.latencyMs / 1000,
      first: call.ttftMs === null ? null : call.ttftMs / 1000,
      engine: {
        want: call.modelRequested,
        got: failure === null ? call.modelServed : null,
        at: houses[call.provider],
      },
      body: JSON.stringify({
        talk: openaiMessages(call),
        kit: openaiTools(call),
        heat: call.temperature,
        cap: call.maxTokens,
      }),
      said: answerText(call),
      why: call.answer?.finish ?? null,
      toks: usage && {
        fresh: usage.uncached,
        "cache.read": usage.cacheRead,
        "cache.w5": usage.cacheWrite5m,
        "cache.w60": usage.cacheWrite1h,
        spoken: usage.text,
        thought: usage.reasoning,
        sum: inputTokens(usage) + outputTokens(usage),
      },
      millicents: call.costUsd === null ? null : call.costUsd * 1e5,
      code: failure?.httpStatus ?? 200,
      oops: failure?.message ?? "",
      live: call.isStream ? "Y" : "N",
    },
  ];
}

const houses = { openai: "oai", anthropic: "claude", google: "gemini-api", aws: "bedrock-us" };

/** The mapping file of {@link houseEventLines}. */
export const houseEventMapping: Mapping = {
  name: "house-events",
  explode: "batch",
  where: { kind: "llm" },
  parse_json: ["body"],
  tokens: { cache: "exclusive", reasoning: "exclusive" },
  fields: {
    request_id: "ids.call",
    logical_id: "ids.job",
    session_id: 'ids["chat.room"]',
    attempt_no: "try",
    tenant: "who.org",
    user: "who.person",
    app: "who.product",
    api_key: "who.credential",
    endpoint: { value: "chat" },
    created_at: { path: "t0", unit: "us" },
    latency_ms: { path: "secs", unit: "s" },
    ttft_ms: { path: "first", unit: "s" },
    model_requested: "engine.want",
    model_served: "engine.got",
    provider: {
      path: "engine.at",
      map: { oai: "openai", claude: "anthropic", "gemini-api": "google", "bedrock-us": "aws" },
    },
    messages: "body.talk",
    tools: "body.kit",
    temperature: "body.heat",
    max_tokens: "body.cap",
    has_json_schema: { value: false },
    output_text: "said",
    finish_reason: "why",
    input_tokens: "toks.fresh",
    input_cache_read_tokens: 'toks["cache.read"]',
    input_cache_write_5m_tokens: 'toks["cache.w5"]',
    input_cache_write_1h_tokens: 'toks["cache.w60"]',
    output_tokens: "toks.spoken",
    output_reasoning_tokens: "toks.thought",
    total_tokens: "toks.sum",
    cost_reported_usd: { path: "millicents", unit: "cents", factor: 0.001 },
    http_status: "code",
    error: "oops",
    is_stream: { path: "live", map: { Y: true, N: false } },
  },
};
