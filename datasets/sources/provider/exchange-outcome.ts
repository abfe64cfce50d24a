import { classifyError } from "../error-class.js";
import { finishReason as commonFinishReason } from "../finish-reason.js";
import { toJson } from "../json-access.js";
import type { RequestDraft } from "../source.js";
import type { Envelope } from "./envelope.js";
import type { StreamedAnswer } from "./merge-stream.js";

/** How the call went: ok, error, cancelled, or partial for a stream that broke off. */
export function outcomeOf(
  envelope: Envelope,
  answer: StreamedAnswer & { isStream: boolean },
): Pick<RequestDraft, "status" | "httpStatus" | "errorClass" | "finishReason"> {
  const httpStatus = envelope.httpStatus;
  const finishReason = commonFinishReason(answer.finishReason);
  const failure = answer.error ?? envelope.error;
  const isRefused = (httpStatus ?? 200) >= 400;
  if (httpStatus === 499 || /cancell?ed|client (closed|disconnect)|abort/i.test(envelope.error ?? "")) {
    return { status: "cancelled", httpStatus, errorClass: null, finishReason };
  }
  if (failure !== null || isRefused) {
    const text =
      failure ?? (typeof envelope.response === "string" ? envelope.response : toJson(envelope.response));
    const status = answer.isStream && answer.text !== null && !isRefused ? "partial" : "error";
    return { status, httpStatus, errorClass: classifyError(httpStatus, text), finishReason };
  }
  return { status: answer.isComplete ? "ok" : "partial", httpStatus, errorClass: null, finishReason };
}
