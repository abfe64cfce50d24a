/** How a cascade treats each attempt of a replay: a cheap model answers first, and what a gate rejects is asked again of a stronger one. The
 * expected cost of an attempt that it takes is usd[first] + gateUsd + escalates * usd[second]. */
export interface CascadePlan {
  /** Places of the two models in the policy. */
  first: number;
  second: number;
  /** Probability that the attempt escalates, by row, in [0, 1]; NaN = the cascade leaves it to the router's model. */
  escalates: Float64Array;
  /** Cost of the gate, USD by row; paid once for every attempt that the cascade takes. */
  gateUsd: Float64Array;
}
