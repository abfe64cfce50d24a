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
}

/** Read one record of the log.
 * @returns null when it is not a decision */
export function readDecision(value: unknown): LoggedDecision | null {
  if (typeof value !== "object" || value === null) return null;
  const record = value as Record<string, unknown>;
  const decidedModel = text(record.decided_model);
  const requestId = text(record.request_id);
  if (decidedModel === null || requestId === null) return null;
  const time = Date.parse(text(record.ts) ?? "");
  return {
    requestId,
    unit: text(record.session_hash) ?? requestId,
    isSampled: record.shadow_sampled === true,
    artifact: text(record.artifact),
    decidedModel,
    servedModel: text(record.served_model),
    reasons: Array.isArray(record.reasons)
      ? record.reasons.filter((reason) => typeof reason === "string")
      : [],
    tookUs: typeof record.took_us === "number" && record.took_us >= 0 ? record.took_us : null,
    createdAtUs: Number.isFinite(time) ? time * 1000 : null,
    usage: record.usage ?? null,
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
