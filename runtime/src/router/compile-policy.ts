import type { Head, Policy, PolicyModel } from "../artifact/artifact.js";
import { compileDistribution, type DistributionScorer } from "../features/distribution-score.js";
import { type CompiledRule, compileRules } from "./compile-rules.js";
import { compileDial, type Dial } from "./dial.js";

/** A model of the policy with the places of its numbers. */
export interface Candidate {
  facts: PolicyModel;
  model: string;
  /** Index of its sufficiency head; -1 without one. */
  head: number;
  /** Certified threshold; null = never chosen on sufficiency. */
  minSufficiency: number | null;
  /** Whether the policy's own lists let it be called. */
  isAllowed: boolean;
}

/** A policy with its names resolved against the model's heads. */
export interface CompiledPolicy {
  policy: Policy;
  heads: readonly Head[];
  /** In ascending cost. */
  candidates: readonly Candidate[];
  /** 0, 1, ... */
  ranks: readonly number[];
  /** Index of the strong model in `candidates`. */
  strong: number;
  /** Index of P(difficulty >= 1), P(difficulty >= 2) and P(stakes) among the heads; -1 without one. */
  difficultyHeads: readonly [number, number];
  stakesHead: number;
  /** Place in `candidates` of the one that `score` speaks of: the cheapest that has a threshold, else the cheapest that has a head; null
   * without. */
  scored: number | null;
  /** Null when the policy has no out-of-distribution score. */
  distribution: DistributionScorer | null;
  rules: readonly CompiledRule[];
  dial: Dial;
  /** Place of the median among the model's length quantiles. */
  medianLength: number;
}

/** Resolve a policy against its model.
 * @param lengthQuantiles levels of the model's length quantiles, ascending; empty without a length head
 * @throws {SyntaxError} for a rule's pattern that is none; `readPolicy` refuses those before */
export function compilePolicy(
  policy: Policy,
  heads: readonly Head[],
  lengthQuantiles: readonly number[] = [],
): CompiledPolicy {
  const names = policy.models.map(({ model }) => model);
  const dial = compileDial(policy, names);
  const candidates = policy.models.map((facts, rank) => ({
    facts,
    model: facts.model,
    head: heads.findIndex((head) => head.kind === "sufficiency" && head.model === facts.model),
    minSufficiency: dial.standing[rank]!,
    isAllowed: mayBeCalled(policy, facts.model),
  }));
  const strong = names.indexOf(policy.strong_model);
  const judged = candidates.filter(({ head }, rank) => head >= 0 && rank !== strong);
  const scored = judged.find(({ minSufficiency }) => minSufficiency !== null) ?? judged[0];
  const difficultyHead = (level: number) =>
    heads.findIndex((head) => head.kind === "difficulty" && head.level === level);
  return {
    policy,
    heads,
    candidates,
    ranks: [...candidates.keys()],
    strong,
    difficultyHeads: [difficultyHead(1), difficultyHead(2)],
    stakesHead: heads.findIndex((head) => head.kind === "stakes"),
    scored: scored === undefined ? null : candidates.indexOf(scored),
    distribution: compileDistribution(policy.in_distribution),
    rules: compileRules(policy.rules ?? [], names),
    dial,
    medianLength: placeOfMedian(lengthQuantiles),
  };
}

/** Whether the policy's own lists let a model be called. */
export function mayBeCalled({ allow_models: allowed, deny_models: denied }: Policy, model: string): boolean {
  return (allowed?.includes(model) ?? true) && !(denied?.includes(model) ?? false);
}

function placeOfMedian(levels: readonly number[]): number {
  const distances = levels.map((level) => Math.abs(level - 0.5));
  return Math.max(0, distances.indexOf(Math.min(...distances)));
}
