import { type Choice, cheapestMixes } from "../../models/frontier/cheapest-mixes.js";
import type { FrontierSetting } from "./frontier-settings.js";
import { type SettingSums, settingSums } from "./setting-sums.js";
import { placeAtThresholds, type SweepRows } from "./sweep-rows.js";

/** Apps that get thresholds of their own; calls of the others share one. */
const mostApps = 20;
const mostSettings = 8;
const otherApps = "other";

type Thresholded = Pick<FrontierSetting, "min_sufficiency">;

/** Thresholds by app: the cheapest combination of common thresholds for each quality, chosen on one half of the sessions.
 * @param options settings with thresholds, to choose among for each app
 * @param choice scratch space, one place a row */
export function perAppSettings(
  sweep: SweepRows,
  options: readonly Thresholded[],
  choice: Uint8Array,
): Array<Pick<FrontierSetting, "label" | "by_app" | "how"> & { sums: SettingSums }> {
  const { replay, rows, isFree } = sweep;
  const { names, partOf } = partsOf(sweep);
  if (names.length < 2 || options.length < 2) return [];
  const thresholds = options.map(({ min_sufficiency: least }) =>
    replay.models.map((model) => least?.[model] ?? null),
  );
  const choices = thresholds.map((least) => choicesOf(sweep, least, partOf, names.length));
  const mixes = cheapestMixes(names.map((_, part) => choices.map((option) => option[part]!)));
  return spaced(mixes, mostSettings).map((mix, k, all) => {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      choice[i] =
        isFree[i] === 1 ? placeAtThresholds(replay, row, thresholds[mix[partOf[i]!]!]!) : replay.chosen[row]!;
    }
    return {
      label: `Thresholds by app, ${k + 1} of ${all.length}`,
      by_app: names.map((app, part) => ({ app, min_sufficiency: options[mix[part]!]!.min_sufficiency! })),
      how: "not certified: an app can ask for its own point of the dial with retention in each request",
      sums: settingSums(sweep, choice),
    };
  });
}

/** The largest apps by free attempts, and the part of each row. */
function partsOf({ replay, rows, isFree }: SweepRows): { names: string[]; partOf: Uint8Array } {
  const counts = new Float64Array(replay.apps.length + 1);
  for (let i = 0; i < rows.length; i++) counts[replay.app[rows[i]!]! + 1]! += isFree[i]!;
  const apps = [...counts.keys()]
    .filter((place) => place > 0 && counts[place]! > 0)
    .sort((a, b) => counts[b]! - counts[a]! || a - b);
  const kept = apps.slice(0, mostApps);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const rest = total > kept.reduce((sum, place) => sum + counts[place]!, 0);
  const partOfApp = new Uint8Array(counts.length).fill(kept.length);
  kept.forEach((place, part) => {
    partOfApp[place] = part;
  });
  return {
    names: [...kept.map((place) => replay.apps[place - 1]!), ...(rest ? [otherApps] : [])],
    partOf: Uint8Array.from(rows, (row) => partOfApp[replay.app[row]! + 1]!),
  };
}

/** What thresholds come to by part, on the half that chooses. */
function choicesOf(
  { replay, rows, group, groups, isFree }: SweepRows,
  thresholds: ReadonlyArray<number | null>,
  partOf: Uint8Array,
  parts: number,
): Choice[] {
  const sums = Array.from({ length: parts }, () => ({ usd: 0, kept: 0 }));
  for (let i = 0; i < rows.length; i++) {
    if (isFree[i] !== 1 || groups.half[group[i]!] !== 0) continue;
    const at = placeAtThresholds(replay, rows[i]!, thresholds) * replay.rows + rows[i]!;
    const sum = sums[partOf[i]!]!;
    sum.usd += replay.usd[at]!;
    sum.kept += replay.sufficiency[at]!;
  }
  return sums;
}

/** At most so many of a list, evenly spaced, first and last included. */
function spaced<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, k) => list[Math.round((k * (list.length - 1)) / (most - 1))]!);
}
