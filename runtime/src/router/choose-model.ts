import type { FeatureVector } from "../features/featurise.js";
import type { ReadRequest } from "../request/read-request.js";
import type { Candidate, CompiledPolicy } from "./compile-policy.js";
import { type Decision, Reason } from "./decision.js";
import { type Thresholds, thresholdsFor } from "./dial.js";
import { estimateTokens, type TokenEstimates } from "./expected-cost.js";
import { type NarrowedModels, narrowModels } from "./narrow-models.js";
import { noWishes, type Wishes } from "./read-wishes.js";
import { gatherEvidence, type RequestEvidence } from "./request-evidence.js";

/** What a choice rests on. */
export interface ChoiceInput {
  read: ReadRequest;
  /** As the featuriser gives them, not clamped. */
  features: FeatureVector;
  /** In head order. */
  probabilities: ArrayLike<number>;
  /** Quantiles of ln(1 + output tokens); without them costs aren't known and no cap applies. */
  lengthQuantiles?: ArrayLike<number>;
  /** None when absent. */
  wishes?: Wishes;
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
  | "rule"
  | "reasons"
  | "sufficiency"
  | "score"
  | "threshold"
  | "ood"
> & {
  /** Place of the model among the policy's, by cost. */
  rank: number;
  /** Places of the models that hard constraints, the user's rule and the cap leave. */
  feasible: readonly number[];
  /** Whether a rule took the model: then its session has no say. */
  isRuled: boolean;
  /** Whether the model was chosen for being sufficient, which is when a session may drop to it. */
  isSufficient: boolean;
  /** Whether chance may choose among the feasible models: no veto, no rule that takes a model, and more than one to choose from. */
  mayExplore: boolean;
  tokens: TokenEstimates;
};

/** Choose a model for one request, by hard constraints, then the user's rules and the cost cap, then stakes, then distribution, then the
 * cheapest model whose sufficiency clears its threshold; the strong model otherwise. Knows nothing of sessions, chance and kill
 * switches. docs/policy.md has the order of precedence. */
export function chooseModel(compiled: CompiledPolicy, input: ChoiceInput): Choice {
  const evidence = gatherEvidence(compiled, input.read, input.features, input);
  return chooseOnEvidence(compiled, input.read, evidence, input.wishes ?? noWishes);
}

/** {@link chooseModel} on evidence that is at hand already. */
export function chooseOnEvidence(
  compiled: CompiledPolicy,
  read: ReadRequest,
  evidence: RequestEvidence,
  wishes: Wishes,
): Choice {
  const { probabilities, lengths, nonAsciiShare } = evidence;
  const thresholds = thresholdsFor(compiled.dial, wishes.retention);
  const tokens = estimateTokens(read, nonAsciiShare, lengths, compiled.medianLength);
  const models = narrowModels(compiled, { read, wishes, thresholds, tokens });
  const stakes = readStakes(compiled, probabilities);
  const veto = findVeto(read, stakes, evidence);
  const verdict: Verdict = { probabilities, thresholds, veto };
  const outcome = decideOutcome(compiled, models, verdict);
  const { rank } = outcome;
  const unbound = findSufficient(compiled, compiled.ranks, verdict);
  return {
    rank,
    feasible: models.feasible,
    isRuled: models.ruled !== null,
    isSufficient: outcome.reasons.includes(Reason.sufficient),
    mayExplore: mayExplore(compiled, models, veto) && thresholds !== compiled.dial.nothing,
    tokens,
    model: compiled.candidates[rank]!.model,
    fallbacks: listFallbacks(compiled, models.lastResort === null ? models.feasible : [], rank),
    tier: readTier(compiled, probabilities),
    stakes,
    confidence: confidenceIn(compiled, rank, models.feasible, probabilities),
    escalated: unbound.cleared !== null && rank > unbound.cleared,
    rule: models.rule,
    reasons: [...outcome.reasons, ...models.reasons],
    sufficiency: readSufficiency(compiled, probabilities),
    score: scoreOf(compiled, probabilities),
    threshold: compiled.scored === null ? null : thresholds[compiled.scored]!,
    ood: evidence.ood,
  };
}

/** Models to try after the one at `rank`: dearer ones first, in ascending cost, then cheaper ones, dearest first. */
export function listFallbacks(compiled: CompiledPolicy, feasible: readonly number[], rank: number): string[] {
  const dearer = feasible.filter((other) => other > rank);
  const cheaper = feasible.filter((other) => other < rank).reverse();
  return [...dearer, ...cheaper].map((other) => compiled.candidates[other]!.model);
}

interface Verdict {
  probabilities: ArrayLike<number>;
  thresholds: Thresholds;
  veto: string | null;
}

function decideOutcome(
  compiled: CompiledPolicy,
  models: NarrowedModels,
  verdict: Verdict,
): { rank: number; reasons: string[] } {
  const rule = models.rule === null ? [] : [`${Reason.rule}:${models.rule}`];
  if (models.ruled !== null) return { rank: models.ruled, reasons: rule };
  const { rank, reason } = classify(compiled, models.feasible, verdict);
  if (models.lastResort !== null) return { rank: models.lastResort, reasons: [reason] };
  if (models.isOverBudget) {
    const why = verdict.veto === null ? [] : [verdict.veto];
    return { rank: models.feasible[0]!, reasons: [Reason.overBudget, ...rule, ...why] };
  }
  const isCapped =
    models.feasible !== models.uncapped && classify(compiled, models.uncapped, verdict).rank !== rank;
  return { rank, reasons: [...rule, reason, ...(isCapped ? [`${Reason.constraint}:cost`] : [])] };
}

/** The classifier's own choice among some models. */
function classify(
  compiled: CompiledPolicy,
  feasible: readonly number[],
  verdict: Verdict,
): { rank: number; reason: string } {
  const dearest = feasible.includes(compiled.strong) ? compiled.strong : (feasible.at(-1) ?? compiled.strong);
  if (verdict.veto !== null) return { rank: dearest, reason: verdict.veto };
  const { sure, cleared } = findSufficient(compiled, feasible, verdict);
  if (sure !== null) return { rank: sure, reason: Reason.sufficient };
  return {
    rank: dearest,
    reason: cleared !== null ? Reason.lowConfidence : whyInsufficient(compiled, verdict),
  };
}

/** The cheapest models that clear their thresholds: `cleared` whatever the least confidence, `sure` with it. */
function findSufficient(
  { candidates, strong, policy }: CompiledPolicy,
  ranks: readonly number[],
  { probabilities, thresholds }: Verdict,
): { cleared: number | null; sure: number | null } {
  let cleared: number | null = null;
  for (const rank of ranks) {
    const { head }: Candidate = candidates[rank]!;
    const least = thresholds[rank]!;
    if (rank === strong || head < 0 || least === null || !(probabilities[head]! >= least)) continue;
    cleared ??= rank;
    if (probabilities[head]! >= (policy.min_confidence ?? 0)) return { cleared, sure: rank };
  }
  return { cleared, sure: null };
}

function readStakes(
  { stakesHead, policy }: CompiledPolicy,
  probabilities: ArrayLike<number>,
): boolean | null {
  if (stakesHead < 0 || policy.stakes_threshold === null) return null;
  return probabilities[stakesHead]! >= policy.stakes_threshold;
}

/** What sends a request to the strong model whatever its sufficiency; null = nothing. */
function findVeto(read: ReadRequest, stakes: boolean | null, { stranger }: RequestEvidence): string | null {
  if (stakes === true) return Reason.stakes;
  if (read.userText === "") return Reason.noText;
  return stranger === null ? null : `${Reason.outOfDistribution}:${stranger}`;
}

function mayExplore({ policy }: CompiledPolicy, models: NarrowedModels, veto: string | null): boolean {
  if (policy.exploration === undefined || veto !== null || models.ruled !== null) return false;
  return models.lastResort === null && models.feasible.length > 1;
}

function whyInsufficient({ candidates, strong }: CompiledPolicy, { thresholds }: Verdict): string {
  const isCertified = candidates.some(
    ({ head }, rank) => rank !== strong && head >= 0 && thresholds[rank] !== null,
  );
  return isCertified ? Reason.insufficient : Reason.notCertified;
}

function scoreOf({ candidates, scored }: CompiledPolicy, probabilities: ArrayLike<number>): number | null {
  return scored === null ? null : 1 - probabilities[candidates[scored]!.head]!;
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
