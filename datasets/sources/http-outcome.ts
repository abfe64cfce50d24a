import { classifyError } from "./error-class.js";
import { asNumber } from "./json-access.js";
import type { RequestDraft } from "./source.js";

/** The value as an HTTP status, 100 to 599; null for anything else: gateways write 0, -1 or "" for a call that got no answer. */
export function readHttpStatus(value: unknown): number | null {
  const status = asNumber(value);
  return status !== null && Number.isInteger(status) && status >= 100 && status < 600 ? status : null;
}

/** Outcome of a call that a gateway logged with an HTTP status.
 * @param call.hasFailed the log's own word; null when it has none, then the status decides
 * @param call.isPartial whether a failed call had answered something that was counted
 * @param call.words what the log says of the failure: codes, messages */
export function httpOutcome(call: {
  httpStatus: number | null;
  hasFailed?: boolean | null;
  isPartial?: boolean;
  words?: ReadonlyArray<string | null>;
}): Pick<RequestDraft, "status" | "httpStatus" | "errorClass"> {
  const { httpStatus, hasFailed = null, isPartial = false, words = [] } = call;
  if (httpStatus === 499) return { status: "cancelled", httpStatus, errorClass: null };
  if (!(hasFailed ?? (httpStatus ?? 200) >= 400)) return { status: "ok", httpStatus, errorClass: null };
  return {
    status: isPartial ? "partial" : "error",
    httpStatus,
    errorClass: classifyError(httpStatus, ...words, GATEWAY_TIMEOUTS.has(httpStatus ?? 0) ? "timeout" : null),
  };
}

/** Cloudflare's: no connection, no answer in time. */
const GATEWAY_TIMEOUTS = new Set([522, 524]);
