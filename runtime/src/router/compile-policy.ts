import type { Head, Policy, PolicyModel } from "../artifact/artifact.js";
import { compileDistribution, type DistributionScorer } from "../features/distribution-score.js";

/** A model of the policy with the places of its numbers. */
export interface Candidate {
  facts: PolicyModel;
  model: string;
  /** Index of its sufficiency head; -1 without one. */
  head: number;
  /** Certified threshold; null = never chosen on sufficiency. */
  minSufficiency: number | null;
}

/** A policy with its names resolved against the model's heads. */
export interface CompiledPolicy {
  policy: Policy;
  heads: readonly Head[];
  /** In ascending cost. */
  candidates: readonly Candidate[];
  /** Index of the strong model in `candidates`. */
  strong: number;
  /** Index of P(difficulty >= 1), P(difficulty >= 2) and P(stakes) among the heads; -1 without one. */
  difficultyHeads: readonly [number, number];
  stakesHead: number;
  /** Candidate that `score` speaks of: the cheapest that has a threshold, else the cheapest that has a head; null without. */
  scoreCandidate: Candidate | null;
  /** Null when the policy has no out-of-distribution score. */
  distribution: DistributionScorer | null;
}

/** Resolve a policy against the heads of its model. */
export function compilePolicy(policy: Policy, heads: readonly Head[]): CompiledPolicy {
  const candidates = policy.models.map((facts) => ({
    facts,
    model: facts.model,
    head: heads.findIndex((head) => head.kind === "sufficiency" && head.model === facts.model),
    minSufficiency: policy.thresholds[facts.model]?.min_sufficiency ?? null,
  }));
  const strong = candidates.findIndex(({ model }) => model === policy.strong_model);
  const judged = candidates.filter(({ head }, rank) => head >= 0 && rank !== strong);
  const difficultyHead = (level: number) =>
    heads.findIndex((head) => head.kind === "difficulty" && head.level === level);
  return {
    policy,
    heads,
    candidates,
    strong,
    difficultyHeads: [difficultyHead(1), difficultyHead(2)],
    stakesHead: heads.findIndex((head) => head.kind === "stakes"),
    scoreCandidate: judged.find(({ minSufficiency }) => minSufficiency !== null) ?? judged[0] ?? null,
    distribution: compileDistribution(policy.in_distribution),
  };
}
