import type { ReadRequest } from "@signalbox/runtime";
import { createRandom } from "../../datasets/random.js";
import type { Estimate } from "../../datasets/results.js";
import { clusteredShare } from "../statistics/clustered-share.js";
import type { Confounder } from "./confounders.js";

/** Place of the chosen model among the policy's, 0 = cheapest. */
export type Decide = (read: ReadRequest) => number;

/** A request that the gate changes, with the session or group that it shares with others. */
export interface GateRequest {
  read: ReadRequest;
  cluster: number;
}

/** How often a confounder changes the decision, for its worst variant. */
export interface FlipRate {
  /** Share of the requests that weren't on the cheapest model yet, and now are on a cheaper one: the harm. */
  toCheaper: Estimate | null;
  /** Share of the requests that weren't on the dearest model yet, and now are on a dearer one: the cost. */
  toDearer: Estimate | null;
}

/** Change every request by every variant and decide again. The variant that harms most requests counts, of equals
 * the one that costs most: who wants a cheap answer tries several wordings and keeps the best. Requests that a variant leaves as they are don't count.
 * @param dearest place of the dearest model
 * @param seed of the variants that change letters at random */
export function flipRate(
  requests: readonly GateRequest[],
  { variants }: Confounder,
  { decide, dearest, seed }: { decide: Decide; dearest: number; seed: number },
): FlipRate {
  const before = requests.map(({ read }) => decide(read));
  const rates = variants.map((variant) => {
    const random = createRandom(seed);
    const cheaper: Hit[] = [];
    const dearer: Hit[] = [];
    requests.forEach(({ read, cluster }, i) => {
      const userText = variant(read.userText, random);
      if (userText === read.userText) return;
      const now = decide({ ...read, userText });
      if (before[i]! > 0) cheaper.push({ isHit: now < before[i]!, cluster });
      if (before[i]! < dearest) dearer.push({ isHit: now > before[i]!, cluster });
    });
    return { toCheaper: shareOf(cheaper), toDearer: shareOf(dearer) };
  });
  return rates.reduce((worst, rate) =>
    (hitsOf(rate.toCheaper) - hitsOf(worst.toCheaper) || hitsOf(rate.toDearer) - hitsOf(worst.toDearer)) > 0
      ? rate
      : worst,
  );
}

interface Hit {
  isHit: boolean;
  cluster: number;
}

/** Requests that moved; -1 when none could. */
function hitsOf(share: Estimate | null): number {
  return share === null ? -1 : share.value * share.n;
}

function shareOf(hits: readonly Hit[]): Estimate | null {
  return clusteredShare(
    hits.map(({ isHit }) => Number(isHit)),
    hits.map(({ cluster }) => cluster),
    "measured by deciding again",
  );
}
