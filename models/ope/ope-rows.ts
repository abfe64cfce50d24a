/** Logged requests as off-policy estimators see them. Arrays are parallel over rows; an action is the number of a model. */
export interface OpeRows {
  /** Model that answered. */
  action: Int32Array;
  /** Chance that it had of being chosen when it was, in (0, 1]. */
  propensity: Float64Array;
  /** What is estimated: quality in [0, 1], or cost in USD. */
  reward: Float64Array;
  /** (actions)(rows): chance with which the target policy chooses each model; sums to 1 over the actions. */
  target: Float64Array[];
  /** Session of each row, numbered. */
  clusters: Int32Array;
}

/** A reward model's word on every action, (actions)(rows), by fits that did not see the row's session. */
export type RewardForecast = Float64Array[];

/** Some of the rows. */
export function selectOpeRows(rows: OpeRows, chosen: Int32Array): OpeRows {
  return {
    action: chosen.map((row) => rows.action[row]!),
    propensity: Float64Array.from(chosen, (row) => rows.propensity[row]!),
    reward: Float64Array.from(chosen, (row) => rows.reward[row]!),
    target: rows.target.map((chances) => Float64Array.from(chosen, (row) => chances[row]!)),
    clusters: chosen.map((row) => rows.clusters[row]!),
  };
}
