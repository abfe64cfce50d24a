import { askForUsage } from "./ask-for-usage.js";
import { deliverResponse } from "./deliver-response.js";
import { planRoute, type RoutePlan } from "./plan-route.js";
import { type RoutableCall, readCall } from "./read-call.js";
import type { FetchFunction, RoutedFetchOptions, RoutedFetchStats } from "./routed-fetch-options.js";
import { sendCall } from "./send-call.js";
import { sendPlanned } from "./send-planned.js";

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
    const sent = options.includeUsage === true ? askForUsage(call) : call;
    const end = await sendPlanned(options, sent, plan);
    stats.fallbacks += end.attempts.length - 1;
    return deliverResponse(options, stats, { call, plan, end, stripsUsage: sent !== call });
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
