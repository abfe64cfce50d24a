import { type Fields, recordOf } from "../request/request-fields.js";
import { type Check, isNumber, isShareOrNull, isText } from "./artifact-fields.js";
import { checkRules } from "./check-policy-rules.js";
import { ErrorClass, type FallbackRule } from "./operating-policy.js";

/** Check the parts of policy.json that an operator sets; what is absent is off.
 * @param models names of the policy's models
 * @throws {ArtifactError} by the check, naming the field */
export function checkOperatingPolicy(policy: Fields, check: Check, models: readonly string[]): void {
  (policy.models as Fields[]).forEach(checkModelFacts(check));
  if (policy.rules !== undefined) checkRules(policy.rules, check, models);
  if (policy.dial !== undefined) checkDial(policy.dial, check);
  const { max_cost_usd: cap = null, min_confidence: confidence = null } = policy;
  check(cap === null || (isNumber(cap) && cap > 0), "max_cost_usd (above 0, or null for no cap)", cap);
  check(isShareOrNull(confidence), "min_confidence (in [0, 1])", confidence);
  if (policy.switching !== undefined) checkSwitching(recordOf(policy.switching), check);
  checkLists(policy, check, models);
  if (policy.exploration !== undefined) checkShare(policy, check, "exploration", "epsilon");
  if (policy.ramp !== undefined) checkShare(policy, check, "ramp", "share");
  if (policy.fallbacks !== undefined) checkFallbacks(policy.fallbacks, check);
}

function checkModelFacts(check: Check): (facts: Fields, i: number) => void {
  return (facts, i) => {
    const price = facts.cache_read_usd_per_mtok ?? null;
    check(price === null || isPrice(price), `models[${i}].cache_read_usd_per_mtok`, price);
    for (const name of ["input_usd_per_mtok", "output_usd_per_mtok"] as const) {
      const value = facts[name] ?? null;
      check(value === null || isPrice(value), `models[${i}].${name}`, value);
    }
    const regions = facts.regions ?? null;
    check(regions === null || isTexts(regions), `models[${i}].regions (a list of names)`, regions);
  };
}

function isPrice(value: unknown): boolean {
  return isNumber(value) && value >= 0;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function checkDial(dial: unknown, check: Check): void {
  check(Array.isArray(dial), "dial (a list of points)", dial);
  let before = Number.NEGATIVE_INFINITY;
  (dial as unknown[]).forEach((value, i) => {
    const { retention, min_sufficiency: least, retention_low: low = null } = recordOf(value);
    const isNext = isNumber(retention) && retention > before && retention <= 1;
    check(isNext, `dial[${i}].retention (at most 1, points from loose to strict)`, retention);
    before = retention as number;
    const isLeast = typeof least === "object" && least !== null && !Array.isArray(least);
    check(isLeast, `dial[${i}].min_sufficiency (one number or null per model)`, least);
    for (const [model, wanted] of Object.entries(recordOf(least))) {
      check(isShareOrNull(wanted), `dial[${i}].min_sufficiency.${model}`, wanted);
    }
    check(low === null || isNumber(low), `dial[${i}].retention_low`, low);
  });
}

function checkSwitching(switching: Fields, check: Check): void {
  const { drops, min_prefix_tokens: prefix, cache_ttl_s: life } = switching;
  check(drops === "when_cheaper" || drops === "never", 'switching.drops ("when_cheaper" or "never")', drops);
  check(isNumber(prefix) && prefix >= 0, "switching.min_prefix_tokens", prefix);
  check(isNumber(life) && life >= 0, "switching.cache_ttl_s", life);
}

function checkLists(policy: Fields, check: Check, models: readonly string[]): void {
  const { allow_models: allowed, deny_models: denied } = policy;
  check(allowed === undefined || isTexts(allowed), "allow_models (a list of names)", allowed);
  check(denied === undefined || isTexts(denied), "deny_models (a list of names)", denied);
  const isLeft = (model: string) =>
    (allowed === undefined || (allowed as string[]).includes(model)) &&
    !(denied as string[] | undefined)?.includes(model);
  check(models.some(isLeft), "allow_models and deny_models (together they leave no model)", {
    allow_models: allowed,
    deny_models: denied,
  });
}

function checkShare(policy: Fields, check: Check, name: "exploration" | "ramp", share: string): void {
  const { [share]: value, salt } = recordOf(policy[name]);
  check(value !== null && isShareOrNull(value), `${name}.${share} (in [0, 1])`, value);
  check(typeof salt === "string", `${name}.salt`, salt);
}

const fallbackRules: ReadonlySet<unknown> = new Set<FallbackRule>([
  "none",
  "dearer",
  "larger_context",
  "other_provider",
  "next",
]);

/** Classes that a later version adds are left alone, as every unknown field is. */
function checkFallbacks(fallbacks: unknown, check: Check): void {
  check(typeof fallbacks === "object" && fallbacks !== null, "fallbacks", fallbacks);
  for (const name of Object.values(ErrorClass)) {
    const rule = recordOf(fallbacks)[name];
    check(rule === undefined || fallbackRules.has(rule), `fallbacks.${name}`, rule);
  }
}
