import type { UserReliability } from "../../datasets/reliability-result.js";
import type { Estimate } from "../../datasets/results.js";
import { sessionGroups } from "../../models/reliability/session-groups.js";
import { clusterQuantiles } from "../../models/statistics/cluster-quantile.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import type { Estimator, FigurePart } from "./figure-part.js";
import type { Gathering } from "./gather-sums.js";

const known = "attempts without a known price are left out";
const order = "95 % interval from order statistics, clustered by session (Woodruff)";

/** What users saw, whatever it took: success, attempts, money and time by logical request. */
export function userView(
  gathering: Gathering,
  totals: readonly number[],
  { share, amount }: Estimator,
): FigurePart<UserReliability | null> {
  const { layout } = gathering;
  const requests = totals[layout.requests]!;
  return {
    figures: (sums) => [
      sums[layout.succeeded]! / sums[layout.requests]!,
      sums[layout.firstSucceeded]! / sums[layout.requests]!,
      sums[layout.tries]! / sums[layout.requests]!,
      sums[layout.fellBack]! / sums[layout.requests]!,
      sums[layout.usd]! / sums[layout.priced]!,
      sums[layout.usdOfPriced]! / sums[layout.succeededPriced]!,
      sums[layout.wastedUsd]!,
      sums[layout.withinSlo]! / sums[layout.timed]!,
    ],
    say: (next) => {
      const [success, first, tries, fellBack, perAttempt, perSuccess, wasted, withinSlo] = Array.from(
        { length: 8 },
        next,
      ) as [Interval, Interval, Interval, Interval, Interval, Interval, Interval, Interval];
      if (requests === 0) return null;
      const timed = totals[layout.timed]!;
      const of = (how: string) => `measured: ${how} of logical requests`;
      return {
        requests,
        attempts: totals[layout.tries]!,
        success: share(success, of("answered share"), requests),
        first_success: share(first, of("share answered at first"), requests),
        attempts_per_request: amount(tries, "measured: logged attempts per logical request", requests)!,
        fallback_rate: share(fellBack, of("share that another model was asked for"), requests),
        failed_first: requests - totals[layout.firstSucceeded]!,
        recovered_by_retry: totals[layout.recoveredByRetry]!,
        recovered_by_fallback: totals[layout.recoveredByFallback]!,
        recovered_otherwise: totals[layout.recoveredOtherwise]!,
        usd_per_attempt: amount(
          perAttempt,
          `measured: known bills per attempt; ${known}`,
          totals[layout.priced]!,
        ),
        usd_per_success: amount(
          perSuccess,
          `measured: known bills of all attempts per answered request; requests with an unpriced answer are left out, and so are failed ${known}`,
          totals[layout.succeededPriced]!,
        ),
        wasted_usd: amount(wasted, `measured: known bills of failed attempts; ${known}`, requests)!,
        ...latencies(gathering),
        within_slo: timed === 0 ? null : share(withinSlo, of("share answered in time"), timed),
        untimed: requests - timed,
      };
    },
  };
}

function latencies({
  replay,
  grouped,
  waited,
}: Gathering): Pick<UserReliability, "latency_p50" | "latency_p95"> {
  const { order: rows, starts } = grouped;
  const { groupOf, groups } = sessionGroups(replay.session, replay.sessions);
  const values = new Float64Array(waited.length);
  const clusters = new Int32Array(waited.length);
  let timed = 0;
  for (let l = 0; l < waited.length; l++) {
    const first = rows[starts[l]!]!;
    if (Number.isNaN(waited[l]!) || replay.isBatch[first] === 1) continue;
    values[timed] = waited[l]!;
    clusters[timed++] = groupOf[first]!;
  }
  const [p50 = null, p95 = null] = clusterQuantiles(
    values.subarray(0, timed),
    clusters.subarray(0, timed),
    groups,
    [0.5, 0.95],
  ).map(
    (interval): Estimate => ({
      ...interval,
      method: `measured: from the first attempt's start to the answer, answered logical requests; ${order}`,
      n: timed,
    }),
  );
  return { latency_p50: p50, latency_p95: p95 };
}
