import { ShadowStatus } from "@signalbox/runtime";
import type { PriceBook } from "../../datasets/prices/price-book.js";
import type { ResponseShadow, ShadowCost } from "../../datasets/shadow-result.js";
import { normaliseUsage } from "../../datasets/tokens/normalise-usage.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import type { JoinedPair } from "./join-shadow.js";
import { sessionNumbers } from "./quality-observations.js";
import type { PairSide } from "./read-pair.js";

/** Dollars per success on each side, on the same pairs, and what the test itself cost. Calls at list price for their logged tokens; an
 * unknown price leaves the pair out of the side's figures and is counted. */
export function measureCosts(
  pairs: readonly JoinedPair[],
  book: PriceBook,
): Pick<ResponseShadow, "costs" | "success" | "spend"> {
  const both = pairs.filter(({ status, candidate }) => status === ShadowStatus.paired && candidate !== null);
  const judged = both.filter(
    ({ verdict }) => verdict && verdict.baselineSuccess !== null && verdict.candidateSuccess !== null,
  );
  const isJudged = judged.length > 0;
  const rows = isJudged ? judged : both;
  const called = pairs.flatMap(({ candidate, at }) => (candidate ? [priceSide(candidate, at, book)] : []));
  const verdicts = pairs.flatMap(({ verdict }) => (verdict ? [verdict.costUsd] : []));
  return {
    success: isJudged
      ? "an answer that the verdict calls successful"
      : "an answer without error, refusal or broken JSON, since no verdict says which answers succeed",
    costs: [
      sideCost("baseline", rows, book, ({ baseline, verdict }) =>
        isJudged ? verdict!.baselineSuccess! : isUsable(baseline),
      ),
      sideCost("candidate", rows, book, ({ candidate, verdict }) =>
        isJudged ? verdict!.candidateSuccess! : isUsable(candidate!),
      ),
    ],
    spend: {
      candidate_usd: sumOf(called),
      unpriced_calls: called.filter((usd) => usd === null).length,
      judge_usd: sumOf(verdicts),
      unpriced_verdicts: verdicts.filter((usd) => usd === null).length,
    },
  };
}

function sideCost(
  side: "baseline" | "candidate",
  pairs: readonly JoinedPair[],
  book: PriceBook,
  isSuccess: (pair: JoinedPair) => boolean,
): ShadowCost {
  const priced = pairs.flatMap((pair) => {
    const usd = priceSide(pair[side]!, pair.at, book);
    return usd === null ? [] : [{ session: pair.session, usd, success: Number(isSuccess(pair)) }];
  });
  const successes = priced.reduce((sum, { success }) => sum + success, 0);
  const ratio =
    successes === 0
      ? null
      : clusterRatio(
          priced.map(({ usd }) => usd),
          priced.map(({ success }) => success),
          sessionNumbers(priced),
        );
  return {
    side,
    pairs: pairs.length,
    unpriced: pairs.length - priced.length,
    usd: sumOf(priced.map(({ usd }) => usd)),
    successes,
    usd_per_success: ratio && {
      ...clusterRatioInterval(ratio),
      method:
        "measured: list price of the logged tokens over successes; 95 % interval, cluster-robust by session",
      n: priced.length,
    },
  };
}

function isUsable({ isFailed, isRefusal, isValidJson }: PairSide): boolean {
  return !isFailed && isRefusal !== true && isValidJson !== false;
}

function priceSide({ model, usage: raw }: PairSide, at: number, book: PriceBook): number | null {
  const read = raw === null ? null : normaliseUsage(raw);
  if (read === null || "error" in read || read.usage.outputUnknown) return null;
  return book.price({ provider: null, model, usage: read.usage, createdAt: at }).usd;
}

function sumOf(amounts: ReadonlyArray<number | null>): number {
  return amounts.reduce<number>((sum, usd) => sum + (usd ?? 0), 0);
}
