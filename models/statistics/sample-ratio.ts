import { incompleteBeta } from "./beta.js";

/** Two-sided exact binomial test that units were sampled at the designed rate (sample ratio mismatch). The p-value is twice
 * the smaller tail, at most 1.
 * @param sampled units in the sample
 * @param units all units
 * @param rate designed share, inside (0, 1)
 * @see Fabijan et al. 2019, Diagnosing Sample Ratio Mismatch in Online Controlled Experiments */
export function sampleRatioPValue(sampled: number, units: number, rate: number): number {
  if (units === 0) return 1;
  const atMost = sampled >= units ? 1 : 1 - incompleteBeta(rate, sampled + 1, units - sampled);
  const atLeast = sampled === 0 ? 1 : incompleteBeta(rate, sampled, units - sampled + 1);
  return Math.min(1, 2 * Math.min(atMost, atLeast));
}
