import { normalQuantile } from "../quantiles.js";
import { betSizes } from "./bet-process.js";
import { crossingChance, sequenceStoppingTime } from "./crossing-power.js";

/** What a paired non-inferiority test is planned with. */
export interface PairedDesign {
  /** Loss of quality that is still accepted, in (0, 1). */
  margin: number;
  /** Share of pairs whose two answers differ in quality by 1, in (0, 1]; the variance of D where the models are equally good. */
  discordance: number;
  /** True mean of D that the power is for; 0 = equally good. */
  difference?: number;
  alpha: number;
  power: number;
  /** Variance of a session-clustered mean over that of as many independent pairs, 1 or more. */
  designEffect?: number;
  /** Pairs to be had of one session; bounds the e-process's bets. */
  sessionCap?: number;
}

/** Pairs after which each test certifies with the given power. */
export interface PairedPlan {
  /** One look, at the end: ((z_alpha + z_power) sd / (margin - difference))^2. */
  fixed: number;
  /** Asymptotic confidence sequence, looked at all the time and tightest at the fixed design for equally good models. */
  sequence: number;
  /** E-process of {@link openBetProcess}: its logarithm is about a random walk with drift lambda gap - lambda^2 E[x^2] / 2. */
  eProcess: number;
}

/** Pairs needed to certify that a candidate is not worse than the baseline by the margin or more. Infinite where the true difference is
 * at the margin or beyond.
 * @see Blackwelder 1982 for the fixed design; `npm run bench:shadow` holds the three beside simulated stopping times */
export function planPaired(design: PairedDesign): PairedPlan {
  return {
    fixed: neededPairs.fixed(design),
    sequence: neededPairs.sequence(design),
    eProcess: neededPairs.eProcess(design),
  };
}

const never = Number.POSITIVE_INFINITY;

const neededPairs: Readonly<Record<keyof PairedPlan, (design: PairedDesign) => number>> = {
  fixed: (design) => Math.ceil(fixedPairs(design, design.difference ?? 0)),
  sequence: (design) => {
    const { gap, sigma } = scaleOf(design);
    if (!(gap > 0)) return never;
    const { alpha, power } = design;
    return Math.ceil(sequenceStoppingTime({ gap, sigma, alpha, power, nStar: fixedPairs(design, 0) }));
  },
  eProcess: (design) => {
    const { gap, sigma } = scaleOf(design);
    if (!(gap > 0)) return never;
    const { margin, alpha, power, sessionCap = 1 } = design;
    const second = sigma ** 2 + gap ** 2;
    // the best of the bets decides, at the price of its stake
    const needs = betSizes.map(({ factor, stake }) => {
      const lambda = Math.min((factor * margin) / second, 0.5 / ((1 - margin) * sessionCap));
      const drift = lambda * gap - (lambda ** 2 * second) / 2;
      const walk = { drift, deviation: lambda * sigma, bound: Math.log(1 / (alpha * stake)) };
      return drift > 0 ? leastPairs((n) => crossingChance(n, walk) >= power) : never;
    });
    return Math.min(...needs);
  },
};

function scaleOf({ margin, discordance, difference = 0, designEffect = 1 }: PairedDesign) {
  const variance = (discordance - difference ** 2) * designEffect;
  return { gap: margin - difference, sigma: Math.sqrt(variance) };
}

function fixedPairs(design: PairedDesign, difference: number): number {
  const { gap, sigma } = scaleOf({ ...design, difference });
  const z = normalQuantile(1 - design.alpha) + normalQuantile(design.power);
  return gap > 0 ? ((z * sigma) / gap) ** 2 : never;
}

/** The smallest margin that so many pairs certify by a test with the power; null when not even 0.999. */
export function reachableMargin(
  pairs: number,
  test: keyof PairedPlan,
  design: Omit<PairedDesign, "margin">,
): number | null {
  const suffices = (margin: number) => neededPairs[test]({ ...design, margin }) <= pairs;
  let [low, high] = [Math.max(0, design.difference ?? 0), 0.999];
  if (!suffices(high)) return null;
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Smallest n from which the condition holds, by doubling and bisection; infinite above 1e9. */
function leastPairs(isEnough: (n: number) => boolean): number {
  let high = 1;
  while (!isEnough(high)) {
    high *= 2;
    if (high > 1e9) return Number.POSITIVE_INFINITY;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
