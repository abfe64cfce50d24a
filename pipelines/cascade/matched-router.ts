import type { GateRates } from "../../models/cascade/gate.js";
import { propagateGateErrors, settleSums, settleTotal } from "../../models/cascade/gated-sums.js";
import { totalOfSums } from "../../models/statistics/session-sums.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import type { CascadeRows } from "./cascade-rows.js";
import { confidenceCuts, cutBelow } from "./confidence-cuts.js";
import type { TreatmentSums } from "./sum-cascade.js";

/** Compares a cascade with a router of the same two models that keeps as much. */
export type MatchedRouter = (sums: TreatmentSums, rates: GateRates) => Interval | null;

/** A threshold on the first model's confidence, seen before any answer, keeps the same quality as a cascade at some cost; the cascade pays
 * if it costs less. Between two thresholds a draw keeps what lies between.
 * @returns the cascade's USD minus that router's, of all compared attempts, with the doubt of sessions and gate; null where unknown. The
 * residuals hold the price of the quality in which both differ by session */
export function matchedRouter(rows: CascadeRows, cuts = 200): MatchedRouter {
  const { replay, first, strong, group } = rows;
  const places = confidenceCuts(replay, { rows: rows.rows, model: first, cuts });
  const bins = binsOf(rows, places);
  const curve = routerCurve(rows, bins, places.length);
  return (sums, rates) => {
    const [usd, kept] = [settleTotal(sums.usd), settleTotal(sums.kept)];
    const difference = (tpr: number, tnr: number) => usd(tpr, tnr) - costAt(curve, kept(tpr, tnr)).usd;
    const [tpr, tnr] = [rates.tpr.value, rates.tnr.value];
    const { place, share, slope } = costAt(curve, kept(tpr, tnr));
    const costs = settleSums(sums.usd, tpr, tnr);
    const quality = settleSums(sums.kept, tpr, tnr);
    for (let i = 0; i < rows.rows.length; i++) {
      const row = rows.rows[i]!;
      const g = group[row]!;
      const bin = bins[i]!;
      const strongly = bin < place ? 1 : bin === place ? share : 0;
      const cheapUsd = replay.usd[first * replay.rows + row]!;
      const sufficiency = replay.sufficiency[first * replay.rows + row]!;
      costs[g]! -= strongly * replay.usd[strong * replay.rows + row]! + (1 - strongly) * cheapUsd;
      quality[g]! -= strongly + (1 - strongly) * sufficiency;
    }
    const total = totalOfSums(costs.map((cost, g) => cost - slope * quality[g]!));
    if (total === null) return null;
    const value = difference(tpr, tnr);
    const sampling = {
      value,
      low: value - (total.value - total.low),
      high: value + (total.high - total.value),
    };
    return propagateGateErrors(sampling, difference, rates);
  };
}

/** What a confidence threshold over the two models costs and keeps, from the first model alone to the strong one alone.
 * @returns ascending in quality, `cuts` + 1 points at most */
export function thresholdCurve(rows: CascadeRows, cuts = 40): Array<{ usd: number; retention: number }> {
  const places = confidenceCuts(rows.replay, { rows: rows.rows, model: rows.first, cuts });
  const { usd, kept } = routerCurve(rows, binsOf(rows, places), places.length);
  return Array.from(usd, (cost, i) => ({ usd: cost, retention: kept[i]! / rows.rows.length }));
}

/** Totals of a threshold router by how many of the lowest cuts go to the strong model: 0 = none, the last = all. */
interface RouterCurve {
  usd: Float64Array;
  kept: Float64Array;
}

/** Place of the cut below each compared attempt's confidence in the first model. */
function binsOf({ replay, rows, first }: CascadeRows, cuts: Float64Array): Uint16Array {
  const bins = new Uint16Array(rows.length);
  for (let i = 0; i < rows.length; i++)
    bins[i] = cutBelow(cuts, replay.sufficiency[first * replay.rows + rows[i]!]!);
  return bins;
}

function routerCurve(
  { replay, rows, first, strong }: CascadeRows,
  bins: Uint16Array,
  cuts: number,
): RouterCurve {
  const usd = new Float64Array(cuts + 1);
  const kept = new Float64Array(cuts + 1);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const cheapUsd = replay.usd[first * replay.rows + row]!;
    const sufficiency = replay.sufficiency[first * replay.rows + row]!;
    usd[0]! += cheapUsd;
    kept[0]! += sufficiency;
    usd[bins[i]! + 1]! += replay.usd[strong * replay.rows + row]! - cheapUsd;
    kept[bins[i]! + 1]! += 1 - sufficiency;
  }
  for (let i = 1; i <= cuts; i++) {
    usd[i]! += usd[i - 1]!;
    kept[i]! += kept[i - 1]!;
  }
  return { usd, kept };
}

/** What keeping so much costs: cuts below `place` go to the strong model, those in it with the probability `share`. */
function costAt(
  { usd, kept }: RouterCurve,
  wanted: number,
): { usd: number; place: number; share: number; slope: number } {
  const last = kept.length - 1;
  let place = 0;
  while (place < last - 1 && kept[place + 1]! < wanted) place += 1;
  const gained = kept[place + 1]! - kept[place]!;
  const share = gained > 0 ? Math.min(1, Math.max(0, (wanted - kept[place]!) / gained)) : 0;
  const cost = usd[place + 1]! - usd[place]!;
  return { usd: usd[place]! + share * cost, place, share, slope: gained > 0 ? cost / gained : 0 };
}
