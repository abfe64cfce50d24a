import type { DialPoint, Policy, PolicyModel } from "@signalbox/runtime";
import { listPrice } from "../../datasets/prices/price-book.js";
import { saltedHash, type Workspace } from "../../datasets/workspace.js";
import type { FeatureMatrix } from "../../models/classifier/feature-matrix.js";
import type { DenseRange } from "../../models/robustness/dense-range.js";
import type { FittedDistribution } from "../../models/robustness/fit-distribution.js";
import type { Certification } from "../../models/thresholds/certify-retention.js";
import type { ModelChoice, ModelFacts } from "./choose-models.js";
import { distributionBounds } from "./distribution-bounds.js";
import type { TrainingItem } from "./read-training-items.js";

/** Default share of sessions that the shadow sampler takes. */
const shadowRate = 0.1;

/** The policy of a trained router: models by cost, the certified threshold, what counts as out of distribution. */
export function routerPolicy({
  workspace,
  choice,
  certification,
  dial,
  matrix,
  range,
  distribution,
  items,
  retention,
  confidence,
  stakes,
  correction,
}: {
  workspace: Workspace;
  choice: ModelChoice;
  certification: Certification;
  dial: DialPoint[];
  /** Features as they are, and the range in which the model reads them. */
  matrix: FeatureMatrix;
  range: DenseRange;
  distribution: FittedDistribution;
  items: readonly TrainingItem[];
  retention: number;
  confidence: number;
  stakes: number | null;
  /** What quality rests on, as the held-out rows say it. */
  correction: string;
}): Policy {
  const pricedAt = pricingTime(items);
  return {
    strong_model: choice.strong.model,
    default_model: choice.strong.model,
    models: [...choice.candidates, choice.strong].map((facts) => policyModel(facts, pricedAt)),
    excluded: choice.excluded.map(({ model, reason }) => ({ model, reason })),
    retention_target: retention,
    confidence,
    thresholds: Object.fromEntries(
      choice.candidates.map(({ model }) => [
        model,
        {
          min_sufficiency: certification.threshold,
          retention_low: certification.retentionLow,
          n: certification.rows,
          note: `${certificationNote(certification, retention, confidence)}${correction}`,
        },
      ]),
    ),
    dial,
    dense_range: range,
    in_distribution: { ...distributionBounds(matrix), score: distribution.score },
    stakes_threshold: stakes,
    shadow: { rate: shadowRate, salt: saltedHash(workspace, "shadow sample") },
    enabled: true,
  };
}

/** When prices are looked up: the latest time of the items, microseconds; undated items are priced as of 2026. */
export function pricingTime(items: readonly TrainingItem[]): number {
  return (
    items.reduce((latest, { createdAt }) => Math.max(latest, createdAt ?? 0), 0) ||
    Date.UTC(2026, 0, 1) * 1000
  );
}

/** Why the threshold is what it is, in one sentence. */
export function certificationNote(
  { threshold, rows, rowsNeeded }: Certification,
  retention: number,
  confidence: number,
): string {
  const promise = `retention of at least ${retention} with ${confidence} confidence`;
  if (threshold !== null) return `certified on ${rows} held-out rows: ${promise}`;
  return rowsNeeded === null
    ? `not certifiable with ${rows} rows: no threshold keeps ${promise}`
    : `not certifiable with ${rows} rows, need about ${Math.max(rowsNeeded, rows + 1)} for ${promise}`;
}

/** What the policy says of one model; prices as of a time in microseconds. */
export function policyModel({ model, meanCostUsd }: ModelFacts, pricedAt: number): PolicyModel {
  const price = listPrice(model, null, pricedAt);
  return {
    model,
    provider: null,
    input_usd_per_mtok: price?.inputUsdPerMtok ?? null,
    output_usd_per_mtok: price?.outputUsdPerMtok ?? null,
    mean_cost_usd: meanCostUsd,
    context_window: price?.contextWindow ?? null,
    supports_tools: null,
    supports_vision: null,
    supports_json: null,
    cache_read_usd_per_mtok: price?.cacheReadUsdPerMtok ?? null,
    regions: null,
  };
}
