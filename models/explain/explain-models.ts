import {
  type CompiledPolicy,
  callCost,
  type Decision,
  estimateTokens,
  FEATURISER,
  type FeatureVector,
  failedConstraint,
  narrowModels,
  type Prediction,
  type ReadRequest,
  Reason,
  thresholdsFor,
  type Wishes,
} from "@signalbox/runtime";

/** What spoke for and against one model. */
export interface ModelExplanation {
  model: string;
  is_chosen: boolean;
  /** P(its answer is not worse than the strong model's); null for the strong model and models without a head. */
  sufficiency: number | null;
  /** Least sufficiency at the setting of the dial in force for this request; null = never chosen on sufficiency. */
  threshold: number | null;
  /** What the call is expected to cost, USD: median length at full input prices; null when a price or the length isn't known. */
  expected_cost_usd: number | null;
  /** Why it was or wasn't chosen, in words. */
  why: string;
}

/** Say of each model why it was or wasn't chosen, by the runtime's own constraints, rules and thresholds. What the router does after the
 * choice (sessions, chance, the ramp) shows as the chosen model's reason.
 * @param decision the router's own, on the same request */
export function explainModels({
  compiled,
  read,
  wishes,
  features,
  prediction,
  decision,
}: {
  compiled: CompiledPolicy;
  read: ReadRequest;
  wishes: Wishes;
  features: FeatureVector;
  prediction: Prediction;
  decision: Decision;
}): ModelExplanation[] {
  const { probabilities, lengthQuantiles } = prediction;
  const thresholds = thresholdsFor(compiled.dial, wishes.retention);
  const nonAscii = features.dense[FEATURISER.denseNames.indexOf("non_ascii_share")]!;
  const tokens = estimateTokens(read, nonAscii, lengthQuantiles, compiled.medianLength);
  const narrowed = narrowModels(compiled, { read, wishes, thresholds, tokens });
  return compiled.candidates.map(({ facts, model, head, isAllowed }, rank) => {
    const isStrong = rank === compiled.strong;
    const sufficiency = isStrong || head < 0 ? null : probabilities[head]!;
    const threshold = isStrong ? null : thresholds[rank]!;
    const isChosen = model === decision.model;
    const against: Against = {
      lack: isAllowed ? failedConstraint(facts, read, wishes) : "denied",
      rule: narrowed.uncapped.includes(rank) ? null : narrowed.rule,
      isTooDear: !narrowed.feasible.includes(rank),
      isStrong,
      isDearer: rank > compiled.candidates.findIndex((other) => other.model === decision.model),
      sufficiency,
      threshold,
      least: compiled.policy.min_confidence ?? 0,
    };
    return {
      model,
      is_chosen: isChosen,
      sufficiency,
      threshold,
      expected_cost_usd: callCost(facts, tokens.likely),
      why: isChosen ? `chosen: ${decision.reasons.join(", ")}` : whyNot(against, decision),
    };
  });
}

/** What may stand against a model that wasn't chosen. */
interface Against {
  /** Hard constraint that it fails. */
  lack: string | null;
  /** Rule that leaves it out. */
  rule: string | null;
  isTooDear: boolean;
  isStrong: boolean;
  /** Than the chosen one. */
  isDearer: boolean;
  sufficiency: number | null;
  threshold: number | null;
  /** Least confidence that the policy demands. */
  least: number;
}

function whyNot(against: Against, { model, reasons }: Decision): string {
  const { lack, rule, isTooDear, isStrong, isDearer, sufficiency, threshold, least } = against;
  if (lack !== null) return lacks[lack] ?? lack;
  if (rule !== null) return `left out by rule ${rule}`;
  if (isTooDear) return "expected to cost more than the cap";
  if (isStrong) return `not needed: ${model} was chosen`;
  if (sufficiency === null) return "the artifact has no head for it";
  if (threshold === null) return "not certified at this retention";
  if (sufficiency < threshold) return `below its threshold by ${(threshold - sufficiency).toFixed(4)}`;
  if (sufficiency < least) return `below the least confidence of ${least}`;
  if (isDearer && reasons.includes(Reason.sufficient))
    return `sufficient, but ${model} is cheaper and is, too`;
  return `clears its threshold, but ${model} was chosen: ${reasons[0] ?? "no reason given"}`;
}

const lacks: Readonly<Record<string, string>> = {
  denied: "not allowed by a list of the policy or the request",
  region: "not known to be served in a region that the request demands",
  tools: "known not to support tools",
  vision: "known not to read images",
  json: "known not to support structured output",
  context: "the request is longer than its context window",
};
