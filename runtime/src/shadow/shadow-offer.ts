import type { Answer } from "../adapters/answer.js";
import type { Api } from "../adapters/detect-api.js";
import type { AttemptRecord } from "../log/decision-record.js";
import type { Fields } from "../request/request-fields.js";
import type { Decision } from "../router/decision.js";

/** What the user was served. */
export interface ServedAnswer {
  /** Model that was called, by the caller's name for it. */
  model: string;
  /** Null when no model answered. */
  answer: Answer | null;
  latencyMs: number;
  ttftMs: number | null;
  /** Code and class of what went wrong; null when nothing did. */
  error: string | null;
  errorClass: string | null;
  /** Whether the caller gave up. */
  isAborted: boolean;
  /** Every call of the request, in order. */
  attempts: readonly AttemptRecord[];
}

/** A call of the other model that a shadow wants made. */
export interface ShadowCall {
  api: Api;
  model: string;
  /** The body to send: the caller's with the other model, not streamed. */
  body: Fields;
  signal: AbortSignal;
}

/** A request that was served, offered to a response shadow. */
export interface ShadowOffer {
  decision: Decision;
  api: Api;
  /** As the caller sent it. */
  body: Fields;
  mode: "serve" | "observe";
  /** Whether the request leans on what the provider keeps. */
  hasState: boolean;
  served: ServedAnswer;
  /** Whether this call can reach a model. */
  canReach(model: string): boolean;
  /** Make the call, where the shadow has no function of its own for it. */
  send(call: ShadowCall): Promise<Response>;
}
