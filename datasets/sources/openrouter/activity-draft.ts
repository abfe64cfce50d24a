import { asNumber, firstNumber, firstString, type JsonRecord } from "../json-access.js";
import { readTimestamp } from "../read-time.js";
import { type Mapped, unknownDraft } from "../source.js";
import { flag, outcomeOf, slugOf, spentUsd, usageOf } from "./request-fields.js";

/** A row of the activity export, one request each. Times are UTC without saying so. */
export function activityDraft(row: JsonRecord): Mapped {
  const { usage, raw } = usageOf(row, {
    input: ["tokens_prompt"],
    output: ["tokens_completion"],
    reasoning: ["tokens_reasoning"],
    cached: ["tokens_cached"],
  });
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const inference = asNumber(row.byok_usage_inference) ?? 0;
  const slug = slugOf(firstString(row, ["model_permaslug"]), firstString(row, ["variant"]));
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id: firstString(row, ["generation_id"]),
      user: firstString(row, ["user"]),
      app: firstString(row, ["app_name"]),
      apiKey: firstString(row, ["api_key_name"]),
      createdAt: readTimestamp(row.created_at),
      latencyMs: firstNumber(row, ["generation_time_ms"]),
      ttftMs: firstNumber(row, ["time_to_first_token_ms"]),
      modelRequested: slug,
      modelServed: slug,
      provider: "openrouter",
      gateway: "openrouter",
      usage: usage?.usage ?? null,
      usageRaw: raw,
      costReportedUsd: spentUsd({
        charged: asNumber(row.cost_total),
        isOwnKey: inference > 0,
        inference,
      }),
      ...outcomeOf(row, ["finish_reason_normalized", "finish_reason_raw"]),
      isStream: flag(row.streamed),
    },
  };
}
