import {
  compilePolicy,
  estimateTokens,
  type Head,
  narrowModels,
  noWishes,
  type Policy,
  type PolicyRule,
} from "@signalbox/runtime";
import type { RuleRequest } from "./rule-request.js";

/** Make a function that says what stands in the way of a rule on a request that it claims, by the runtime's own constraints: what the
 * rule's models lack (`tools`, `context`, ...) or `none_left`; null when the rule has its way. Cost caps aren't tried, since the length
 * of the answer isn't known without the model. */
export function createConflictFinder(
  policy: Policy,
  heads: readonly Head[],
): (request: RuleRequest, rule: PolicyRule) => string | null {
  const compiled = compilePolicy({ ...policy, max_cost_usd: null }, heads);
  return ({ read, meta }) => {
    const { rule, reasons } = narrowModels(compiled, {
      read,
      wishes: { ...noWishes, meta },
      thresholds: compiled.dial.standing,
      tokens: estimateTokens(read, 0, [], 0),
    });
    if (rule !== null) return null;
    const constraints = reasons.flatMap((reason) => /^constraint:(.*)$/.exec(reason)?.[1] ?? []);
    return constraints[0] ?? "none_left";
  };
}
