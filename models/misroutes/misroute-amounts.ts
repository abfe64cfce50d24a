/** What is known of one attempt: who answered it, and what any model would have made of it. */
export interface MisrouteInput {
  /** Place of the model that answered among the models, ascending in cost. */
  served: number;
  /** Probability, or 0 / 1 when measured, that the cheapest sufficient model is this one or one before it. The last value is below 1 only
   * where no model may be sufficient. */
  cumulative: ArrayLike<number>;
  /** USD on each model; the served one's is the bill. */
  usd: ArrayLike<number>;
}

/** Amounts of one attempt, in the order of {@link misrouteAmounts}. */
export const MisrouteAmount = {
  overkill: 0,
  underpowered: 1,
  overpaidUsd: 2,
  atRiskUsd: 3,
  repairUsd: 4,
  noneSufficient: 5,
} as const;

/** How many amounts there are. */
export const misrouteAmountCount = Object.keys(MisrouteAmount).length;

/** Hold an attempt against m*, the cheapest sufficient model. With F(m) = P(m* <= m) and s the served model: overkill F(s - 1),
 * underpowered F(last) - F(s), none sufficient 1 - F(last), the rest is right-sized; overpaid is the expected bill above m*'s
 * cost, at risk the expected bill for an insufficient answer, repair the expected cost of m* above the bill. All are linear in F,
 * so an unbiased F gives unbiased sums, and probabilities need not be cut into classes, which would count every near miss.
 * @param out receives the amounts */
export function misrouteAmounts({ served, cumulative, usd }: MisrouteInput, out: Float64Array): void {
  const last = cumulative.length - 1;
  const billed = usd[served]!;
  let [overpaid, repair] = [0, 0];
  for (let model = 0; model <= last; model++) {
    const isCheapest = cumulative[model]! - (model > 0 ? cumulative[model - 1]! : 0);
    if (model < served) overpaid += isCheapest * (billed - usd[model]!);
    else if (model > served) repair += isCheapest * (usd[model]! - billed);
  }
  out[MisrouteAmount.overkill] = served > 0 ? cumulative[served - 1]! : 0;
  out[MisrouteAmount.underpowered] = cumulative[last]! - cumulative[served]!;
  out[MisrouteAmount.noneSufficient] = 1 - cumulative[last]!;
  out[MisrouteAmount.overpaidUsd] = overpaid;
  out[MisrouteAmount.atRiskUsd] = (1 - cumulative[served]!) * billed;
  out[MisrouteAmount.repairUsd] = repair;
}
