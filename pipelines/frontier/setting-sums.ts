import { outputClasses } from "../../models/latency/length-classes.js";
import type { ReplayData } from "../replay/replay-data.js";
import type { SweepRows } from "./sweep-rows.js";

/** What a setting comes to, summed by group of sessions: everything that its figures and intervals need. */
export interface SettingSums {
  usd: Float64Array;
  /** Sufficiency; NaN where a model without a head answers. */
  kept: Float64Array;
  /** Attempts that the strong model answers. */
  strong: Float64Array;
  /** Attempts that somebody waits for, by model and length class: place group * cells + model * classes + class. */
  timed: Float32Array;
}

/** Sum a setting over all rows.
 * @param choice place of the model that answers each row */
export function settingSums(sweep: SweepRows, choice: Uint8Array): SettingSums {
  const { replay, rows, group, lengthClass, isTimed, groups } = sweep;
  const { usd, sufficiency } = replay;
  const models = replay.models.length;
  const classes = outputClasses.length;
  const sums: SettingSums = {
    usd: new Float64Array(groups.count),
    kept: new Float64Array(groups.count),
    strong: new Float64Array(groups.count),
    timed: new Float32Array(groups.count * models * classes),
  };
  const { usd: spent, kept, strong, timed } = sums;
  for (let i = 0; i < choice.length; i++) {
    const place = choice[i]!;
    const at = place * replay.rows + rows[i]!;
    const g = group[i]!;
    spent[g]! += usd[at]!;
    kept[g]! += sufficiency[at]!;
    strong[g]! += Number(place === models - 1);
    timed[(g * models + place) * classes + lengthClass[i]!]! += isTimed[i]!;
  }
  return sums;
}

/** Sum a setting of thresholds: each free row goes to the cheapest model whose sufficiency clears its part's threshold, else to the strong
 * one; the others stay where the router sent them.
 * @param thresholds of the parts, one after the other: place part * models + model; Infinity = that model never answers
 * @param partOf part of each row */
export function thresholdSums(sweep: SweepRows, thresholds: Float64Array, partOf: Uint8Array): SettingSums {
  const { replay, rows, isFree } = sweep;
  const models = replay.models.length;
  const choice = new Uint8Array(rows.length);
  for (let i = 0; i < choice.length; i++) {
    const row = rows[i]!;
    choice[i] =
      isFree[i] === 1 ? placeInTable(replay, row, thresholds, partOf[i]! * models) : replay.chosen[row]!;
  }
  return settingSums(sweep, choice);
}

/** Place of the cheapest model whose sufficiency clears its threshold, else of the strong one.
 * @param first place of the row's part in the table */
export function placeInTable(
  { models, rows, sufficiency }: ReplayData,
  row: number,
  thresholds: Float64Array,
  first: number,
): number {
  const strong = models.length - 1;
  let place = 0;
  while (place < strong && !(sufficiency[place * rows + row]! >= thresholds[first + place]!)) place += 1;
  return place;
}

/** Expected sums of a draw between two settings.
 * @param share chance of `a` */
export function mixSums(a: SettingSums, b: SettingSums, share: number): SettingSums {
  const mix = <Sums extends Float64Array | Float32Array>(x: Sums, y: Sums) =>
    x.map((value, i) => share * value + (1 - share) * y[i]!) as Sums;
  return {
    usd: mix(a.usd, b.usd),
    kept: mix(a.kept, b.kept),
    strong: mix(a.strong, b.strong),
    timed: mix(a.timed, b.timed),
  };
}
