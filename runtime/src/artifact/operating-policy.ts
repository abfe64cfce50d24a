/** Parts of policy.json that an operator sets, beside what training found out. All are optional: absent = off. Format 1.3. */
export interface OperatingPolicy {
  /** In order; the first whose `when` holds for a request applies. */
  rules?: PolicyRule[];
  /** Certified settings of the dial, from loose to strict. `retention_target` is the one in force unless the caller names another. */
  dial?: DialPoint[];
  /** A model of a request may not be expected to cost more, USD; null = no cap. */
  max_cost_usd?: number | null;
  /** Least confidence in a cheaper model, whatever its threshold; below it the strong model answers. */
  min_confidence?: number;
  /** What leaving a session's model costs. Absent = a session never drops to a cheaper model. */
  switching?: SwitchingPolicy;
  /** Models that may be called, and that may not; the lists of a request come on top. */
  allow_models?: string[];
  deny_models?: string[];
  /** Share of requests on which a feasible model is drawn at random, so that the log supports off-policy evaluation. */
  exploration?: { epsilon: number; salt: string };
  /** Share of sessions that follow the router; the others get the default model (reason `ramp:control`). Absent = all. */
  ramp?: { share: number; salt: string };
  /** What to try after which error; `defaultFallbacks` where absent. */
  fallbacks?: Partial<Record<ErrorClass, FallbackRule>>;
}

/** A certified setting of the dial. */
export interface DialPoint {
  /** Retention that is promised, such as 0.98. */
  retention: number;
  /** Least sufficiency at which each candidate may answer; null = not certified at this retention. */
  min_sufficiency: Record<string, number | null>;
  /** Lower confidence bound of the retention on held-out rows; null when nothing is certified. */
  retention_low: number | null;
}

/** A rule of the user's: when it holds, what it does. */
export interface PolicyRule {
  /** Unique; the decision's reason is `rule:ID`. */
  id: string;
  when: RuleCondition;
  then: RuleAction;
}

/** All stated conditions must hold; a list holds when any of its values does. */
export interface RuleCondition {
  app?: string | string[];
  endpoint?: string | string[];
  tag?: string | string[];
  /** Other facts of the request's `meta`, compared as text. */
  meta?: Record<string, string | string[]>;
  /** UTF-16 units of the last user turn. */
  min_chars?: number;
  max_chars?: number;
  /** Regular expression that the last user turn must match somewhere; its first 2,000 characters are looked at. */
  text_matches?: string;
  has_tools?: boolean;
  has_images?: boolean;
}

/** What a rule does; hard constraints go before it. */
export type RuleAction =
  /** Take this model. */
  | { model: string }
  /** Take a model that is at least as dear as this one. */
  | { at_least: string }
  /** Leave these models out. */
  | { exclude: string[] };

/** The price of leaving a session's model: its prompt cache is lost. */
export interface SwitchingPolicy {
  /** Drop to a cheaper model when the turn is expected to cost less there, even without the cached prefix. */
  drops: "when_cheaper" | "never";
  /** Shortest prefix that providers cache, tokens. */
  min_prefix_tokens: number;
  /** How long a cached prefix lives after a turn, seconds. */
  cache_ttl_s: number;
}

/** Kinds of failure that a call can end in. */
export const ErrorClass = {
  rateLimited: "rate_limited",
  overloaded: "overloaded",
  timeout: "timeout",
  network: "network",
  contextLength: "context_length",
  contentFilter: "content_filter",
  badRequest: "bad_request",
  auth: "auth",
  unknown: "unknown",
} as const;
export type ErrorClass = (typeof ErrorClass)[keyof typeof ErrorClass];

/** Where to go after a failure: no other model, dearer ones only, those with a larger context window, other providers first, or the
 * decision's fallbacks as they stand. */
export type FallbackRule = "none" | "dearer" | "larger_context" | "other_provider" | "next";
