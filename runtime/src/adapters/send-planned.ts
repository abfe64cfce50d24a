import type { RoutePlan } from "./plan-route.js";
import type { RoutableCall } from "./read-call.js";
import type { RoutedFetchOptions } from "./routed-fetch-options.js";
import { sendCall } from "./send-call.js";
import { type ChainEnd, tryModels } from "./try-models.js";
import { withTimeLimit } from "./with-time-limit.js";

/** Send a call to the model that was planned, and on to others when it fails. Never rejects. */
export function sendPlanned(
  options: RoutedFetchOptions,
  call: RoutableCall,
  plan: RoutePlan,
): Promise<ChainEnd> {
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
