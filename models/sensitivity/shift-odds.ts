/** Mean of probabilities whose odds are all multiplied by the same factor: what they come to when a calibration is wrong by
 * ln(factor) on the logit scale.
 * @param probabilities in [0, 1]
 * @returns NaN without any */
export function meanAtOdds(probabilities: Float64Array, factor: number): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i]!;
    sum += (p * factor) / (1 - p + p * factor);
  }
  return sum / probabilities.length;
}

/** The shift of all logits at which the mean of probabilities comes to a wanted value. The mean grows with the shift, so a
 * bracketing method finds it in about ten passes over the rows.
 * @param wanted mean, in [0, 1]
 * @returns shift in (-20, 20); null when no shift in that range reaches the mean
 * @see Dowell and Jarratt 1971, A modified regula falsi method (Illinois) */
export function shiftToMean(probabilities: Float64Array, wanted: number): number | null {
  const gap = (shift: number) => meanAtOdds(probabilities, Math.exp(shift)) - wanted;
  let [low, high] = [-20, 20];
  let [below, above] = [gap(low), gap(high)];
  if (!(below < 0 && above > 0)) return null;
  let side = 0;
  for (let step = 0; step < 60 && high - low > 1e-9; step++) {
    const middle = low + ((high - low) * -below) / (above - below);
    const found = gap(middle);
    if (Math.abs(found) < 1e-12) return middle;
    if (found < 0) {
      [low, below] = [middle, found];
      if (side === -1) above /= 2;
      side = -1;
    } else {
      [high, above] = [middle, found];
      if (side === 1) below /= 2;
      side = 1;
    }
  }
  return (low + high) / 2;
}
