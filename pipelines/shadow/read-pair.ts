import { ShadowStatus } from "@signalbox/runtime";
import { numberWithin, recordOf, slicesOf, textOf, timeOf } from "./read-fields.js";

/** What the analysis needs of one side of a pair; whatever the line doesn't say is null. */
export interface PairSide {
  model: string;
  usage: unknown;
  latencyMs: number | null;
  isFailed: boolean;
  isRefusal: boolean | null;
  isValidJson: boolean | null;
}

/** What the analysis needs of one line of the shadow log. */
export interface LoggedPair {
  pairId: string;
  requestId: string;
  /** Session where there is one, else the request. */
  session: string;
  /** Microseconds since 1970, UTC. */
  at: number;
  bucket: number | null;
  rate: number | null;
  artifact: string | null;
  status: ShadowStatus;
  baseline: PairSide;
  candidate: PairSide | null;
  slices: Record<string, string>;
  /** Fields that held nonsense and count as unknown. */
  flaws: string[];
}

/** Read one record of the shadow log.
 * @returns why it is no pair, where it is none */
export function readPair(value: unknown): LoggedPair | { reason: string } {
  const record = recordOf(value);
  if (record === null) return { reason: "not_an_object" };
  const [pairId, requestId] = [textOf(record.pair_id), textOf(record.request_id)];
  if (pairId === null) return { reason: "bad_pair_id" };
  if (requestId === null) return { reason: "bad_request_id" };
  const at = timeOf(record.ts);
  if (at === null) return { reason: "bad_ts" };
  if (!statuses.has(record.status as string)) return { reason: "bad_status" };
  const status = record.status as ShadowStatus;
  const flaws: string[] = [];
  const baseline = sideOf(record.baseline, "baseline", flaws);
  if (baseline === null) return { reason: "bad_baseline" };
  const candidate = sideOf(record.candidate ?? null, "candidate", flaws);
  if (status === ShadowStatus.paired && candidate === null) return { reason: "bad_candidate" };
  const session = textOf(record.session_hash);
  const known = <T>(name: string, given: unknown, read: T | null): T | null => {
    if (read === null && given !== null && given !== undefined) flaws.push(`bad_${name}`);
    return read;
  };
  return {
    pairId,
    requestId,
    session: known("session_hash", record.session_hash, session) ?? `request ${requestId}`,
    at,
    bucket: known("bucket", record.bucket, numberWithin(record.bucket, 0, 1)),
    rate: known("rate", record.rate, numberWithin(record.rate, Number.MIN_VALUE, 1)),
    artifact: known("artifact", record.artifact, textOf(record.artifact)),
    status,
    baseline: { ...baseline, isFailed: baseline.isFailed || status === ShadowStatus.baselineFailed },
    candidate,
    slices: slicesOf(record.slices),
    flaws,
  };
}

const statuses: ReadonlySet<string> = new Set(Object.values(ShadowStatus));

function sideOf(value: unknown, name: string, flaws: string[]): PairSide | null {
  const record = recordOf(value);
  const model = textOf(record?.model);
  if (record === null || model === null) return null;
  const latencyMs = numberWithin(record.latency_ms, 0, 864e5);
  if (latencyMs === null && record.latency_ms !== null && record.latency_ms !== undefined)
    flaws.push(`bad_${name}.latency_ms`);
  return {
    model,
    usage: record.usage ?? null,
    latencyMs,
    isFailed: textOf(record.error) !== null || textOf(record.error_class) !== null,
    isRefusal: typeof record.is_refusal === "boolean" ? record.is_refusal : null,
    isValidJson: typeof record.is_valid_json === "boolean" ? record.is_valid_json : null,
  };
}
