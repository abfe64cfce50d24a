import type { PolicyRule, RuleAction, RuleCondition } from "@signalbox/runtime";

/** A rule, written short. */
export function policyRule(id: string, when: RuleCondition, then: RuleAction): PolicyRule {
  return { id, when, then };
}
