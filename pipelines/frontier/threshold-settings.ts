import type { Policy } from "@signalbox/runtime";
import { FrontierKind } from "../../datasets/frontier-result.js";
import { type FrontierSetting, frontierSetting } from "./frontier-setting.js";
import { thresholdSums } from "./setting-sums.js";
import type { SweepRows } from "./sweep-rows.js";
import { type ModelThresholds, namedThresholds, thresholdTable } from "./thresholds-in-force.js";

/** Thresholds in the sweep, at evenly spaced quantiles of the log's sufficiencies. */
const sweptThresholds = 16;

/** Settings of one set of thresholds for all traffic: the certified points of a policy's dial, and a sweep of common thresholds. */
export function thresholdSettings(sweep: SweepRows, policy: Policy): FrontierSetting[] {
  const { models } = sweep.replay;
  const onePart = new Uint8Array(sweep.rows.length);
  const setting = (
    kind: FrontierKind,
    label: string,
    thresholds: ModelThresholds,
    facts: Partial<FrontierSetting>,
  ) =>
    frontierSetting(kind, label, thresholdSums(sweep, thresholdTable([thresholds], models.length), onePart), {
      min_sufficiency: namedThresholds(models, thresholds),
      ...facts,
    });
  const isCertified = (least: Readonly<Record<string, number | null>>) =>
    models.slice(0, -1).some((model) => least[model] != null);
  return [
    ...(policy.dial ?? [])
      .filter(({ min_sufficiency: least }) => isCertified(least))
      .map(({ retention, min_sufficiency: least }) => {
        const promise = `${(100 * retention).toFixed(1)} %`;
        return setting(
          FrontierKind.dial,
          `Dial at ${promise}`,
          models.map((model) => least[model] ?? null),
          {
            command: `signalbox policy set --artifact DIR --retention ${retention}`,
            how: `certified in training to keep ${promise}, on this log more or less by the router's estimate`,
          },
        );
      }),
    ...sweptValues(sweep).map((least) =>
      setting(
        FrontierKind.threshold,
        `Sufficiency of at least ${least.toFixed(4)}`,
        models.map(() => least),
        { how: "not certified: signalbox train --retention R certifies the threshold that keeps R" },
      ),
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
