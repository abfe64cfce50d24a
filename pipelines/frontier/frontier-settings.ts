import type { Policy } from "@signalbox/runtime";
import { FrontierKind, type FrontierPoint } from "../../datasets/frontier-result.js";
import { ifExactSettings } from "./if-exact-settings.js";
import { perAppSettings } from "./per-app-settings.js";
import { mixSums, type SettingSums, settingSums } from "./setting-sums.js";
import { placeAtThresholds, type SweepRows } from "./sweep-rows.js";
import { type ModelThresholds, namedThresholds } from "./thresholds-in-force.js";

/** A setting that can be laid over the replayed rows, and what a reader is told of it. */
export interface FrontierSetting
  extends Pick<FrontierPoint, "kind" | "label" | "min_sufficiency" | "by_app" | "command" | "how"> {
  /** Sums over all rows. */
  sums: SettingSums;
}

/** Thresholds in the sweep, at evenly spaced quantiles of the log's sufficiencies. */
const sweptThresholds = 24;
const mixShares = [0.2, 0.4, 0.6, 0.8] as const;

/** Every setting of a frontier: as billed, as the router is set, the points of its dial, common thresholds, thresholds by app, single models,
 * draws between the cheapest and the strong one, and the bound of exact estimates. */
export function frontierSettings(sweep: SweepRows, policy: Policy): FrontierSetting[] {
  const { replay, rows } = sweep;
  const { models } = replay;
  const strong = models.length - 1;
  const choice = new Uint8Array(rows.length);
  const sumsOf = (placeOf: (row: number, i: number) => number): SettingSums => {
    for (let i = 0; i < rows.length; i++) choice[i] = placeOf(rows[i]!, i);
    return settingSums(sweep, choice);
  };
  const setting = (
    kind: FrontierKind,
    label: string,
    sums: SettingSums,
    rest: Partial<FrontierSetting> = {},
  ): FrontierSetting => ({
    kind,
    label,
    min_sufficiency: null,
    by_app: null,
    command: null,
    how: "",
    ...rest,
    sums,
  });
  const atThresholds = (thresholds: ModelThresholds) =>
    sumsOf((row, i) =>
      sweep.isFree[i] === 1 ? placeAtThresholds(replay, row, thresholds) : replay.chosen[row]!,
    );

  const singles = models.map((model, place) =>
    setting(
      FrontierKind.single,
      `Always ${model}`,
      sumsOf(() => place),
      {
        command: `signalbox policy set --artifact DIR --allow-model ${quoted(model)}`,
        how: "allows this model alone",
      },
    ),
  );
  const dial = (policy.dial ?? [])
    .filter(({ min_sufficiency: least }) => models.slice(0, -1).some((model) => least[model] != null))
    .map(({ retention, min_sufficiency: least }) => {
      const thresholds = models.map((model) => least[model] ?? null);
      return setting(
        FrontierKind.dial,
        `Dial at ${(100 * retention).toFixed(1)} %`,
        atThresholds(thresholds),
        {
          min_sufficiency: namedThresholds(models, thresholds),
          command: `signalbox policy set --artifact DIR --retention ${retention}`,
          how: `certified in training to keep ${(100 * retention).toFixed(1)} %`,
        },
      );
    });
  const swept = sweptValues(sweep).map((least) => {
    const thresholds = models.map(() => least);
    return setting(
      FrontierKind.threshold,
      `Sufficiency of at least ${least.toFixed(4)}`,
      atThresholds(thresholds),
      {
        min_sufficiency: namedThresholds(models, thresholds),
        how: "not certified: signalbox train --retention R certifies the threshold that keeps R",
      },
    );
  });
  return [
    setting(
      FrontierKind.billed,
      "As billed",
      sumsOf((row) => replay.served[row]!),
      {
        how: "what the log holds",
      },
    ),
    setting(
      FrontierKind.router,
      "Router as it is set",
      sumsOf((row) => replay.chosen[row]!),
      {
        how: "in force when the artifact is served",
      },
    ),
    ...dial,
    ...swept,
    ...perAppSettings(sweep, [...dial, ...swept], choice).map((found) =>
      setting(FrontierKind.perApp, found.label, found.sums, found),
    ),
    ...singles,
    ...(strong > 0
      ? mixShares.map((share) =>
          setting(
            FrontierKind.randomMix,
            `${100 * share} % ${models[strong]} at random, else ${models[0]}`,
            mixSums(singles[strong]!.sums, singles[0]!.sums, share),
            { how: "a baseline: what a draw keeps for the same money" },
          ),
        )
      : []),
    ...ifExactSettings(sweep, choice).map(({ label, sums }) =>
      setting(FrontierKind.ifExact, label, sums, {
        how: "a bound, if the router's estimates were exact: no setting of this artifact",
      }),
    ),
  ];
}

/** Common thresholds worth trying: quantiles of the cheaper models' sufficiencies on free rows, to four decimals. */
function sweptValues({ replay, rows, isFree }: SweepRows): number[] {
  const cheaper = replay.models.length - 1;
  const stride = Math.max(1, Math.floor((rows.length * cheaper) / 100_000));
  const found: number[] = [];
  for (let at = 0; at < rows.length * cheaper; at += stride) {
    const i = at % rows.length;
    if (isFree[i] !== 1) continue;
    const value = replay.sufficiency[Math.floor(at / rows.length) * replay.rows + rows[i]!]!;
    if (!Number.isNaN(value)) found.push(value);
  }
  if (found.length === 0) return [];
  const sorted = Float64Array.from(found).sort();
  const picked = Array.from(
    { length: sweptThresholds },
    (_, k) => sorted[Math.round((k * (sorted.length - 1)) / (sweptThresholds - 1))]!,
  );
  // A setting is what its label says.
  return [...new Set(picked.map((value) => Math.round(value * 1e4) / 1e4))];
}

function quoted(name: string): string {
  return /^[\w.:/@-]+$/.test(name) ? name : JSON.stringify(name);
}
