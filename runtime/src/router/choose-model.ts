import type { Policy } from "../artifact/artifact.js";
import { denseNames } from "../features/dense-features.js";
import { isDisguised } from "../features/disguised-text.js";
import { type DistributionScore, scoreDistribution } from "../features/distribution-score.js";
import type { FeatureVector } from "../features/featurise.js";
import { capText, textCap } from "../features/normalise-text.js";
import type { ReadRequest } from "../request/read-request.js";
import type { Candidate, CompiledPolicy } from "./compile-policy.js";
import { type Decision, Reason } from "./decision.js";
import { failedConstraint } from "./hard-constraints.js";

/** What a choice rests on. */
export interface ChoiceInput {
  read: ReadRequest;
  /** As the featuriser gives them, not clamped. */
  features: FeatureVector;
  /** In head order. */
  probabilities: ArrayLike<number>;
}

/** The part of a decision that follows from the request, the model and the policy alone. */
export type Choice = Pick<
  Decision,
  | "model"
  | "fallbacks"
  | "tier"
  | "stakes"
  | "confidence"
  | "escalated"
  | "reasons"
  | "sufficiency"
  | "score"
  | "threshold"
  | "ood"
> & {
  /** Place of the model among the policy's, by cost. */
  rank: number;
  /** Places of the models that the hard constraints leave. */
  feasible: number[];
};

/** Choose a model for one request, by hard constraints, then stakes, then distribution, then the cheapest model whose
 * sufficiency clears its certified threshold; the strong model otherwise. Knows nothing of sessions and kill switches. */
export function chooseModel(compiled: CompiledPolicy, input: ChoiceInput): Choice {
  const { reasons: constraints, feasible } = applyConstraints(compiled, input.read);
  const stakes = readStakes(compiled, input.probabilities);
  const cheapest = findSufficient(compiled, feasible, input.probabilities);
  const distance =
    compiled.distribution === null ? null : scoreDistribution(compiled.distribution, input.features);
  const veto = findVeto(compiled, input, stakes, distance);
  const dearest = dearestFeasible(compiled, feasible);
  const rank = veto === null && cheapest !== null ? cheapest : dearest;
  const outcome = veto ?? (cheapest !== null ? Reason.sufficient : whyInsufficient(compiled));
  const scored = compiled.scoreCandidate;
  return {
    rank,
    feasible,
    model: compiled.candidates[rank]!.model,
    fallbacks: listFallbacks(compiled, feasible, rank),
    tier: readTier(compiled, input.probabilities),
    stakes,
    confidence: confidenceIn(compiled, rank, feasible, input.probabilities),
    escalated: (veto !== null && cheapest !== null && rank > cheapest) || constraints.length > 0,
    reasons: [outcome, ...constraints],
    sufficiency: readSufficiency(compiled, input.probabilities),
    score: scored === null ? null : 1 - input.probabilities[scored.head]!,
    threshold: scored?.minSufficiency ?? null,
    ood: distance === null ? null : Math.max(distance.text, distance.shape),
  };
}

/** Models to try after the one at `rank`: dearer ones first, in ascending cost, then cheaper ones, dearest first. */
export function listFallbacks(compiled: CompiledPolicy, feasible: readonly number[], rank: number): string[] {
  const dearer = feasible.filter((other) => other > rank);
  const cheaper = feasible.filter((other) => other < rank).reverse();
  return [...dearer, ...cheaper].map((other) => compiled.candidates[other]!.model);
}

/** Reasons name only constraints on models that sufficiency could have chosen. */
function applyConstraints(
  { candidates }: CompiledPolicy,
  read: ReadRequest,
): { reasons: string[]; feasible: number[] } {
  const reasons = new Set<string>();
  const feasible: number[] = [];
  candidates.forEach((candidate, rank) => {
    const failed = failedConstraint(candidate.facts, read);
    if (failed === null) feasible.push(rank);
    else if (candidate.minSufficiency !== null) reasons.add(`${Reason.constraint}:${failed}`);
  });
  if (feasible.length === 0) reasons.add(`${Reason.constraint}:none_fits`);
  return { reasons: [...reasons], feasible };
}

function readStakes(
  { stakesHead, policy }: CompiledPolicy,
  probabilities: ArrayLike<number>,
): boolean | null {
  if (stakesHead < 0 || policy.stakes_threshold === null) return null;
  return probabilities[stakesHead]! >= policy.stakes_threshold;
}

function findSufficient(
  { candidates, strong }: CompiledPolicy,
  feasible: readonly number[],
  probabilities: ArrayLike<number>,
): number | null {
  const found = feasible.find((rank) => rank !== strong && isSufficient(candidates[rank]!, probabilities));
  return found ?? null;
}

function isSufficient({ head, minSufficiency }: Candidate, probabilities: ArrayLike<number>): boolean {
  return head >= 0 && minSufficiency !== null && probabilities[head]! >= minSufficiency;
}

/** What sends a request to the strong model whatever its sufficiency; null = nothing. */
function findVeto(
  { policy }: CompiledPolicy,
  { read, features }: ChoiceInput,
  stakes: boolean | null,
  distance: DistributionScore | null,
): string | null {
  if (stakes === true) return Reason.stakes;
  if (read.userText === "") return Reason.noText;
  const beyond =
    findBeyond(policy.in_distribution, features.dense) ?? whatIsUnknown(read, features, distance);
  return beyond === null ? null : `${Reason.outOfDistribution}:${beyond}`;
}

/** First dense feature outside its bounds. */
function findBeyond(bounds: Policy["in_distribution"], dense: Float32Array): string | null {
  if (bounds === null) return null;
  const rounding = 1e-6;
  for (let i = 0; i < dense.length; i++) {
    if (dense[i]! < bounds.dense_low[i]! - rounding || dense[i]! > bounds.dense_high[i]! + rounding) {
      return denseNames[i]!;
    }
  }
  return null;
}

function whatIsUnknown(
  { userText }: ReadRequest,
  { dense }: FeatureVector,
  distance: DistributionScore | null,
): string | null {
  if (distance === null) return null;
  if (distance.text > 1) return "novel_text";
  if (distance.shape > 1) return "unusual_shape";
  // Only other characters than ASCII can disguise a text.
  return dense[nonAscii]! > 0 && isDisguised(capText(userText, textCap)) ? "disguised_text" : null;
}

const nonAscii = denseNames.indexOf("non_ascii_share");

/** The strong model where it is feasible, else the dearest model that is; the strong model when none is. */
function dearestFeasible({ strong }: CompiledPolicy, feasible: readonly number[]): number {
  return feasible.includes(strong) ? strong : (feasible.at(-1) ?? strong);
}

function whyInsufficient({ candidates, strong }: CompiledPolicy): string {
  const isCertified = candidates.some(
    ({ head, minSufficiency }, rank) => rank !== strong && head >= 0 && minSufficiency !== null,
  );
  return isCertified ? Reason.insufficient : Reason.notCertified;
}

/** Ordinal: the highest level that is more likely than not. */
function readTier({ difficultyHeads }: CompiledPolicy, probabilities: ArrayLike<number>): 0 | 1 | 2 | null {
  const [standard, complex] = difficultyHeads;
  if (standard < 0 && complex < 0) return null;
  if (complex >= 0 && probabilities[complex]! >= 0.5) return 2;
  return standard >= 0 && probabilities[standard]! >= 0.5 ? 1 : 0;
}

function confidenceIn(
  { candidates, strong }: CompiledPolicy,
  rank: number,
  feasible: readonly number[],
  probabilities: ArrayLike<number>,
): number {
  const { head } = candidates[rank]!;
  if (rank !== strong && head >= 0) return probabilities[head]!;
  const cheaper = feasible.filter((other) => other !== strong && candidates[other]!.head >= 0);
  return 1 - Math.max(0, ...cheaper.map((other) => probabilities[candidates[other]!.head]!));
}

function readSufficiency(
  { heads }: CompiledPolicy,
  probabilities: ArrayLike<number>,
): Record<string, number> {
  const sufficiency: Record<string, number> = {};
  heads.forEach((head, i) => {
    if (head.kind === "sufficiency") sufficiency[head.model] = probabilities[i]!;
  });
  return sufficiency;
}
