import type { Policy } from "@signalbox/runtime";
import { FrontierKind } from "../../datasets/frontier-result.js";
import { type FrontierSetting, frontierSetting } from "./frontier-setting.js";
import { ifExactSettings } from "./if-exact-settings.js";
import { perAppSettings } from "./per-app-settings.js";
import { mixSums, type SettingSums, settingSums } from "./setting-sums.js";
import type { SweepRows } from "./sweep-rows.js";
import { thresholdSettings } from "./threshold-settings.js";

const mixShares = [0.2, 0.4, 0.6, 0.8] as const;

/** Every setting of a frontier: as billed, as the router is set, the points of its dial, common thresholds, thresholds by app, single models,
 * draws between the cheapest and the strong one, and the bound of exact estimates. */
export function frontierSettings(sweep: SweepRows, policy: Policy): FrontierSetting[] {
  const { replay, rows } = sweep;
  const { models } = replay;
  const strong = models.length - 1;
  const choice = new Uint8Array(rows.length);
  const sumsOf = (places: Int32Array): SettingSums => {
    for (let i = 0; i < rows.length; i++) choice[i] = places[rows[i]!]!;
    return settingSums(sweep, choice);
  };
  const singles = models.map((model, place) =>
    frontierSetting(FrontierKind.single, `Always ${model}`, settingSums(sweep, choice.fill(place)), {
      command: `signalbox policy set --artifact DIR --allow-model ${quoted(model)}`,
      how: "allows this model alone",
    }),
  );
  const thresholds = thresholdSettings(sweep, policy);
  return [
    frontierSetting(FrontierKind.billed, "As billed", sumsOf(replay.served), {
      how: "what the log holds",
    }),
    frontierSetting(FrontierKind.router, "Router as it is set", sumsOf(replay.chosen), {
      how: "in force when the artifact is served",
    }),
    ...thresholds,
    ...perAppSettings(sweep, thresholds).map((found) =>
      frontierSetting(FrontierKind.perApp, found.label, found.sums, found),
    ),
    ...singles,
    ...(strong > 0
      ? mixShares.map((share) =>
          frontierSetting(
            FrontierKind.randomMix,
            `${100 * share} % ${models[strong]} at random, else ${models[0]}`,
            mixSums(singles[strong]!.sums, singles[0]!.sums, share),
            { how: "a baseline: what a draw keeps for the same money" },
          ),
        )
      : []),
    ...ifExactSettings(sweep, choice).map(({ label, sums }) =>
      frontierSetting(FrontierKind.ifExact, label, sums, {
        how: "a bound, if the router's estimates were exact: no setting of this artifact",
      }),
    ),
  ];
}

/** A name as one word of a shell. */
function quoted(name: string): string {
  return /^[\w.:/@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
