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
  const reasons = lacks.flatMap((lack, rank) =>
    lack !== null && (thresholds[rank] !== null || able.length === 0) ? [`${Reason.constraint}:${lack}`] : [],
  );
  const narrowed = {
    feasible: able,
    uncapped: able,
    lastResort: null,
    ruled: null,
    rule: null,
    isOverBudget: false,
  };
  if (able.length === 0) {
    const lastResort = permitted.includes(compiled.strong)
      ? compiled.strong
      : (permitted.at(-1) ?? compiled.strong);
    return { ...narrowed, lastResort, reasons: unique([...reasons, `${Reason.constraint}:none_fits`]) };
  }
  const costOf = costUnderCap(compiled, wishes, tokens);
  const rule = compiled.rules.length === 0 ? null : findRule(compiled.rules, read, wishes.meta);
  const { kept, missed } = applyRule(rule, able, lacks, costOf);
  const ruled = missed === null ? (rule?.model ?? null) : null;
  const affordable = costOf === null ? kept : kept.filter((rank) => costOf(rank) !== tooDear);
  const isOverBudget = affordable.length === 0;
  return {
    ...narrowed,
    feasible: isOverBudget ? [cheapestOf(compiled, kept, tokens)] : affordable,
    uncapped: kept,
    ruled,
    rule: missed === null ? (rule?.id ?? null) : null,
    isOverBudget,
    reasons: unique(missed === null ? reasons : [...missed, ...reasons]),
  };
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
  const lacks = candidates.map(({ facts, isAllowed }, rank): Constraint | null => {
    const forbidden = isAllowed ? failedPermission(facts, wishes) : "denied";
    if (forbidden !== null) return forbidden;
    permitted.push(rank);
    const lack = failedAbility(facts, read);
    if (lack === null) able.push(rank);
    return lack;
  });
  return { able, permitted, lacks };
}

const tooDear = Symbol("too dear");

/** Tells models that are expected to cost more than the cap; null without one. A price that isn't known passes. */
function costUnderCap(
  { candidates, policy }: CompiledPolicy,
  { maxCostUsd }: Wishes,
  { most }: TokenEstimates,
): ((rank: number) => typeof tooDear | null) | null {
  const cap = Math.min(
    maxCostUsd ?? Number.POSITIVE_INFINITY,
    policy.max_cost_usd ?? Number.POSITIVE_INFINITY,
  );
  if (cap === Number.POSITIVE_INFINITY) return null;
  return (rank) => ((callCost(candidates[rank]!.facts, most) ?? 0) > cap ? tooDear : null);
}

/** @returns the models that the rule leaves, and why it was passed over when it would leave none or takes one that may not answer */
function applyRule(
  rule: CompiledRule | null,
  able: readonly number[],
  lacks: ReadonlyArray<Constraint | null>,
  costOf: ReturnType<typeof costUnderCap>,
): { kept: readonly number[]; missed: string[] | null } {
  if (rule === null) return { kept: able, missed: null };
  const kept = able.filter((rank) => rule.keeps(rank));
  const isTooDear = rule.model !== null && kept.length > 0 && costOf?.(rule.model) === tooDear;
  if (kept.length > 0 && !isTooDear) return { kept: rule.model === null ? kept : able, missed: null };
  const lack = isTooDear ? "cost" : rule.model === null ? null : (lacks[rule.model] ?? null);
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

function unique(values: string[]): string[] {
  return values.length < 2 ? values : [...new Set(values)];
}
