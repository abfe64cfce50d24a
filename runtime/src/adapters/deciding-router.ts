import type { CallResult } from "../log/decision-record.js";
import type { RouteRequest } from "../request/request.js";
import type { Decision } from "../router/decision.js";

/** The part of a router that a host needs; `Router` is one. */
export interface DecidingRouter {
  decide(request: RouteRequest): Decision;
  record(decision: Decision, result?: CallResult): void;
}

/** A router that a host asks where to go after a failure. */
export interface FallbackRouter extends DecidingRouter {
  fallbacksAfter(decision: Decision, errorClass: string, tried?: readonly string[]): string[];
}
