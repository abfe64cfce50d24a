import { misrouteAmountCount, misrouteAmounts } from "../../models/misroutes/misroute-amounts.js";
import type { ReplayData } from "../replay/replay-data.js";
import type { LabelledAttempts } from "./labelled-attempts.js";
import { fillUsd } from "./modelled-amounts.js";

/** Amounts of the labelled attempts that can be held against the cheapest sufficient model. */
export interface MeasuredAmounts {
  rows: Int32Array;
  weights: Float64Array;
  /** One column per amount, place as in `rows`. */
  columns: Float64Array[];
  /** Attempts with an absolute grade, which alone can show that no model would have done. */
  absolute: number;
  unused: Array<{ reason: string; attempts: number }>;
}

const unusedReasons = [
  "not replayed, or without a price or a sufficiency",
  "compared with a weaker model's answer, which says nothing of the strong model's",
  "without a label of every model of the policy",
] as const;

/** Amounts of labelled attempts: m* is the cheapest model whose answer is good enough. Absolute grades are good enough from a quality on;
 * compared answers when they are not worse than the strong model's, a tie counting half. Where humans corrected the judge,
 * P(m* <= m) is the corrected quality of m itself: single corrected values leave [0, 1], so that a maximum of them would be biased.
 * @param isAudited 1 for each row of the replay that counts */
export function measuredAmounts(
  replay: ReplayData,
  labelled: LabelledAttempts,
  { isAudited, goodEnough }: { isAudited: Uint8Array; goodEnough: number },
): MeasuredAmounts {
  const count = replay.models.length;
  const cumulative = new Float64Array(count);
  const usd = new Float64Array(count);
  const out = new Float64Array(misrouteAmountCount);
  const kept: number[] = [];
  const columns = Array.from({ length: misrouteAmountCount }, () => new Float64Array(labelled.rows.length));
  const unused = unusedReasons.map(() => 0);
  labelled.rows.forEach((row, i) => {
    const reason = reasonAgainst(replay, labelled, i, isAudited);
    if (reason >= 0) {
      unused[reason]! += 1;
      return;
    }
    if (labelled.isRelative[i] === 1) fillRelative(labelled, i, cumulative);
    else fillAbsolute(labelled, i, goodEnough, cumulative);
    fillUsd(replay, row, usd);
    misrouteAmounts({ served: replay.served[row]!, cumulative, usd }, out);
    columns.forEach((column, a) => {
      column[kept.length] = out[a]!;
    });
    kept.push(i);
  });
  return {
    rows: Int32Array.from(kept, (i) => labelled.rows[i]!),
    weights: Float64Array.from(kept, (i) => labelled.weights[i]!),
    columns: columns.map((column) => column.subarray(0, kept.length)),
    absolute: kept.filter((i) => labelled.isRelative[i] === 0).length,
    unused: unusedReasons
      .map((reason, place) => ({ reason, attempts: unused[place]! }))
      .filter(({ attempts }) => attempts > 0),
  };
}

function reasonAgainst(
  replay: ReplayData,
  { rows, quality, isRelative }: LabelledAttempts,
  i: number,
  isAudited: Uint8Array,
): number {
  const row = rows[i]!;
  if (isAudited[row] !== 1) return 0;
  const strong = replay.models.length - 1;
  if (isRelative[i] === 1 && replay.served[row] !== strong) return 1;
  for (let model = 0; model <= strong; model++) {
    if (Number.isNaN(quality[model * rows.length + i]!)) return 2;
  }
  return -1;
}

function fillRelative(
  { rows, quality, corrected }: LabelledAttempts,
  i: number,
  cumulative: Float64Array,
): void {
  let most = 0;
  for (let model = 0; model < cumulative.length - 1; model++) {
    const at = model * rows.length + i;
    most = Math.max(most, quality[at]!);
    cumulative[model] = corrected === null ? most : corrected[at]!;
  }
  cumulative[cumulative.length - 1] = 1;
}

function fillAbsolute(
  { rows, quality }: LabelledAttempts,
  i: number,
  goodEnough: number,
  cumulative: Float64Array,
): void {
  let isFound = 0;
  for (let model = 0; model < cumulative.length; model++) {
    if (quality[model * rows.length + i]! >= goodEnough) isFound = 1;
    cumulative[model] = isFound;
  }
}
