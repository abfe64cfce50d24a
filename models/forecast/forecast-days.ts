import { createRandom } from "../../datasets/random.js";
import { normalQuantile, studentQuantile } from "../statistics/quantiles.js";
import {
  type DailyModel,
  type DailyOptions,
  expectedDays,
  fitDaily,
  fitGrowing,
  fittedDays,
} from "./daily-model.js";
import { drawBlocks } from "./draw-blocks.js";

/** Days to come of several series, with what they may come to. */
export interface DaysForecast {
  model: DailyModel;
  /** Expected amounts by series, one per day. */
  expected: Float64Array[];
  /** Possible sums over days from (inclusive) to (exclusive), one per draw that has one; the same draws for every series, in one order. */
  drawTotals: (place: number, from: number, to: number) => Float64Array;
}

/** Forecast daily amounts and draw from what the sums over coming days may be. Each draw makes another past and another future out of
 * the fitted days and their relative errors, forecasts that future from that past, and scales the forecast by how far it was off. So the
 * draws have the error of the levels and of the growth in them, beside the days' own chance. They take the growth as estimated even
 * where it isn't shown and the expected amounts do without it: what is not shown may be there all the same.
 * @param series daily amounts, at least 0, all of the same days; relative errors of one day are drawn together
 * @see Davison and Hinkley 1997, Bootstrap Methods and Their Application, sec. 7.2.4 and 8.2.3 */
export function forecastDays(
  series: readonly Float64Array[],
  options: DailyOptions & { horizon: number; replicates?: number; seed: number },
): DaysForecast {
  const { firstDay, horizon, replicates = 500, seed } = options;
  const days = series[0]!.length;
  const lastDay = firstDay + days - 1;
  const model = fitDaily(series, options);
  const world = fitGrowing(series, options);
  const expected = series.map((_, place) => expectedDays(model, place, lastDay, horizon));
  const fitted = series.map((_, place) => fittedDays(world, place, firstDay, days));
  const ahead = series.map((_, place) => expectedDays(world, place, lastDay, horizon));
  const errors = relativeErrors(series, fitted, world.hasWeekdays ? 8 : 2);
  const random = createRandom(seed);
  const future = series.map(() => new Float64Array(replicates * (horizon + 1)));
  const forecast = series.map(() => new Float64Array(replicates * (horizon + 1)));
  const past = new Int32Array(days);
  const coming = new Int32Array(horizon);
  const count = errors[0]!.length;
  for (let draw = 0; draw < replicates && count > 0; draw++) {
    drawBlocks(past, count, random);
    drawBlocks(coming, count, random);
    const redrawn = fitted.map((amounts, place) => perturbed(amounts, errors[place]!, past));
    const refitted = fitGrowing(redrawn, options, world.slope);
    for (let place = 0; place < series.length; place++) {
      const start = draw * (horizon + 1);
      cumulate(future[place]!, start, perturbed(ahead[place]!, errors[place]!, coming));
      cumulate(forecast[place]!, start, expectedDays(refitted, place, lastDay, horizon));
    }
  }
  const drawTotals = (place: number, from: number, to: number): Float64Array => {
    let total = 0;
    for (let i = from; i < to; i++) total += ahead[place]![i]!;
    const width = horizon + 1;
    const between = (sums: Float64Array, draw: number) =>
      sums[draw * width + to]! - sums[draw * width + from]!;
    return Float64Array.from({ length: replicates }, (_, draw) => {
      const predicted = between(forecast[place]!, draw);
      return predicted > 0 ? (total * between(future[place]!, draw)) / predicted : total;
    });
  };
  return { model, expected, drawTotals };
}

/** Relative errors of the days on which something was expected, by series: centred, and widened for the parameters that were fitted to the
 * same days. Where a later series expects nothing its error is 0. */
function relativeErrors(
  series: readonly Float64Array[],
  fitted: readonly Float64Array[],
  parameters: number,
): Float64Array[] {
  const days = series[0]!.length;
  const kept = Int32Array.from(fitted[0]!.keys()).filter((t) => fitted[0]![t]! > 0);
  const degrees = Math.max(1, days - parameters);
  const widened = (days / degrees) * (studentQuantile(0.975, degrees) / normalQuantile(0.975));
  return series.map((amounts, place) => {
    const errors = Float64Array.from(kept, (t) => {
      const mean = fitted[place]![t]!;
      return mean > 0 ? amounts[t]! / mean - 1 : 0;
    });
    const centre = errors.reduce((sum, error) => sum + error, 0) / Math.max(1, errors.length);
    return errors.map((error) => widened * (error - centre));
  });
}

function perturbed(amounts: Float64Array, errors: Float64Array, places: Int32Array): Float64Array {
  return amounts.map((amount, i) => amount * Math.max(0, 1 + errors[places[i]!]!));
}

/** Running sums behind a 0. */
function cumulate(target: Float64Array, start: number, amounts: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < amounts.length; i++) {
    sum += amounts[i]!;
    target[start + i + 1] = sum;
  }
}
