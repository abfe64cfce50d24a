import { type ShadowPairRecord, type ShadowSide, ShadowStatus } from "@signalbox/runtime";

/** What judging needs of a line of a response shadow's log. */
export type JudgedRecord = Pick<
  ShadowPairRecord,
  "pair_id" | "request_id" | "session_hash" | "status" | "baseline" | "candidate" | "content_ref" | "content"
>;

/** Read one line of a response shadow's log defensively.
 * @returns why it can't be used, when it can't */
export function readShadowRecord(value: unknown): JudgedRecord | string {
  if (!isObject(value)) return "not an object";
  const { pair_id, request_id, session_hash, status, baseline, candidate, content_ref, content, v } = value;
  if (typeof v === "number" && v > 1) return "a newer version of the record than this toolkit reads";
  if (typeof pair_id !== "string" || pair_id === "") return "no pair_id";
  if (!statuses.has(status)) return "unknown status";
  const base = readSide(baseline);
  if (base === null) return "no baseline with a model";
  const other = candidate === null || candidate === undefined ? null : readSide(candidate);
  if (status === ShadowStatus.paired && other === null) return "paired without a candidate";
  return {
    pair_id,
    request_id: textOr(request_id, pair_id),
    session_hash: typeof session_hash === "string" && session_hash !== "" ? session_hash : null,
    status: status as ShadowStatus,
    baseline: base,
    candidate: other,
    content_ref: typeof content_ref === "string" && content_ref !== "" ? content_ref : null,
    content: readContent(content),
  };
}

/** The texts of a pair, as a log or a file of contents holds them; null when there are none. An answer without a text is null. */
export function readContent(value: unknown): ShadowPairRecord["content"] {
  if (!isObject(value) || typeof value.prompt !== "string") return null;
  const { prompt, system, baseline, candidate } = value;
  const answer = (text: unknown) => (typeof text === "string" ? text : null);
  return {
    prompt,
    system: typeof system === "string" ? system : "",
    baseline: answer(baseline),
    candidate: answer(candidate),
  };
}

const statuses: ReadonlySet<unknown> = new Set(Object.values(ShadowStatus));

function readSide(value: unknown): ShadowSide | null {
  if (!isObject(value) || typeof value.model !== "string" || value.model === "") return null;
  const text = (name: string) => (typeof value[name] === "string" ? (value[name] as string) : null);
  const flag = (name: string) => (typeof value[name] === "boolean" ? (value[name] as boolean) : null);
  const number = (name: string) => (Number.isFinite(value[name]) ? (value[name] as number) : null);
  return {
    model: value.model,
    usage: null,
    latency_ms: number("latency_ms"),
    ttft_ms: number("ttft_ms"),
    finish_reason: text("finish_reason"),
    error: text("error"),
    error_class: text("error_class"),
    is_refusal: flag("is_refusal"),
    is_valid_json: flag("is_valid_json"),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOr(value: unknown, other: string): string {
  return typeof value === "string" && value !== "" ? value : other;
}
