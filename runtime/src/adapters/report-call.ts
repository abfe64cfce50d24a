import type { ErrorClass } from "../artifact/operating-policy.js";
import { classifyError } from "../router/classify-error.js";
import type { ServedAnswer } from "../shadow/shadow-offer.js";
import type { Answer } from "./answer.js";
import { elapsedMs } from "./elapsed-ms.js";
import type { RoutePlan } from "./plan-route.js";
import { canReach } from "./plan-route.js";
import type { RoutableCall } from "./read-call.js";
import type { RoutedFetchOptions } from "./routed-fetch-options.js";
import { sendCall } from "./send-call.js";
import type { ChainEnd } from "./try-models.js";
import type { BodyEnd } from "./watch-response.js";

/** A call that is over, and how. */
export interface EndedCall {
  call: RoutableCall;
  plan: RoutePlan;
  end: ChainEnd;
  /** What was read of the answer; null when no model answered. */
  answer: Answer | null;
  /** How the answer's body ended; null when there was none. */
  bodyEnd: BodyEnd | null;
  ttftMs: number | null;
}

/** Log a call that is over, and offer it to the shadow.
 * @returns what the user was served */
export function reportCall(options: RoutedFetchOptions, ended: EndedCall): ServedAnswer {
  const { call, plan, end, answer } = ended;
  const served = servedBy(ended);
  const { error, errorClass, latencyMs, ttftMs, attempts } = served;
  options.router.record(plan.decision, {
    usage: answer?.usage,
    latencyMs,
    ttftMs,
    finishReason: answer?.finishReason,
    servedModel: answer === null ? null : (answer.model ?? end.model),
    error,
    errorClass,
    attempts: attempts.length > 1 ? attempts : [],
    retry: call.routing.retry,
  });
  options.shadow?.offer({
    decision: plan.decision,
    api: call.api,
    body: call.body,
    mode: options.mode ?? "serve",
    hasState: plan.hasState,
    served,
    canReach: (model) => canReach(options, call, model),
    send: ({ model, body, signal }) =>
      sendCall(options, call, { model, text: JSON.stringify(body), signal, attempt: null }),
  });
  return served;
}

function servedBy({ call, end, answer, bodyEnd, ttftMs }: EndedCall): ServedAnswer {
  const latencyMs = elapsedMs(end.startedAt);
  const isAborted = end.isAborted || (bodyEnd !== null && hasLeft(call, bodyEnd));
  const failure = isAborted ? abortOf(call) : failureOf(end, answer, bodyEnd);
  const before = end.attempts.slice(0, -1);
  const last = end.attempts.at(-1)!;
  const attempts =
    end.error === null
      ? [...before, { ...last, error_class: failure.errorClass, latency_ms: latencyMs }]
      : end.attempts;
  return { model: end.model, answer, latencyMs, ttftMs, ...failure, isAborted, attempts };
}

type Failure = Pick<ServedAnswer, "error" | "errorClass">;

function hasLeft({ signal }: RoutableCall, { how }: BodyEnd): boolean {
  return how === "aborted" || (how === "failed" && signal?.aborted === true);
}

/** A caller that leaves is no failure of the model, unless its own time limit made it leave. */
function abortOf({ signal }: RoutableCall): Failure {
  const { name } = (signal?.reason ?? {}) as { name?: unknown };
  const errorClass: ErrorClass | null = name === "TimeoutError" ? "timeout" : null;
  return { error: "aborted", errorClass };
}

function failureOf(end: ChainEnd, answer: Answer | null, bodyEnd: BodyEnd | null): Failure {
  if (end.error !== null) return { error: end.error, errorClass: end.errorClass };
  if (bodyEnd?.how === "failed") {
    return { error: answer?.error ?? "broken_off", errorClass: classifyError(bodyEnd.error) };
  }
  const error = answer?.error ?? null;
  const errorClass = answer?.errorClass ?? (error === "incomplete_stream" ? "network" : "unknown");
  return { error, errorClass: error === null ? null : errorClass };
}
