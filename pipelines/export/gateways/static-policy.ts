import {
  compilePolicy,
  type ErrorClass,
  fallbacksAfter,
  type Policy,
  type PolicyModel,
  type PolicyRule,
} from "@signalbox/runtime";
import { type LostPart, lostEverywhere } from "./lost-part.js";

/** The part of a policy that needs no model: which models there are, what to try after which failure, and the rules with one model each. */
export interface StaticPolicy {
  /** That may be called, in ascending cost. */
  models: StaticModel[];
  /** Answers where nothing says otherwise. */
  defaultModel: string;
  rules: StaticRule[];
  lost: LostPart[];
}

/** A model with the models to try after it, per class of error. */
export interface StaticModel {
  facts: PolicyModel;
  fallbacks: Readonly<Record<ErrorClass, string[]>>;
}

/** A rule and the one model that it comes to without a router. */
export interface StaticRule {
  id: string;
  when: PolicyRule["when"];
  model: string;
}

const errorClasses: ErrorClass[] = [
  "rate_limited",
  "overloaded",
  "timeout",
  "network",
  "context_length",
  "content_filter",
  "bad_request",
  "auth",
  "unknown",
];

/** Take the static part out of a policy, and say what of it is lost whatever the gateway. */
export function staticPolicy(policy: Policy): StaticPolicy {
  const { allow_models: allowed, deny_models: denied = [] } = policy;
  const models = policy.models.filter(
    ({ model }) => !denied.includes(model) && (allowed === undefined || allowed.includes(model)),
  );
  const names = models.map(({ model }) => model);
  const lost = lostEverywhere(policy);
  const defaultModel = names.includes(policy.default_model) ? policy.default_model : names.at(-1);
  if (defaultModel === undefined) return { models: [], defaultModel: policy.default_model, rules: [], lost };
  if (defaultModel !== policy.default_model)
    lost.push({
      what: `default model ${policy.default_model}`,
      why: `it may not be called; ${defaultModel} stands in`,
    });
  const compiled = compilePolicy(policy, []);
  return {
    models: models.map((facts) => ({ facts, fallbacks: fallbacksOf(compiled, facts.model, names) })),
    defaultModel,
    rules: policy.enabled ? resolveRules(policy.rules ?? [], names, defaultModel, lost) : [],
    lost,
  };
}

function fallbacksOf(
  compiled: ReturnType<typeof compilePolicy>,
  model: string,
  names: readonly string[],
): StaticModel["fallbacks"] {
  const at = names.indexOf(model);
  const fallbacks = [...names.slice(at + 1), ...names.slice(0, at).reverse()];
  const lists = errorClasses.map(
    (name) => [name, fallbacksAfter(compiled, { model, fallbacks }, name)] as const,
  );
  return Object.fromEntries(lists) as unknown as StaticModel["fallbacks"];
}

/** @param names models that may be called, in ascending cost */
function resolveRules(
  rules: readonly PolicyRule[],
  names: readonly string[],
  defaultModel: string,
  lost: LostPart[],
): StaticRule[] {
  return rules.flatMap(({ id, when, then }) => {
    const model = resolveAction(then, names, defaultModel);
    if (model === null) {
      lost.push({ what: `rule ${id}`, why: "the model that it takes may not be called" });
      return [];
    }
    if (!("model" in then))
      lost.push({ what: `the choice that rule ${id} leaves`, why: `without a router it comes to ${model}` });
    return [{ id, when, model }];
  });
}

function resolveAction(
  then: PolicyRule["then"],
  names: readonly string[],
  defaultModel: string,
): string | null {
  if ("model" in then) return names.includes(then.model) ? then.model : null;
  const at = names.indexOf(defaultModel);
  if ("at_least" in then) {
    const least = names.indexOf(then.at_least);
    return least < 0 ? null : names[Math.max(least, at)]!;
  }
  const left = [...names.slice(at), ...names.slice(0, at).reverse()].filter(
    (name) => !then.exclude.includes(name),
  );
  return left[0] ?? null;
}
