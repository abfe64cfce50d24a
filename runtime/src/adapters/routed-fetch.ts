import { elapsedMs } from "./elapsed-ms.js";
import { planRoute, type RoutePlan } from "./plan-route.js";
import { createAnswerReader, isEventStream } from "./read-answer.js";
import { type RoutableCall, readCall } from "./read-call.js";
import { reportCall } from "./report-call.js";
import { rewriteField } from "./rewrite-body.js";
import type { FetchFunction, RoutedFetchOptions, RoutedFetchStats } from "./routed-fetch-options.js";
import { sendCall } from "./send-call.js";
import { stripUsage } from "./strip-usage.js";
import { type ChainEnd, tryModels } from "./try-models.js";
import { type BodyEnd, canWatch, watchResponse } from "./watch-response.js";
import { withTimeLimit } from "./with-time-limit.js";

/** A function to give to an SDK as its `fetch`. */
export interface RoutedFetch extends FetchFunction {
  stats(): RoutedFetchStats;
}

/** Make a `fetch` that sends each chat completion, response and Anthropic message to the model that a router chooses, by rewriting
 * `model` and nothing else, and that logs what came of it. Every other call, and what can't be read, goes through as it is. Neither the
 * router nor the log can make a call fail: then the caller's own request goes out.
 * @throws {RangeError} for limits that aren't numbers in their range */
export function createRoutedFetch(options: RoutedFetchOptions): RoutedFetch {
  checkOptions(options);
  const stats: RoutedFetchStats = {
    routed: 0,
    switched: 0,
    fallbacks: 0,
    failed: 0,
    aborted: 0,
    passed: { other_call: 0, opted_out: 0, unreadable_body: 0, fault: 0 },
  };

  const routedFetch: FetchFunction = async (input, init) => {
    const call = await readCall(input, init).catch(() => ({ passes: "fault", input, init }) as const);
    if ("passes" in call) {
      stats.passed[call.passes] += 1;
      return passThrough(options, call.input, call.init);
    }
    const plan = planOrNull(options, call);
    if (plan === null) {
      stats.passed.fault += 1;
      return sendCall(options, call, { model: call.model, attempt: 0 });
    }
    stats.routed += 1;
    if (plan.model !== call.model) stats.switched += 1;
    const sent = asksForUsage(options, call) ? withUsage(call) : call;
    const end = await sendPlanned(options, sent, plan);
    stats.fallbacks += end.attempts.length - 1;
    return deliver(options, stats, { call, plan, end, stripsUsage: sent !== call });
  };

  return Object.assign(routedFetch, { stats: () => ({ ...stats, passed: { ...stats.passed } }) });
}

function checkOptions({ maxAttempts = 1, attemptTimeoutMs = 1, mode = "serve" }: RoutedFetchOptions): void {
  if (!(maxAttempts >= 1))
    throw new RangeError(`createRoutedFetch: maxAttempts is ${maxAttempts}; give 1 or more`);
  if (!(attemptTimeoutMs > 0)) {
    throw new RangeError(
      `createRoutedFetch: attemptTimeoutMs is ${attemptTimeoutMs}; give milliseconds above 0`,
    );
  }
  if (mode !== "serve" && mode !== "observe") {
    throw new RangeError(`createRoutedFetch: mode is ${mode}; give "serve" or "observe"`);
  }
}

function passThrough(
  { fetch = globalThis.fetch }: RoutedFetchOptions,
  input: string | URL | Request,
  init?: RequestInit,
) {
  return fetch(input, init);
}

function planOrNull(options: RoutedFetchOptions, call: RoutableCall): RoutePlan | null {
  try {
    return planRoute(options, call);
  } catch {
    return null;
  }
}

/** Providers refuse `stream_options` without a stream; a caller that gives its own has decided. */
function asksForUsage({ includeUsage }: RoutedFetchOptions, { api, body }: RoutableCall): boolean {
  return includeUsage === true && api === "chat" && body.stream === true && body.stream_options === undefined;
}

function withUsage(call: RoutableCall): RoutableCall {
  const text = rewriteField(call.text, "stream_options", { include_usage: true });
  return { ...call, text, rawBody: text };
}

function sendPlanned(options: RoutedFetchOptions, call: RoutableCall, plan: RoutePlan): Promise<ChainEnd> {
  const { router, maxAttempts = 2, attemptTimeoutMs } = options;
  return tryModels({
    first: plan.model,
    lastResort: call.model,
    maxAttempts: options.mode === "observe" ? 1 : maxAttempts,
    signal: call.signal,
    send: (model, attempt) => {
      const send = (signal: AbortSignal | null) => sendCall(options, call, { model, signal, attempt });
      const isLimited = attemptTimeoutMs !== undefined && model !== call.model;
      return isLimited ? withTimeLimit(send, attemptTimeoutMs, call.signal) : send(call.signal);
    },
    nextAfter: (errorClass, tried) => {
      try {
        return router.fallbacksAfter(plan.decision, errorClass, tried);
      } catch {
        return [];
      }
    },
  });
}

interface Delivery {
  call: RoutableCall;
  plan: RoutePlan;
  end: ChainEnd;
  stripsUsage: boolean;
}

/** Hand the response on, and report the call when its body has passed. */
function deliver(options: RoutedFetchOptions, stats: RoutedFetchStats, delivery: Delivery): Response {
  const { call, plan, end, stripsUsage } = delivery;
  const { response } = end;
  const reader =
    end.error === null && response !== null
      ? createAnswerReader(call.api, response.headers.get("content-type"), keepsText(options, plan))
      : null;
  let ttftMs: number | null = null;
  let isReported = false;
  const report = (bodyEnd: BodyEnd | null) => {
    if (isReported) return;
    isReported = true;
    call.signal?.removeEventListener("abort", onAbort);
    if (bodyEnd?.how === "done") reader?.end();
    try {
      const served = reportCall(options, {
        call,
        plan,
        end,
        answer: reader?.answer ?? null,
        bodyEnd,
        ttftMs,
      });
      if (served.isAborted) stats.aborted += 1;
      else if (end.error !== null) stats.failed += 1;
    } catch {
      stats.passed.fault += 1;
    }
  };
  const onAbort = () => report({ how: "aborted", error: call.signal?.reason });
  if (response === null) {
    report(null);
    throw end.thrown;
  }
  if (reader === null || !canWatch(response)) report(null);
  else call.signal?.addEventListener("abort", onAbort, { once: true });
  if (!canWatch(response)) return response;
  const isStream = isEventStream(response.headers.get("content-type"));
  return watchResponse(response, decisionHeaders(plan, end), {
    ...(stripsUsage && isStream
      ? { transform: (body) => body.pipeThrough(stripUsage((bytes) => reader?.take(bytes))) }
      : {}),
    onChunk: (chunk) => {
      reader?.take(chunk);
      if (isStream && ttftMs === null && reader?.answer.hasContent) ttftMs = elapsedMs(end.startedAt);
    },
    onEnd: report,
  });
}

function keepsText({ shadow }: RoutedFetchOptions, { decision }: RoutePlan): boolean {
  return shadow !== undefined && decision.shadow.sampled;
}

function decisionHeaders({ decision }: RoutePlan, { model }: ChainEnd): Record<string, string> {
  return {
    "x-signalbox-decision": decision.model,
    "x-signalbox-served": model,
    "x-signalbox-reasons": decision.reasons.join(","),
    "x-signalbox-request-id": decision.requestId,
    ...(decision.artifact === null ? {} : { "x-signalbox-artifact": decision.artifact }),
  };
}
