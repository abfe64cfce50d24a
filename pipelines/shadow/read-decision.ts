import { numberWithin, slicesOf, textOf, timeOf } from "./read-fields.js";

/** What the analysis needs of one line of the decision log; docs/runtime.md specifies the line. */
export interface LoggedDecision {
  requestId: string;
  /** Session where there is one, else the request: what the shadow sample and the intervals count. */
  unit: string;
  isSampled: boolean;
  artifact: string | null;
  decidedModel: string;
  /** null when no answer was recorded. */
  servedModel: string | null;
  reasons: string[];
  tookUs: number | null;
  createdAtUs: number | null;
  usage: unknown;
  slices: Record<string, string>;
}

/** Read one record of the log.
 * @returns null when it is not a decision */
export function readDecision(value: unknown): LoggedDecision | null {
  if (typeof value !== "object" || value === null) return null;
  const record = value as Record<string, unknown>;
  const decidedModel = textOf(record.decided_model);
  const requestId = textOf(record.request_id);
  if (decidedModel === null || requestId === null) return null;
  return {
    requestId,
    unit: textOf(record.session_hash) ?? requestId,
    isSampled: record.shadow_sampled === true,
    artifact: textOf(record.artifact),
    decidedModel,
    servedModel: textOf(record.served_model),
    reasons: Array.isArray(record.reasons)
      ? record.reasons.filter((reason) => typeof reason === "string")
      : [],
    tookUs: numberWithin(record.took_us, 0, 1e12),
    createdAtUs: timeOf(record.ts),
    usage: record.usage ?? null,
    slices: slicesOf(record.slices),
  };
}
