/** What the router says about one request. Plain data: it can be logged, sent and compared. */
export interface Decision {
  /** The request's id, or one made up for it. */
  requestId: string;
  /** Salted hash of the session id; null without a session. */
  sessionHash: string | null;
  /** Model to call. */
  model: string;
  /** Models to try, in order, when that one fails. */
  fallbacks: string[];
  /** Difficulty: 0 trivial, 1 standard, 2 complex; null when the model has no such head or did not run. */
  tier: 0 | 1 | 2 | null;
  /** Whether errors on this request are expensive; null when unknown. */
  stakes: boolean | null;
  /** Probability that the choice is right in its own terms: the sufficiency of a cheaper model that was chosen, or the
   * probability that no cheaper one suffices; 0 when the router did not decide. */
  confidence: number;
  /** Whether something other than the sufficiency threshold sent the request to a dearer model. */
  escalated: boolean;
  /** Whether a verification pass is advised: errors on this request are expensive. */
  verify: boolean;
  /** Id of the user's rule that applied; null = none did. */
  rule: string | null;
  /** Whether the session follows the router, or is kept back by the ramp. */
  arm: "router" | "control";
  /** Whether the model was drawn at random, and the chance that this model had of being chosen for this request: 1 without exploration. */
  explored: boolean;
  propensity: number;
  /** What the call is expected to cost: input by its length, output by the model's median; null when a price is unknown. */
  expectedCostUsd: number | null;
  /** Stable codes, most decisive first; see `Reason`. */
  reasons: string[];
  /** P(this model's answer is not worse than the strong model's), per model that has a head. */
  sufficiency: Record<string, number>;
  /** Need of the strong model, in [0, 1]: one minus the sufficiency of `scoreModel`; null when the model did not run. */
  score: number | null;
  /** Least sufficiency at which the model that `score` speaks of may answer; null = never. */
  threshold: number | null;
  /** Distance from the traffic that the model was trained on: 1 = the limit, beyond which the strong model answers; null when
   * the model did not run or the artifact has no such score. */
  ood: number | null;
  /** The model's probabilities in head order; empty when it did not run. */
  probabilities: number[];
  /** The request's segment and the least score at which it is served from the cache, null = never; `minSimilarity` is the same where
   * the score is the cosine, else null. */
  cache: { segment: string; minSimilarity: number | null; minScore: number | null };
  shadow: { sampled: boolean; bucket: number };
  /** Facts of the request's `meta` that results are split by: app, plan, locale and endpoint where given. */
  slices: Record<string, string>;
  /** Artifact id; null when no artifact could be loaded. */
  artifact: string | null;
  /** Microseconds that the decision took. */
  tookUs: number;
}

/** Why a model was chosen. Codes are stable; those with a colon carry a detail. */
export const Reason = {
  /** The cheapest model whose sufficiency clears its certified threshold. */
  sufficient: "sufficient",
  /** No cheaper model clears its threshold. */
  insufficient: "insufficient",
  /** No cheaper model has a certified threshold. */
  notCertified: "not_certified",
  stakes: "stakes",
  /** There is no user text to judge. */
  noText: "no_text",
  /** `out_of_distribution:FEATURE`, `:novel_text` (n-grams rare in training), `:unusual_shape` (features far from their
   * means), `:disguised_text` (invisible or look-alike characters) */
  outOfDistribution: "out_of_distribution",
  /** `constraint:tools`, `:vision`, `:json`, `:context`, `:region`, `:denied`, `:cost`: a cheaper model was passed over; `:none_fits`: every model was. */
  constraint: "constraint",
  /** A short follow-up takes its session's model. */
  sessionInherited: "session:inherited",
  /** The session's model is dearer than this turn needs, and stays. */
  sessionKept: "session:kept",
  /** The turn needs more than its session's model. */
  sessionEscalated: "session:escalated",
  /** A short follow-up of a session that the router doesn't know. */
  followUp: "follow_up_without_session",
  /** The turn goes to a cheaper model than its session's, which pays for the lost prompt cache. */
  sessionDropped: "session:dropped",
  /** `rule:ID`: a rule of the user's decided or narrowed the choice. */
  rule: "rule",
  /** `rule_passed_over:ID`: a rule held, but no model that it asks for may answer; the normal choice went on without it. */
  rulePassedOver: "rule_passed_over",
  /** A cheaper model clears its threshold, but not the least confidence that the policy demands. */
  lowConfidence: "low_confidence",
  /** No feasible model is expected to cost as little as the cap; the cheapest one answers. */
  overBudget: "over_budget",
  /** The model was drawn at random. */
  explored: "explored",
  /** The session is kept back by the ramp and gets the default model. */
  rampControl: "ramp:control",
  /** `disabled:env`, `disabled:call`, `disabled:file`, `disabled:policy` */
  disabled: "disabled",
  /** `error:STAGE` */
  error: "error",
  artifactUnavailable: "artifact_unavailable",
} as const;
