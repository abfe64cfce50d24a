import { costOfAttempt } from "./cost-of-attempt.js";
import type { Gathering } from "./gather-sums.js";

/** Add what a logical request says to the sums: whether and how it was answered, what it cost, and its first answer. */
export function addRequest(gathering: Gathering, request: number): void {
  const { replay, grouped, layout, sums, waited, sloMs } = gathering;
  const { order, starts } = grouped;
  const first = order[starts[request]!]!;
  let answeredBy = -1;
  let isPriced = true;
  let hasFallback = false;
  let usd = 0;
  for (let i = starts[request]!; i < starts[request + 1]!; i++) {
    const row = order[i]!;
    const cost = costOfAttempt(replay, row);
    if (replay.isSuccess[row] === 1) {
      if (answeredBy < 0) answeredBy = row;
      isPriced &&= !Number.isNaN(cost);
    } else if (!Number.isNaN(cost)) sums.add(layout.wastedUsd, first, cost);
    hasFallback ||= replay.served[row] !== replay.served[first];
    if (Number.isNaN(cost)) continue;
    usd += cost;
    sums.add(layout.usd, first, cost);
    sums.add(layout.priced, first, 1);
  }
  sums.add(layout.requests, first, 1);
  sums.add(layout.tries, first, starts[request + 1]! - starts[request]!);
  if (hasFallback) sums.add(layout.fellBack, first, 1);
  if (isPriced) sums.add(layout.usdOfPriced, first, usd);
  if (answeredBy >= 0) {
    sums.add(layout.succeeded, first, 1);
    if (isPriced) sums.add(layout.succeededPriced, first, 1);
    if (answeredBy === first) addFirstAnswer(gathering, first);
    else sums.add(recovery(gathering, first, answeredBy), first, 1);
  }
  if (answeredBy >= 0 && Number.isNaN(waited[request]!)) return;
  sums.add(layout.timed, first, 1);
  if (waited[request]! <= sloMs) sums.add(layout.withinSlo, first, 1);
}

function recovery({ replay, layout }: Gathering, first: number, answeredBy: number): number {
  const [before, after] = [replay.served[first]!, replay.served[answeredBy]!];
  if (before < 0 && after < 0) return layout.recoveredOtherwise;
  return before === after ? layout.recoveredByRetry : layout.recoveredByFallback;
}

function addFirstAnswer({ replay, layout, sums }: Gathering, row: number): void {
  sums.add(layout.firstSucceeded, row, 1);
  const model = replay.served[row]!;
  if (model < 0) return;
  sums.add(layout.answered + model, row, 1);
  const [ms, tokens] = [replay.latency[row]!, replay.outputTokens[row]!];
  if (ms >= 0 && ms < Number.POSITIVE_INFINITY) {
    sums.add(layout.answeredMs + model, row, ms);
    sums.add(layout.answeredMsKnown + model, row, 1);
  }
  if (tokens >= 0) {
    sums.add(layout.answeredTokens + model, row, tokens);
    sums.add(layout.answeredTokensKnown + model, row, 1);
  }
  const usd = replay.billed[row]!;
  if (Number.isNaN(usd)) return;
  sums.add(layout.answeredUsd + model, row, usd);
  sums.add(layout.answeredUsdKnown + model, row, 1);
}
