import type { CascadePoint, CascadeTake } from "../../datasets/cascade-result.js";
import { escalationProbability, type GateRates } from "../../models/cascade/gate.js";
import { type CascadeRows, canTake, modelWithout } from "./cascade-rows.js";
import { confidenceCuts, cutBelow } from "./confidence-cuts.js";

/** Sums of a bin of attempts between two cuts of confidence. */
interface Bin {
  asked: Float64Array;
  sufficiency: Float64Array;
  /** USD of the first model, of the strong one, and the latter times sufficiency. */
  firstUsd: Float64Array;
  strongUsd: Float64Array;
  sufficientUsd: Float64Array;
}

/** Sweep the confidence from which a cascade asks the first model; below it the strong model is asked at once.
 * @param gateUsd of one look; null leaves the cost unknown
 * @returns points from asking always to asking never, which is the router alone (`takes` routed), or always-strong (all) */
export function cascadeFrontier(
  rows: CascadeRows,
  {
    takes,
    rates,
    gateUsd,
    cuts = 40,
  }: {
    takes: CascadeTake;
    rates: GateRates;
    gateUsd: number | null;
    cuts?: number;
  },
): CascadePoint[] {
  const { replay, first, strong } = rows;
  const takeable = rows.rows.filter((row) => canTake(rows, row, takes));
  const places = confidenceCuts(replay, { rows: takeable, model: first, cuts });
  const rest = { usd: 0, kept: 0, strong: 0 };
  for (const row of rows.rows) {
    if (canTake(rows, row, takes)) continue;
    const model = modelWithout(rows, row, takes);
    rest.usd += replay.usd[model * replay.rows + row]!;
    rest.kept += replay.sufficiency[model * replay.rows + row]!;
    rest.strong += Number(model === strong);
  }
  const bins = fillBins(rows, takeable, places);
  const n = rows.rows.length;
  const { tpr, tnr } = { tpr: rates.tpr.value, tnr: rates.tnr.value };
  const point = { ...rest, asked: 0, wrong: 0 };
  for (let bin = 0; bin < places.length; bin++) {
    point.usd += bins.strongUsd[bin]!;
    point.kept += bins.asked[bin]!;
    point.strong += bins.asked[bin]!;
  }
  const pointAt = (askFrom: number | null): CascadePoint => ({
    ask_from: askFrom,
    asked_share: point.asked / n,
    usd: point.asked > 0 && gateUsd === null ? null : point.usd + point.asked * (gateUsd ?? 0),
    retention: (point.kept - point.wrong * (1 - tnr)) / n,
    retention_low: (point.kept - point.wrong * (1 - rates.tnr.low)) / n,
    strong_share: point.strong / n,
  });
  const points = n === 0 ? [] : [pointAt(null)];
  for (let bin = places.length - 1; bin >= 0; bin--) {
    const [asked, sufficient] = [bins.asked[bin]!, bins.sufficiency[bin]!];
    if (asked === 0) continue;
    const escalatedUsd =
      (1 - tpr) * bins.sufficientUsd[bin]! + tnr * (bins.strongUsd[bin]! - bins.sufficientUsd[bin]!);
    point.usd += bins.firstUsd[bin]! + escalatedUsd - bins.strongUsd[bin]!;
    point.strong -= asked * (1 - escalationProbability(sufficient / asked, tpr, tnr));
    point.asked += asked;
    point.wrong += asked - sufficient;
    points.push(pointAt(places[bin]!));
  }
  return points.reverse();
}

/** The cheapest setting that keeps the promise with the gate's TNR at its lower limit.
 * @returns null when nothing that asks the first model does so at less than not asking costs */
export function recommendPoint(points: readonly CascadePoint[], retention: number): CascadePoint | null {
  const usd = (point: CascadePoint) => point.usd ?? Number.POSITIVE_INFINITY;
  const keeping = points.filter((point) => point.retention_low >= retention - 1e-12);
  const best = keeping.reduce<CascadePoint | null>(
    (found, point) => (found === null || usd(point) <= usd(found) ? point : found),
    null,
  );
  return best?.ask_from === null || best?.usd === null ? null : best;
}

function fillBins({ replay, first, strong }: CascadeRows, takeable: Int32Array, places: Float64Array): Bin {
  const empty = () => new Float64Array(places.length);
  const bins = {
    asked: empty(),
    sufficiency: empty(),
    firstUsd: empty(),
    strongUsd: empty(),
    sufficientUsd: empty(),
  };
  for (const row of takeable) {
    const sufficiency = replay.sufficiency[first * replay.rows + row]!;
    const strongUsd = replay.usd[strong * replay.rows + row]!;
    const bin = cutBelow(places, sufficiency);
    bins.asked[bin]! += 1;
    bins.sufficiency[bin]! += sufficiency;
    bins.firstUsd[bin]! += replay.usd[first * replay.rows + row]!;
    bins.strongUsd[bin]! += strongUsd;
    bins.sufficientUsd[bin]! += sufficiency * strongUsd;
  }
  return bins;
}
