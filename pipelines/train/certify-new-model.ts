import type { Estimate, Policy } from "@signalbox/runtime";
import { clusterRatio, clusterRatioInterval, numberClusters } from "../../models/statistics/cluster-ratio.js";
import {
  type Certification,
  candidateAt,
  certifyRetention,
} from "../../models/thresholds/certify-retention.js";
import type { CorrectedOutcomes } from "../trust/corrected-outcomes.js";
import type { ModelFacts } from "./choose-models.js";
import type { NewModelRows } from "./new-model-rows.js";

/** Mean cost and quality of one request. */
interface RoutedMeans {
  usd: Estimate;
  quality: Estimate;
}

/** A threshold for a new model, and what it changes. */
export interface NewModelCertificate {
  certification: Certification;
  /** Rows that it rests on: those that every model of the router answered. */
  rows: number;
  /** The router as it was, and with the new model, on the same rows. */
  before: RoutedMeans;
  after: RoutedMeans;
  /** With the new model: share of rows that the strong model answers, and what is saved against asking it always. */
  strongShare: Estimate;
  saving: Estimate;
}

/** Certify a threshold for a new model on its own rows. The other models keep theirs: the cheapest model whose sufficiency
 * reaches its own threshold answers, and only the new one's dial is turned. What must keep the promised quality is the whole
 * router, the other models' losses included.
 * @param sufficiency of every candidate of the policy, then of the new model; one array each, over all of `rows`
 * @param rank place of the new model among the policy's models
 * @returns null when no row was answered by every model */
export function certifyNewModel({
  rows,
  facts,
  rank,
  policy,
  sufficiency,
  isStakes,
  corrected,
}: {
  rows: NewModelRows;
  facts: ModelFacts;
  rank: number;
  policy: Policy;
  sufficiency: ReadonlyMap<string, Float64Array>;
  isStakes: (row: number) => boolean;
  corrected: CorrectedOutcomes | null;
}): NewModelCertificate | null {
  const known = [...rows.items.keys()].filter((row) =>
    policy.models.every(({ model }) => rows.items[row]!.outcomes.has(model)),
  );
  if (known.length === 0) return null;
  const qualityOf = (model: string) =>
    Float64Array.from(known, (row) => {
      const column = corrected?.quality.get(model);
      return column ? column[rows.places[row]!]! : rows.items[row]!.outcomes.get(model)!.quality;
    });
  const usdOf = (model: string, mean: number) =>
    Float64Array.from(known, (row) => rows.items[row]!.outcomes.get(model)!.costUsd ?? mean);
  const strong = policy.models.at(-1)!;
  const strongQuality = qualityOf(strong.model);
  const others = policy.models.slice(0, -1).map(({ model, mean_cost_usd }) => ({
    quality: qualityOf(model),
    usd: usdOf(model, mean_cost_usd ?? 0),
    passes: known.map((row) => {
      const least = policy.thresholds[model]?.min_sufficiency ?? null;
      return least !== null && sufficiency.get(model)![row]! >= least;
    }),
  }));
  const isVetoed = known.map((row) => rows.isStrange[row]! || isStakes(row));
  const first = known.map((_, i) => (isVetoed[i] ? -1 : others.findIndex(({ passes }) => passes[i])));
  const own = { quality: qualityOf(facts.model), usd: usdOf(facts.model, facts.meanCostUsd) };
  const strongUsd = usdOf(strong.model, strong.mean_cost_usd ?? 0);
  const before = {
    quality: Float64Array.from(first, (c, i) => (c < 0 ? strongQuality : others[c]!.quality)[i]!),
    usd: Float64Array.from(first, (c, i) => (c < 0 ? strongUsd : others[c]!.usd)[i]!),
  };
  // A cheaper model that answers leaves nothing for the new one to decide.
  const scores = Float64Array.from(known, (row, i) =>
    isVetoed[i] || (first[i]! >= 0 && first[i]! < rank) ? -1 : sufficiency.get(facts.model)![row]!,
  );
  const clusters = Int32Array.from(numberClusters(known.map((row) => String(rows.groups[row]!))));
  const weights = Float64Array.from(known, (row) => rows.items[row]!.weight);
  const certification = certifyRetention(
    {
      sufficiency: [scores],
      quality: [own.quality],
      strongQuality,
      fallbackQuality: before.quality,
      clusters,
      weights,
      lossUnit: corrected?.lossUnit,
    },
    { retention: policy.retention_target, confidence: policy.confidence },
  );
  const { threshold } = certification;
  const answers = (i: number) => threshold !== null && candidateAt([scores], i, threshold) === 0;
  const routed = (ours: Float64Array, theirs: Float64Array) =>
    theirs.map((value, i) => (answers(i) ? ours[i]! : value));
  const means = ({ usd, quality }: { usd: Float64Array; quality: Float64Array }): RoutedMeans => ({
    usd: meanOf(usd, weights, clusters, ""),
    quality: meanOf(
      quality,
      weights,
      clusters,
      corrected ? `; quality corrected by ${corrected.ratings} human ratings` : "",
    ),
  });
  const after = { usd: routed(own.usd, before.usd), quality: routed(own.quality, before.quality) };
  const stays = Float64Array.from(first, (c, i) => Number(c < 0 && !answers(i)));
  const share = (top: Float64Array, bottom: Float64Array) =>
    clusterRatioInterval(
      clusterRatio(
        top.map((value, i) => value * weights[i]!),
        bottom.map((value, i) => value * weights[i]!),
        clusters,
      ),
    );
  const about = { method: `${unseenRows}; cluster-robust ratio`, n: known.length };
  const paid = share(after.usd, strongUsd);
  return {
    certification,
    rows: known.length,
    before: means(before),
    after: means(after),
    strongShare: { ...share(stays, new Float64Array(known.length).fill(1)), ...about },
    saving: { value: 1 - paid.value, low: 1 - paid.high, high: 1 - paid.low, ...about },
  };
}

const unseenRows = "measured on rows that no fit saw";

function meanOf(values: Float64Array, weights: Float64Array, clusters: Int32Array, about: string): Estimate {
  const ratio = clusterRatio(
    values.map((value, i) => value * weights[i]!),
    weights,
    clusters,
  );
  return {
    ...clusterRatioInterval(ratio),
    method: `${unseenRows}; cluster-robust mean${about}`,
    n: values.length,
  };
}
