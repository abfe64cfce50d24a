import type { PolicyModel } from "../artifact/artifact.js";
import type { ReadRequest } from "../request/read-request.js";
import { type Choice, listFallbacks } from "./choose-model.js";
import { type CompiledPolicy, mayBeCalled } from "./compile-policy.js";
import { type Decision, Reason } from "./decision.js";
import { callCost } from "./expected-cost.js";
import { type ExploredChoice, exploreModel, isKeptBack } from "./explore-model.js";
import { failedConstraint } from "./hard-constraints.js";
import type { Wishes } from "./read-wishes.js";
import type { SettledSession } from "./settle-session.js";

/** A turn that is settled with its session. */
export interface SettledTurn {
  read: ReadRequest;
  wishes: Wishes;
  choice: Choice;
  settled: SettledSession;
}

/** Where a turn goes in the end. */
export type PlacedTurn = Pick<
  Decision,
  "model" | "fallbacks" | "arm" | "explored" | "propensity" | "expectedCostUsd" | "reasons"
>;

/** What chance and the ramp rest on. */
export interface PlacingContext {
  compiled: CompiledPolicy;
  /** What exploration and the ramp draw for. */
  unit: () => string;
  defaultModel: string;
}

/** Say where a settled turn goes: to the default model where the ramp keeps its session back, to a drawn one where exploration says so,
 * else where it was settled. */
export function placeTurn(turn: SettledTurn, context: PlacingContext): PlacedTurn {
  const { compiled } = context;
  if (isKeptBack(compiled.policy.ramp, context.unit)) return keepBack(turn, context);
  const { rank, explored, propensity } = drawTurn(turn, context);
  return {
    ...placeAt(turn, compiled, rank),
    explored,
    propensity,
    reasons: [...(explored ? [Reason.explored] : []), ...turn.settled.reasons, ...turn.choice.reasons],
  };
}

function placeAt({ choice }: SettledTurn, compiled: CompiledPolicy, rank: number) {
  const { model } = compiled.candidates[rank]!;
  const fallbacks = rank === choice.rank ? choice.fallbacks : listFallbacks(compiled, choice.feasible, rank);
  return { model, fallbacks, arm: "router" as const, expectedCostUsd: costOf(compiled, choice, model) };
}

function drawTurn({ choice, settled }: SettledTurn, context: PlacingContext): ExploredChoice {
  const { policy, candidates } = context.compiled;
  if (!choice.mayExplore || settled.reasons.includes(Reason.followUp) || policy.exploration === undefined) {
    return { rank: settled.rank, explored: false, propensity: 1 };
  }
  return exploreModel(policy.exploration, {
    unit: context.unit(),
    names: candidates.map(({ model }) => model),
    feasible: choice.feasible,
    greedy: settled.rank,
  });
}

/** The default model answers, unless a hard constraint forbids it; what the router would have done stands in the reasons and first among
 * the fallbacks. */
function keepBack(turn: SettledTurn, { compiled, defaultModel }: PlacingContext): PlacedTurn {
  const { choice, settled, read, wishes } = turn;
  const routed = placeAt(turn, compiled, settled.rank);
  const candidate = compiled.candidates.find(({ model }) => model === defaultModel);
  const facts = candidate?.facts ?? { ...unknownModel, model: defaultModel };
  const lack = mayBeCalled(compiled.policy, defaultModel) ? failedConstraint(facts, read, wishes) : "denied";
  const why = lack === null ? [] : [`${Reason.constraint}:${lack}`];
  const held = {
    arm: "control" as const,
    explored: false,
    propensity: 1,
    reasons: [...new Set([Reason.rampControl, ...why, ...settled.reasons, ...choice.reasons])],
  };
  if (lack !== null) return { ...routed, ...held };
  return {
    ...held,
    model: defaultModel,
    fallbacks: [routed.model, ...routed.fallbacks].filter((model) => model !== defaultModel),
    expectedCostUsd: costOf(compiled, choice, defaultModel),
  };
}

const unknownModel: Omit<PolicyModel, "model"> = {
  provider: null,
  input_usd_per_mtok: null,
  output_usd_per_mtok: null,
  mean_cost_usd: null,
  context_window: null,
  supports_tools: null,
  supports_vision: null,
  supports_json: null,
};

function costOf({ candidates }: CompiledPolicy, choice: Choice, name: string): number | null {
  const candidate = candidates.find(({ model }) => model === name);
  return candidate === undefined ? null : callCost(candidate.facts, choice.tokens.likely);
}
