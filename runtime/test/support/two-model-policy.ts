import type { Policy, PolicyModel } from "../../src/artifact/artifact.js";
import type { PolicyRule, RuleAction, RuleCondition } from "../../src/artifact/operating-policy.js";

/** A model of which nothing is known but what a test states. */
export function modelFacts(model: string, facts: Partial<PolicyModel> = {}): PolicyModel {
  return {
    model,
    provider: null,
    input_usd_per_mtok: null,
    output_usd_per_mtok: null,
    mean_cost_usd: null,
    context_window: null,
    supports_tools: null,
    supports_vision: null,
    supports_json: null,
    ...facts,
  };
}

/** The least policy that routes: small answers from a sufficiency of 0.5, large answers the rest.
 * @param changes what a test is about */
export function twoModelPolicy(changes: Partial<Policy> = {}): Policy {
  return {
    strong_model: "large",
    default_model: "large",
    models: [modelFacts("small"), modelFacts("large")],
    excluded: [],
    retention_target: 0.98,
    confidence: 0.95,
    thresholds: { small: { min_sufficiency: 0.5, retention_low: null, n: 1, note: "" } },
    in_distribution: null,
    stakes_threshold: null,
    shadow: { rate: 0, salt: "" },
    enabled: true,
    ...changes,
  };
}

export function policyRule(id: string, when: RuleCondition, then: RuleAction): PolicyRule {
  return { id, when, then };
}
