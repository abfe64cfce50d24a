import type { SensitivityEnd, SensitivityLine } from "../../datasets/sensitivity-result.js";
import type { SweepRows } from "../frontier/sweep-rows.js";
import type { ModelThresholds } from "../frontier/thresholds-in-force.js";
import { endsOf } from "./line-ends.js";
import { type RouterSums, savingOf, totalOf, weightedSum } from "./router-sums.js";

const swing = 0.2;

/** The saving when prices change by 20 %: each model's alone, and all cheaper ones' against the strong one's. A price changes the bill of the
 * calls that the model answered as much as those that the router gives it. All prices together change dollars, never the share. */
export function priceLines(sweep: SweepRows, sums: RouterSums, standing: ModelThresholds): SensitivityLine[] {
  const { models } = sweep.replay;
  const strong = models.length - 1;
  const alone = usdAlone(sweep);
  const n = sweep.rows.length;
  const isUsed = (m: number) => totalOf(sums.billedOn[m]!) > 0 || totalOf(sums.routedOn[m]!) > 0;
  const sets = models.flatMap((model, m) =>
    isUsed(m) ? [{ label: `Price of ${model}`, isIn: (other: number) => other === m }] : [],
  );
  if (models.length > 2)
    sets.push({ label: `Price of all models but ${models[strong]}`, isIn: (other) => other !== strong });
  return sets.map(({ label, isIn }) => {
    const factorsAt = (factor: number) => models.map((_, m) => (isIn(m) ? factor : 1));
    const endAt = (change: number): SensitivityEnd | null => {
      const factors = factorsAt(1 + change);
      const figure = savingOf(
        weightedSum(sums.billedOn, factors),
        weightedSum(sums.routedOn, factors),
        "modelled: the same choices at other prices",
        n,
      );
      if (figure === null) return null;
      return {
        at: `${change > 0 ? "+" : "-"}${100 * Math.abs(change)} %`,
        figure,
        remade_saving: remadeSaving(sweep, { standing, alone, factors }),
      };
    };
    const at = breakEvenFactor(sums, isIn);
    return {
      kind: "price",
      figure: "saving",
      label,
      assumption: `list and billed prices of ${isIn(strong) ? "the strong model" : "the cheaper model"} are 20 % lower or higher, all others as they are`,
      evidence: "modelled",
      ...endsOf([endAt(-swing), endAt(swing)], "nothing was billed"),
      break_even:
        at === null
          ? null
          : {
              at,
              text: `${label.replace("Price", "the price")} ${at > 1 ? "rises" : "falls"} to ${at.toPrecision(3)} times`,
            },
    };
  });
}

/** Price multiple of some models at which the saving vanishes: billed and routed dollars are both linear in it.
 * @returns null where no positive multiple does, or every one */
function breakEvenFactor(sums: RouterSums, isIn: (model: number) => boolean): number | null {
  let inside = 0;
  let outside = 0;
  sums.billedOn.forEach((billed, m) => {
    const saved = totalOf(billed) - totalOf(sums.routedOn[m]!);
    if (isIn(m)) inside += saved;
    else outside += saved;
  });
  const at = -outside / inside;
  return at > 0 && at < Number.POSITIVE_INFINITY ? at : null;
}

/** USD of all attempts on each model alone. */
function usdAlone({ replay, rows }: SweepRows): Float64Array {
  const alone = new Float64Array(replay.models.length);
  for (let m = 0; m < alone.length; m++) {
    for (let i = 0; i < rows.length; i++) alone[m]! += replay.usd[m * replay.rows + rows[i]!]!;
  }
  return alone;
}

/** The saving if the router ordered its models by cost anew: free attempts go to the first in the new order whose sufficiency
 * clears its threshold, the strong one always does.
 * @returns null where the order by cost on these attempts stays */
function remadeSaving(
  { replay, rows, isFree }: SweepRows,
  {
    standing,
    alone,
    factors,
  }: { standing: ModelThresholds; alone: Float64Array; factors: readonly number[] },
): number | null {
  const { models, usd, sufficiency } = replay;
  const orderAt = (by: (place: number) => number) =>
    [...models.keys()].sort((a, b) => alone[a]! * by(a) - alone[b]! * by(b) || a - b);
  const order = orderAt((place) => factors[place]!);
  if (orderAt(() => 1).every((place, i) => place === order[i])) return null;
  const strong = models.length - 1;
  let billed = 0;
  let routed = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    let place = replay.chosen[row]!;
    if (isFree[i] === 1) {
      for (let k = 0; k < order.length; k++) {
        place = order[k]!;
        const least = standing[place];
        if (place === strong || (least != null && sufficiency[place * replay.rows + row]! >= least)) break;
      }
    }
    billed += replay.billed[row]! * factors[replay.served[row]!]!;
    routed += usd[place * replay.rows + row]! * factors[place]!;
  }
  return (billed - routed) / billed;
}
