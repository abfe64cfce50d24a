/** Requests of one kind that a chain of attempts starts from. NaN = unknown. */
export interface ChainCell {
  /** Requests that the first attempt answered, with their mean cost and time. */
  answered: number;
  answeredUsd: number;
  answeredMs: number;
  failures: readonly ChainFailure[];
}

/** First attempts that failed in one way, and what comes after them. */
export interface ChainFailure {
  count: number;
  /** Mean cost and time of the failed attempt. */
  usd: number;
  ms: number;
  steps: readonly ChainStep[];
}

/** One further attempt. */
export interface ChainStep {
  /** Probability that it fails, given that all attempts before it failed: not the model's overall error rate. */
  failure: number;
  failedUsd: number;
  failedMs: number;
  answeredUsd: number;
  answeredMs: number;
  /** Pause before it. */
  waitMs: number;
}

/** Expected totals of a chain over all its requests. */
export interface ChainTotals {
  requests: number;
  attempts: number;
  answered: number;
  usd: number;
  /** Sum of the times to the answer over answered requests. */
  answeredMs: number;
  /** The part of `answered` and `answeredMs` whose first attempt failed. */
  recovered: number;
  recoveredMs: number;
}

/** Follow every failed first attempt down its chain: each step is asked by those that are still without an answer, costs what a failed or
 * an answered attempt costs there, and takes the pause and its own time. What nobody asks for may be unknown.
 * @see Feller 1968, An Introduction to Probability Theory, vol. 1, V.2: a joint probability as a product of conditional ones */
export function chainOutcome(cells: readonly ChainCell[]): ChainTotals {
  const totals: ChainTotals = {
    requests: 0,
    attempts: 0,
    answered: 0,
    usd: 0,
    answeredMs: 0,
    recovered: 0,
    recoveredMs: 0,
  };
  for (const cell of cells) {
    totals.requests += cell.answered;
    totals.attempts += cell.answered;
    totals.answered += cell.answered;
    totals.usd += times(cell.answered, cell.answeredUsd);
    totals.answeredMs += times(cell.answered, cell.answeredMs);
    for (const failure of cell.failures) if (failure.count > 0) addFailure(totals, failure);
  }
  return totals;
}

function addFailure(totals: ChainTotals, { count, usd, ms, steps }: ChainFailure): void {
  totals.requests += count;
  totals.attempts += count;
  totals.usd += count * usd;
  let left = count;
  let elapsed = ms;
  for (const step of steps) {
    if (left <= 0) return;
    const answered = left * (1 - step.failure);
    const failed = left - answered;
    elapsed += step.waitMs;
    const took = times(answered, elapsed + step.answeredMs);
    totals.attempts += left;
    totals.usd += times(answered, step.answeredUsd) + times(failed, step.failedUsd);
    totals.answered += answered;
    totals.recovered += answered;
    totals.answeredMs += took;
    totals.recoveredMs += took;
    elapsed += step.failedMs;
    left = failed;
  }
}

/** What nothing is multiplied with may be unknown. */
function times(count: number, amount: number): number {
  return count === 0 ? 0 : count * amount;
}
