import { asNumber, firstNumber, firstString, type JsonRecord } from "../json-access.js";
import { readTimestamp } from "../read-time.js";
import { type Mapped, type RequestDraft, unknownDraft } from "../source.js";
import { flag, outcomeOf, spentUsd, usageOf } from "./request-fields.js";

/** An answer of /api/v1/generation?id=. Its plain token counts are of a common tokenizer: the native ones are billed. */
export function generationDraft(record: JsonRecord): Mapped {
  const { usage, raw } = usageOf(record, {
    input: ["native_tokens_prompt", "tokens_prompt"],
    output: ["native_tokens_completion", "tokens_completion"],
    reasoning: ["native_tokens_reasoning"],
    cached: ["native_tokens_cached"],
  });
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const model = firstString(record, ["model"]);
  const apiType = firstString(record, ["api_type"]);
  const router = firstString(record, ["router"]);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id: firstString(record, ["id"]),
      sessionId: firstString(record, ["session_id"]),
      user: firstString(record, ["external_user"]),
      app: firstString(record, ["http_referer", "origin"]),
      // The API says completions of chats too.
      endpoint: apiType === "completions" ? "chat" : apiType,
      createdAt: readTimestamp(record.created_at),
      ...timingOf(record),
      modelRequested: router ?? model,
      modelServed: model,
      provider: "openrouter",
      gateway: "openrouter",
      usage: usage?.usage ?? null,
      usageRaw: raw,
      costReportedUsd: spentUsd({
        charged: firstNumber(record, ["total_cost", "usage"]),
        isOwnKey: flag(record.is_byok) === true,
        inference: asNumber(record.upstream_inference_cost),
      }),
      ...outcomeOf(record, ["finish_reason", "native_finish_reason"]),
      isStream: flag(record.streamed),
      serviceTier: firstString(record, ["service_tier"]),
    },
  };
}

/** `latency` is the whole where it is the longer of the two, and the wait for the first token where generating took longer. */
function timingOf(record: JsonRecord): Pick<RequestDraft, "latencyMs" | "ttftMs"> {
  const latency = asNumber(record.latency);
  const generation = asNumber(record.generation_time);
  if (latency === null || generation === null) return { latencyMs: latency ?? generation, ttftMs: null };
  return generation > latency
    ? { latencyMs: generation, ttftMs: latency }
    : { latencyMs: latency, ttftMs: null };
}
