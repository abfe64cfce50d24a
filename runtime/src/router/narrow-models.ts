import type { ReadRequest } from "../request/read-request.js";
import type { CompiledPolicy } from "./compile-policy.js";
import { type CompiledRule, findRule } from "./compile-rules.js";
import { Reason } from "./decision.js";
import type { Thresholds } from "./dial.js";
import { callCost, type TokenEstimates } from "./expected-cost.js";
import { type Constraint, failedAbility, failedPermission } from "./hard-constraints.js";
import type { Wishes } from "./read-wishes.js";

/** The models that a request may go to. All are places among the policy's, ascending. */
export interface NarrowedModels {
  /** What hard constraints, the rule and the cap leave. */
  feasible: readonly number[];
  /** The same without the cap. */
  uncapped: readonly number[];
  /** Where the request goes when none fits: abilities give way, prohibitions don't. Null = something fits. */
  lastResort: number | null;
  /** Place of the model that a rule takes. */
  ruled: number | null;
  /** Id of the rule that decided or narrowed. */
  rule: string | null;
  /** Whether no feasible model is as cheap as the cap: `feasible` is then the cheapest one. */
  isOverBudget: boolean;
  /** Models that were passed over, and rules. */
  reasons: string[];
}

/** Leave the models that may answer a request: hard constraints, then the first rule that holds, then the cost cap.
 * @param thresholds reasons name only constraints on models that sufficiency could have chosen */
export function narrowModels(
  compiled: CompiledPolicy,
  { read, wishes, thresholds, tokens }: NarrowingInput,
): NarrowedModels {
  const { able, permitted, lacks } = applyConstraints(compiled, read, wishes);
  const reasons = namePassedOver(lacks, able.length === 0 ? null : thresholds);
  if (able.length === 0) {
    const lastResort = permitted.includes(compiled.strong)
      ? compiled.strong
      : (permitted.at(-1) ?? compiled.strong);
    return {
      ...untouched(able, reasons),
      lastResort,
      reasons: [...reasons, `${Reason.constraint}:none_fits`],
    };
  }
  const isTooDear = aboveCap(compiled, wishes, tokens);
  const rule = compiled.rules.length === 0 ? null : findRule(compiled.rules, read, wishes.meta);
  if (rule === null && isTooDear === null) return untouched(able, reasons);
  const { kept, missed } = applyRule(rule, able, lacks, isTooDear);
  const affordable = isTooDear === null ? kept : kept.filter((rank) => !isTooDear(rank));
  const isOverBudget = affordable.length === 0;
  return {
    feasible: isOverBudget ? [cheapestOf(compiled, kept, tokens)] : affordable,
    uncapped: kept,
    lastResort: null,
    ruled: missed === null ? (rule?.model ?? null) : null,
    rule: missed === null ? (rule?.id ?? null) : null,
    isOverBudget,
    reasons: missed === null ? reasons : [...new Set([...missed, ...reasons])],
  };
}

function untouched(able: readonly number[], reasons: string[]): NarrowedModels {
  return {
    feasible: able,
    uncapped: able,
    lastResort: null,
    ruled: null,
    rule: null,
    isOverBudget: false,
    reasons,
  };
}

/** @param thresholds null = name every model's */
function namePassedOver(lacks: ReadonlyArray<Constraint | null>, thresholds: Thresholds | null): string[] {
  const reasons: string[] = [];
  for (let rank = 0; rank < lacks.length; rank++) {
    if (lacks[rank] === null || (thresholds !== null && thresholds[rank] === null)) continue;
    const reason = `${Reason.constraint}:${lacks[rank]}`;
    if (!reasons.includes(reason)) reasons.push(reason);
  }
  return reasons;
}

/** What narrowing looks at. */
export interface NarrowingInput {
  read: ReadRequest;
  wishes: Wishes;
  thresholds: Thresholds;
  tokens: TokenEstimates;
}

interface Constrained {
  able: number[];
  /** What allow and deny lists and regions leave. */
  permitted: number[];
  /** First thing that each model lacks. */
  lacks: Array<Constraint | null>;
}

function applyConstraints({ candidates }: CompiledPolicy, read: ReadRequest, wishes: Wishes): Constrained {
  const able: number[] = [];
  const permitted: number[] = [];
  const lacks: Array<Constraint | null> = [];
  // A loop, not map: this runs on every request.
  for (let rank = 0; rank < candidates.length; rank++) {
    const { facts, isAllowed } = candidates[rank]!;
    const forbidden = isAllowed ? failedPermission(facts, wishes) : "denied";
    const lack = forbidden ?? failedAbility(facts, read);
    if (forbidden === null) permitted.push(rank);
    if (lack === null) able.push(rank);
    lacks.push(lack);
  }
  return { able, permitted, lacks };
}

/** Tells models that are expected to cost more than the cap; null without one. A price that isn't known passes. */
function aboveCap(
  { candidates, policy }: CompiledPolicy,
  { maxCostUsd }: Wishes,
  { most }: TokenEstimates,
): ((rank: number) => boolean) | null {
  const cap = Math.min(
    maxCostUsd ?? Number.POSITIVE_INFINITY,
    policy.max_cost_usd ?? Number.POSITIVE_INFINITY,
  );
  if (cap === Number.POSITIVE_INFINITY) return null;
  return (rank) => (callCost(candidates[rank]!.facts, most) ?? 0) > cap;
}

/** @returns the models that the rule leaves, and why it was passed over when it would leave none or takes one that may not answer */
function applyRule(
  rule: CompiledRule | null,
  able: readonly number[],
  lacks: ReadonlyArray<Constraint | null>,
  isTooDear: ((rank: number) => boolean) | null,
): { kept: readonly number[]; missed: string[] | null } {
  if (rule === null) return { kept: able, missed: null };
  const kept = able.filter((rank) => rule.keeps(rank));
  const isCapped = rule.model !== null && kept.length > 0 && isTooDear?.(rule.model) === true;
  if (kept.length > 0 && !isCapped) return { kept: rule.model === null ? kept : able, missed: null };
  const lack = isCapped ? "cost" : rule.model === null ? null : (lacks[rule.model] ?? null);
  const why = lack === null ? [] : [`${Reason.constraint}:${lack}`];
  return { kept: able, missed: [`${Reason.rulePassedOver}:${rule.id}`, ...why] };
}

function cheapestOf(
  { candidates }: CompiledPolicy,
  ranks: readonly number[],
  { most }: TokenEstimates,
): number {
  const cost = (rank: number) => callCost(candidates[rank]!.facts, most) ?? Number.POSITIVE_INFINITY;
  return ranks.reduce((best, rank) => (cost(rank) < cost(best) ? rank : best));
}
