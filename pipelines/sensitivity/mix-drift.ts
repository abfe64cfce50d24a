import type { MixDrift, SensitivityEnd, SensitivityLine } from "../../datasets/sensitivity-result.js";
import { totalVariation, worstMean, worstRatio } from "../../models/sensitivity/worst-mix.js";
import type { SweepRows } from "../frontier/sweep-rows.js";
import { endsOf } from "./line-ends.js";
import { savingsByPart } from "./savings-by-part.js";

const leastRows = 30;
const radii = [0.1, 0.2] as const;
const tiers = 4;
const mostWeeks = 26;
const mostApps = 20;
const weekUs = 7 * 86_400e6;
/** 1970-01-05, a Monday. */
const mondayUs = 4 * 86_400e6;

/** What the saving depends on in the traffic's mix: the worst mix of apps and tiers near today's, the log's two halves, its weeks, and
 * every app left out. */
export function mixDrift(sweep: SweepRows): { mix: MixDrift; lines: SensitivityLine[] } {
  const { replay, rows } = sweep;
  const strata = strataOf(sweep);
  const half = (i: number) => Number(i >= rows.length / 2);
  const halves = savingsByPart(sweep, 2, half);
  const mixOf = (part: number) => {
    const weights = new Float64Array(strata.count);
    for (let i = 0; i < rows.length; i++) if (half(i) === part) weights[strata.of[i]!]! += 1;
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / all);
  };
  const worst = radii.map((radius) => {
    const saving = worstRatio(strata.saved, strata.billed, strata.weights, radius);
    const retention = worstMean(strata.kept, strata.weights, radius).value;
    const gained = saving?.weights.map((weight, s) => weight - strata.weights[s]!) ?? new Float64Array();
    const most = gained.reduce((best, gain, s) => (gain > (gained[best] ?? 0) ? s : best), -1);
    return {
      radius,
      saving: saving?.value ?? null,
      retention: Number.isNaN(retention) ? null : retention,
      towards: most < 0 ? null : strata.names[most]!,
    };
  });
  const appOf = largestApps(sweep);
  const mix: MixDrift = {
    strata: strata.count,
    worst,
    observed_distance: rows.length > 1 ? totalVariation(mixOf(0), mixOf(1)) : 0,
    halves,
    weeks: weeksOf(sweep),
    without_app: savingsByPart(sweep, appOf.apps.length + 1, (i) => appOf.part[i]!, { isWithout: true })
      .slice(0, appOf.apps.length)
      .map(({ saving }, part) => ({
        app: replay.apps[appOf.apps[part]!]!,
        requests: appOf.requests[part]!,
        saving,
      })),
  };
  return { mix, lines: [worstLine(mix, strata.best, rows.length), ...partLines(mix)] };
}

interface Strata {
  /** Stratum of each row. */
  of: Int32Array;
  count: number;
  names: Array<{ app: string; tier: number | null }>;
  weights: Float64Array;
  /** Means of an attempt. */
  saved: Float64Array;
  billed: Float64Array;
  kept: Float64Array;
  /** Largest saving within each radius. */
  best: ReadonlyArray<number | null>;
}

function strataOf({ replay, rows }: SweepRows): Strata {
  const cells = (replay.apps.length + 1) * tiers;
  const cellOf = (row: number) => (replay.app[row]! + 1) * tiers + replay.tier[row]! + 1;
  const counts = new Float64Array(cells);
  for (const row of rows) counts[cellOf(row)]! += 1;
  const large = [...counts.keys()].filter((cell) => counts[cell]! >= leastRows);
  const hasRest = counts.some((count) => count > 0 && count < leastRows);
  const count = large.length + Number(hasRest);
  const place = new Int32Array(cells).fill(large.length);
  large.forEach((cell, s) => {
    place[cell] = s;
  });
  const of = new Int32Array(rows.length);
  const zeros = () => new Float64Array(count);
  const [n, saved, billed, kept] = [zeros(), zeros(), zeros(), zeros()];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const s = place[cellOf(row)]!;
    const at = replay.chosen[row]! * replay.rows + row;
    of[i] = s;
    n[s]! += 1;
    saved[s]! += replay.billed[row]! - replay.usd[at]!;
    billed[s]! += replay.billed[row]!;
    kept[s]! += replay.sufficiency[at]!;
  }
  const mean = (sums: Float64Array) => sums.map((sum, s) => sum / n[s]!);
  const weights = n.map((rowsOf) => rowsOf / rows.length);
  const [savedMean, billedMean] = [mean(saved), mean(billed)];
  const names = Array.from({ length: count }, (_, s) => {
    const cell = large[s];
    if (cell === undefined) return { app: "other", tier: null };
    const app = Math.floor(cell / tiers) - 1;
    const tier = (cell % tiers) - 1;
    return { app: app < 0 ? "(not logged)" : replay.apps[app]!, tier: tier < 0 ? null : tier };
  });
  const negative = savedMean.map((value) => -value);
  const best = radii.map((radius) => {
    const found = worstRatio(negative, billedMean, weights, radius);
    return found && -found.value;
  });
  return { of, count, names, weights, saved: savedMean, billed: billedMean, kept: mean(kept), best };
}

/** The largest apps by bill; other rows are of the part behind the last. */
function largestApps({ replay, rows }: SweepRows): {
  apps: number[];
  part: Int32Array;
  requests: Float64Array;
} {
  const billed = new Float64Array(replay.apps.length);
  for (const row of rows) if (replay.app[row]! >= 0) billed[replay.app[row]!]! += replay.billed[row]!;
  const apps = [...billed.keys()]
    .filter((app) => billed[app]! > 0)
    .sort((a, b) => billed[b]! - billed[a]! || a - b)
    .slice(0, mostApps);
  const place = new Int32Array(replay.apps.length + 1).fill(apps.length);
  apps.forEach((app, part) => {
    place[app + 1] = part;
  });
  const part = Int32Array.from(rows, (row) => place[replay.app[row]! + 1]!);
  const requests = new Float64Array(apps.length + 1);
  for (const each of part) requests[each]! += 1;
  return { apps, part, requests };
}

function weeksOf(sweep: SweepRows): MixDrift["weeks"] {
  const { replay, rows } = sweep;
  const weekOf = (i: number) => Math.floor((replay.createdAt[rows[i]!]! - mondayUs) / weekUs);
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < rows.length; i++) last = Math.max(last, weekOf(i));
  const first = last - mostWeeks + 1;
  return savingsByPart(sweep, mostWeeks, (i) => weekOf(i) - first).filter(({ requests }) => requests > 0);
}

function worstLine(mix: MixDrift, best: Strata["best"], n: number): SensitivityLine {
  const radius = radii[0];
  const end = (value: number | null, which: string): SensitivityEnd | null =>
    value === null
      ? null
      : {
          at: `${which} mix within ${100 * radius} %`,
          figure: {
            value,
            low: Number.NEGATIVE_INFINITY,
            high: Number.POSITIVE_INFINITY,
            method: "modelled: exact optimum over all mixes within the distance; no interval of its own",
            n,
          },
          remade_saving: null,
        };
  return {
    kind: "mix",
    figure: "saving",
    label: "Mix of apps and tiers",
    assumption: `${100 * radius} % of the traffic changes its app or tier, in the worst and the best way for the saving`,
    evidence: "modelled",
    ...endsOf([end(mix.worst[0]!.saving, "worst"), end(best[0]!, "best")], "nothing was billed"),
    break_even: null,
  };
}

function partLines({ halves, without_app: apps }: MixDrift): SensitivityLine[] {
  const halfEnds = halves.map(
    ({ saving }, part): SensitivityEnd | null =>
      saving && { at: part === 0 ? "first half" : "second half", figure: saving, remade_saving: null },
  );
  const known = apps.flatMap(({ saving }): SensitivityEnd[] =>
    saving ? [{ at: "without one app", figure: saving, remade_saving: null }] : [],
  );
  return [
    {
      kind: "halves",
      figure: "saving",
      label: "Time",
      assumption: "the traffic is like the log's first half of calls, or like its second",
      evidence: "modelled",
      ...endsOf(halfEnds, "one half was billed nothing"),
      break_even: null,
    },
    ...(apps.length > 1
      ? [
          {
            kind: "without_app" as const,
            figure: "saving" as const,
            label: "One app less",
            assumption: "the app whose absence changes the saving most is gone",
            evidence: "modelled" as const,
            ...endsOf(known, "nothing was billed without it"),
            break_even: null,
          },
        ]
      : []),
  ];
}
