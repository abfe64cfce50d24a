/** The time of an answer as a straight line in its length. */
export interface TimeLine {
  /** Milliseconds to begin, and a token of output; NaN without answers. */
  start: number;
  perToken: number;
  /** How much a total of so many requests and tokens moves with 1 ms of an answer of this length. */
  pullOf: (length: number, requests: number, tokens: number) => number;
}

/** Answers that a time per token needs. */
const leastAnswers = 20;

/** Fit a time to begin and a time per token of output: least squares by centred moments, each answer weighted by 1 over its tokens, since
 * variance grows with length. With fewer than 20 answers, or answers of one length, it is the mean of all.
 * @param lengths tokens of output
 * @param times milliseconds to the last token
 * @see Agrawal et al. 2024, Etalon, sec. 2, for time to first token and time per output token */
export function fitTimeLine(lengths: ArrayLike<number>, times: ArrayLike<number>): TimeLine {
  const count = lengths.length;
  let [all, weight, meanLength, meanTime] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const w = lineWeight(lengths[i]!);
    all += times[i]!;
    weight += w;
    meanLength += w * lengths[i]!;
    meanTime += w * times[i]!;
  }
  meanLength /= weight;
  meanTime /= weight;
  let [spread, common] = [0, 0];
  for (let i = 0; i < count; i++) {
    const away = lengths[i]! - meanLength;
    const w = lineWeight(lengths[i]!);
    spread += w * away * away;
    common += w * away * times[i]!;
  }
  if (count < leastAnswers || !(spread > 1e-9 * weight)) {
    return { start: all / count, perToken: 0, pullOf: (_, requests) => requests / count };
  }
  const perToken = common / spread;
  return {
    start: meanTime - perToken * meanLength,
    perToken,
    pullOf: (length, requests, tokens) =>
      lineWeight(length) *
      (requests / weight + ((tokens - requests * meanLength) * (length - meanLength)) / spread),
  };
}

/** Sums over answers that a line follows from. */
export interface TimeSums {
  answers: number;
  /** Milliseconds, and milliseconds by weight. */
  ms: number;
  weightedMs: number;
  weight: number;
  tokens: number;
}

/** The line of {@link fitTimeLine} from sums over answers, as a jackknife needs it. Tokens are at least 1 here, so that a weight times its
 * tokens is 1, and the moments are sums that don't depend on the mean. */
export function timeLineOf({
  answers,
  ms,
  weightedMs,
  weight,
  tokens,
}: TimeSums): Pick<TimeLine, "start" | "perToken"> {
  const meanLength = answers / weight;
  const spread = tokens - answers * meanLength;
  if (answers < leastAnswers || !(spread > 1e-9 * weight)) return { start: ms / answers, perToken: 0 };
  const perToken = (ms - meanLength * weightedMs) / spread;
  return { start: weightedMs / weight - perToken * meanLength, perToken };
}

/** Weight of an answer in a line. */
export function lineWeight(tokens: number): number {
  return 1 / Math.max(1, tokens);
}
