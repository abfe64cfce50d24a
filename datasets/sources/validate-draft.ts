import { Reason } from "../quarantine.js";
import type { RequestDraft } from "./source.js";

/** The grace that is left for wrong clocks. */
export const dayUs = 86_400_000_000;

/** No single call counts more tokens than this; a larger number is something else. */
const maxTokens = 1e9;

/** Check what no source may let through: a row without a time or a model, a time that has not come, counts and durations
 * that can't be. Ingest calls it for every draft of every source.
 * @param clock.nowUs microseconds since 1970; a day's grace is left for wrong clocks and zones
 * @returns why the row is quarantined, or null when it is fit to store */
export function validateDraft(
  draft: RequestDraft,
  clock: { nowUs: number },
): { reason: Reason; detail: string } | null {
  if (draft.createdAt === null)
    return {
      reason: Reason.missing_time,
      detail: "no readable time; --missing-time file takes the file's own",
    };
  if (!Number.isFinite(draft.createdAt) || draft.createdAt < 0)
    return { reason: Reason.bad_value, detail: `created_at is ${draft.createdAt} microseconds` };
  if (draft.createdAt > clock.nowUs + dayUs)
    return { reason: Reason.future_time, detail: `created_at is ${isoTime(draft.createdAt)}` };
  if (draft.modelServed === null && draft.modelRequested === null)
    return { reason: Reason.missing_model, detail: "no model name" };
  return (
    badDuration("latency_ms", draft.latencyMs) ??
    badDuration("ttft_ms", draft.ttftMs) ??
    badTokens(draft) ??
    badNumbers(draft)
  );
}

function badDuration(name: string, ms: number | null): { reason: Reason; detail: string } | null {
  if (ms === null || (Number.isFinite(ms) && ms >= 0)) return null;
  return { reason: Reason.bad_latency, detail: `${name} is ${ms}` };
}

function badTokens({ usage }: RequestDraft): { reason: Reason; detail: string } | null {
  for (const [name, count] of Object.entries(usage ?? {}) as Array<[string, number | null]>) {
    if (count === null) continue;
    if (count < 0) return { reason: Reason.negative_tokens, detail: `${name} is ${count}` };
    if (!Number.isInteger(count) || count > maxTokens)
      return { reason: Reason.bad_value, detail: `${name} is ${count} tokens` };
  }
  return null;
}

function badNumbers(draft: RequestDraft): { reason: Reason; detail: string } | null {
  const cost = draft.costReportedUsd;
  if (cost !== null && (!Number.isFinite(cost) || cost < 0))
    return { reason: Reason.bad_value, detail: `cost_reported_usd is ${cost}` };
  const score = draft.feedbackScore;
  if (score !== null && !(score >= 0 && score <= 1))
    return { reason: Reason.bad_value, detail: `feedback_score is ${score}, not in 0 to 1` };
  return null;
}

function isoTime(micros: number): string {
  const date = new Date(micros / 1000);
  return Number.isNaN(date.getTime()) ? `${micros} microseconds` : date.toISOString();
}
