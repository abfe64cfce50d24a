import type { Policy } from "@signalbox/runtime";
import type { DialReport } from "../../datasets/model-evidence.js";
import type { ModelResult } from "../../datasets/results.js";
import { leastRowsForNgrams } from "../../models/fit-new-column.js";
import { reliabilityBins } from "../../models/metrics/calibration-metrics.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";
import type { NewModelCertificate } from "./certify-new-model.js";
import type { ModelFacts } from "./choose-models.js";
import type { ExtendedPoint } from "./extend-policy.js";
import type { FittedHead } from "./fit-new-head.js";
import { headCalibration } from "./head-calibration.js";
import { apgrEstimate } from "./held-out-metrics.js";
import type { NewModelRows } from "./new-model-rows.js";

/** results/model.json of a router that got a new model: the router's own figures as they were, and beside them those of the
 * new model on its own rows. The artifact's fields are null again until export. */
export function addedResult({
  result,
  rows,
  facts,
  rank,
  fitted,
  certificate,
  dial,
  policy,
  notes,
  seed,
}: {
  result: ModelResult;
  rows: NewModelRows;
  facts: ModelFacts;
  rank: number;
  fitted: FittedHead;
  certificate: NewModelCertificate | null;
  dial: readonly ExtendedPoint[];
  /** With the new model. */
  policy: Policy;
  notes: readonly string[];
  seed: number;
}): ModelResult {
  const { model } = facts;
  const line = {
    model,
    mean_quality: facts.meanQuality,
    mean_cost_usd: facts.meanCostUsd,
    cost_source: facts.costSource,
    status: "candidate, added after training",
  };
  const known = [...rows.items.keys()].filter((row) => fitted.weights[row]! > 0);
  const pick = (values: Float64Array) => Float64Array.from(known, (row) => values[row]!);
  const calibration = headCalibration(
    { heldOut: Int32Array.from(rows.items.keys()), crossCalibrated: [fitted.crossCalibrated] },
    [{ head: { kind: "sufficiency", model }, calibrate: fitted.targets, weights: fitted.weights }],
    rows.groups,
    seed,
  );
  return {
    ...result,
    artifact_id: null,
    artifact_path: null,
    confounders: null,
    candidates: result.candidates.filter((other) => other.model !== model).toSpliced(rank, 0, line),
    reliability: [
      ...result.reliability,
      { model, bins: reliabilityBins(pick(fitted.crossCalibrated), pick(fitted.targets)) },
    ],
    ...(result.dial ? { dial: extendDial(result.dial, dial, policy) } : {}),
    calibration: [...(result.calibration ?? []), ...calibration],
    added: [
      ...(result.added ?? []),
      {
        model,
        rows: rows.items.length,
        new_items: rows.newItems,
        left_out: rows.leftOut,
        certified_on: certificate?.rows ?? 0,
        apgr: gapRecovered(rows, known, fitted.sufficiency.get(model)!, { model, policy, seed }),
        before: certificate?.before ?? null,
        after: certificate?.after ?? null,
      },
    ],
    notes: [
      ...describeAddition(rows, model),
      `${model}: ${policy.thresholds[model]!.note}`,
      ...(certificate ? [describeChange(model, certificate)] : []),
      ...notes,
      ...result.notes.filter((note) => !note.startsWith(`${model} left out`)),
    ],
  };
}

/** The dial with the new model: its figures are those of the new model's rows, where those can say. */
function extendDial(report: DialReport, dial: readonly ExtendedPoint[], policy: Policy): DialReport {
  return {
    confidence: report.confidence,
    in_force: policy.retention_target,
    points: report.points.map((row) => {
      const point = policy.dial?.find(({ retention }) => retention === row.retention) ?? row;
      const certificate = dial.find((other) => other.point.retention === row.retention)?.certificate;
      const { min_sufficiency, retention_low } = point;
      return {
        ...row,
        min_sufficiency,
        retention_low,
        ...(certificate ? { strong_share: certificate.strongShare, saving: certificate.saving } : {}),
      };
    }),
  };
}

/** How well the new model's sufficiency ranks its own rows, against the strong model alone. */
function gapRecovered(
  { items, groups }: NewModelRows,
  known: readonly number[],
  sufficiency: Float64Array,
  { model, policy, seed }: { model: string; policy: Policy; seed: number },
) {
  const qualityOf = (name: string) =>
    Float64Array.from(known, (row) => items[row]!.outcomes.get(name)!.quality);
  return apgrEstimate(
    Float64Array.from(known, (row) => 1 - sufficiency[row]!),
    {
      quality: [qualityOf(model)],
      strongQuality: qualityOf(policy.strong_model),
      clusters: numberClusters(known.map((row) => String(groups[row]!))),
      weights: Float64Array.from(known, (row) => items[row]!.weight),
      correction: "",
    },
    seed,
  );
}

function describeAddition({ items, leftOut, newItems }: NewModelRows, model: string): string[] {
  const reads = items.length < leastRowsForNgrams ? " and dense features" : ", dense features and n-grams";
  return [
    `${model} was added after training from ${items.length} labels, ${newItems} of them on items that the router was not ` +
      `trained on; only its own logit was fitted, on the router's logits${reads}. All other weights, thresholds and rules ` +
      `stayed as they were, and the router's other figures are those without ${model}`,
    ...(leftOut > 0
      ? [
          `${leftOut} outcomes of ${model} left out: the router was fitted to those items, or to their twins or sessions`,
        ]
      : []),
  ];
}

function describeChange(model: string, { certification, rows, before, after }: NewModelCertificate): string {
  if (certification.threshold === null) {
    return `${model} changes nothing yet: on ${rows} rows the router costs $${before.usd.value.toPrecision(4)} a request at quality ${before.quality.value.toFixed(4)}`;
  }
  return (
    `on ${rows} rows that no fit saw, ${model} takes the mean cost of a request from $${before.usd.value.toPrecision(4)} to ` +
    `$${after.usd.value.toPrecision(4)} and its mean quality from ${before.quality.value.toFixed(4)} to ${after.quality.value.toFixed(4)}`
  );
}
