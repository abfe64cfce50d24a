import { elapsedMs } from "./elapsed-ms.js";
import type { RoutePlan } from "./plan-route.js";
import { createAnswerReader, isEventStream } from "./read-answer.js";
import type { RoutableCall } from "./read-call.js";
import { reportCall } from "./report-call.js";
import type { RoutedFetchOptions, RoutedFetchStats } from "./routed-fetch-options.js";
import { stripUsage } from "./strip-usage.js";
import type { ChainEnd } from "./try-models.js";
import { type BodyEnd, type BodyWatcher, canWatch, watchResponse } from "./watch-response.js";

/** A call whose chain of models has ended. */
export interface Delivery {
  call: RoutableCall;
  plan: RoutePlan;
  end: ChainEnd;
  /** Whether usage was asked for on the caller's behalf. */
  stripsUsage: boolean;
}

/** Hand the response on, and report the call once its body has passed or its caller has left.
 * @throws what the call threw, when that is how it ended */
export function deliverResponse(
  options: RoutedFetchOptions,
  stats: RoutedFetchStats,
  delivery: Delivery,
): Response {
  const { call, end } = delivery;
  const { response } = end;
  const passing = watchAnswer(options, stats, delivery);
  if (response === null) {
    passing.report(null);
    throw end.thrown;
  }
  if (end.error !== null || !canWatch(response)) passing.report(null);
  else passing.reportOnAbort(call.signal);
  if (!canWatch(response)) return response;
  try {
    return watchResponse(response, decisionHeaders(delivery), passing);
  } catch {
    passing.report(null);
    return response;
  }
}

/** What happens as an answer passes. */
interface PassingAnswer extends BodyWatcher {
  /** Report the call; only the first time counts. */
  report(bodyEnd: BodyEnd | null): void;
  reportOnAbort(signal: AbortSignal | null): void;
}

function watchAnswer(
  options: RoutedFetchOptions,
  stats: RoutedFetchStats,
  { call, plan, end, stripsUsage }: Delivery,
): PassingAnswer {
  const contentType = end.response?.headers.get("content-type") ?? null;
  const isStream = isEventStream(contentType);
  const keepsText = options.shadow !== undefined && plan.decision.shadow.sampled;
  const reader = end.error === null ? createAnswerReader(call.api, contentType, keepsText) : null;
  let ttftMs: number | null = null;
  let isReported = false;

  const report = (bodyEnd: BodyEnd | null) => {
    if (isReported) return;
    isReported = true;
    call.signal?.removeEventListener("abort", onAbort);
    if (bodyEnd?.how === "done") reader?.end();
    try {
      const answer = reader?.answer ?? null;
      const { isAborted } = reportCall(options, { call, plan, end, answer, bodyEnd, ttftMs });
      if (isAborted) stats.aborted += 1;
      else if (end.error !== null) stats.failed += 1;
    } catch {
      stats.passed.fault += 1;
    }
  };
  const onAbort = () => report({ how: "aborted", error: call.signal?.reason });

  return {
    report,
    reportOnAbort: (signal) => signal?.addEventListener("abort", onAbort, { once: true }),
    transform: (body) =>
      stripsUsage && isStream && reader !== null ? body.pipeThrough(stripUsage(reader.take)) : body,
    onChunk: (chunk) => {
      reader?.take(chunk);
      if (isStream && ttftMs === null && reader?.answer.hasContent) ttftMs = elapsedMs(end.startedAt);
    },
    onEnd: report,
  };
}

function decisionHeaders({ plan: { decision }, end: { model } }: Delivery): Record<string, string> {
  return {
    "x-signalbox-decision": decision.model,
    "x-signalbox-served": model,
    "x-signalbox-reasons": decision.reasons.join(","),
    "x-signalbox-request-id": decision.requestId,
    ...(decision.artifact === null ? {} : { "x-signalbox-artifact": decision.artifact }),
  };
}
