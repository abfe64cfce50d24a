import { type Decision, Reason } from "../router/decision.js";
import { protocolOf } from "./detect-api.js";
import type { RoutableCall } from "./read-call.js";
import type { RoutedFetchOptions } from "./routed-fetch-options.js";
import { needsServerState } from "./server-state.js";

/** Which model a call goes to first, and the decision behind it. */
export interface RoutePlan {
  decision: Decision;
  model: string;
  /** Whether the request leans on what the provider keeps. */
  hasState: boolean;
}

/** Ask the router about a call. Models that this call can't reach by rewriting its `model` are denied to it; one that it names all the
 * same, because none fits, gives way to the caller's own. The caller's own model also answers in mode "observe", and when the router is
 * off or fails. */
export function planRoute(options: RoutedFetchOptions, call: RoutableCall): RoutePlan {
  const hasState = needsServerState(call.api, call.body);
  const isHeld = hasState && options.switchesState !== true;
  const decision = settleDecision(options, call, askRouter(options, call, isHeld), isHeld);
  const isKept = options.mode === "observe" || isUndecided(decision);
  return { decision, model: isKept ? call.model : decision.model, hasState };
}

/** Whether a call can reach a model: its endpoint speaks the call's protocol, or the caller's own endpoint serves it. */
export function canReach(
  { endpoints, models }: RoutedFetchOptions,
  call: RoutableCall,
  model: string,
): boolean {
  const endpoint = endpoints !== undefined && Object.hasOwn(endpoints, model) ? endpoints[model]! : null;
  if (endpoint !== null) return endpoint.protocol === protocolOf(call.api);
  return model === call.model || models === undefined || models.includes(model);
}

/** Whether the router had no say: it is off, has no artifact, or failed. */
export function isUndecided({ reasons: [first = ""] }: Decision): boolean {
  const [code] = first.split(":");
  return code === Reason.disabled || code === Reason.error || code === Reason.artifactUnavailable;
}

function askRouter(options: RoutedFetchOptions, call: RoutableCall, isHeld: boolean): Decision {
  const { api, url, headers, body, routing } = call;
  const seen = { api, url, headers, body };
  const sessionId = routing.sessionId ?? options.sessionOf?.(seen);
  const known = options.router.policy?.models ?? [];
  const unreachable = known.map(({ model }) => model).filter((model) => !canReach(options, call, model));
  return options.router.decide({
    ...body,
    ...(sessionId ? { sessionId } : {}),
    ...(routing.requestId === null ? {} : { requestId: routing.requestId }),
    ...(isHeld ? { allowModels: [call.model] } : {}),
    ...(unreachable.length > 0 ? { denyModels: unreachable } : {}),
    meta: { ...options.metaOf?.(seen), ...routing.meta },
  });
}

function settleDecision(
  options: RoutedFetchOptions,
  call: RoutableCall,
  decision: Decision,
  isHeld: boolean,
): Decision {
  if (isUndecided(decision)) return decision;
  if (isHeld) {
    const reasons = [`${Reason.constraint}:state`, ...decision.reasons];
    return { ...decision, model: call.model, fallbacks: [], explored: false, propensity: 1, reasons };
  }
  const reachable = [decision.model, ...decision.fallbacks].filter((model) => canReach(options, call, model));
  if (reachable[0] === decision.model) return { ...decision, fallbacks: reachable.slice(1) };
  const [model = call.model, ...fallbacks] = reachable;
  return { ...decision, model, fallbacks, reasons: [`${Reason.constraint}:endpoint`, ...decision.reasons] };
}
