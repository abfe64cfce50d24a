import { type CompiledRule, compileRules, type PolicyRule } from "@signalbox/runtime";
import { factsOf, type RuleRequest, withoutFacts } from "./rule-request.js";

/** What rules say of one request. */
export interface RuleMatch {
  /** Place of the rule that claims it; null = none does, or that can't be known. */
  claimed: number | null;
  /** Place of the first rule that would claim it if facts held that the log lacks; null = every rule is decided up to the claim. */
  undecided: number | null;
  /** Places of all rules that hold. */
  holding: number[];
}

/** Make a matcher by the runtime's own rules. Where the log lacks a fact that a rule asks for, the rule holds for sure never; whether it
 * might is asked of the rule without that condition.
 * @param models names that actions may use */
export function createRuleMatcher(
  rules: readonly PolicyRule[],
  models: readonly string[],
): (request: RuleRequest) => RuleMatch {
  const compiled = compileRules(rules, models);
  const facts = rules.map(({ when }) => factsOf(when));
  const blindByFacts = new Map<string, CompiledRule[]>();
  const blindTo = (unknown: readonly string[]) => {
    const key = unknown.join("\0");
    let blind = blindByFacts.get(key);
    if (blind === undefined) {
      const lacking = new Set(unknown);
      blind = compileRules(
        rules.map((rule) => withoutFacts(rule, lacking)),
        models,
      );
      blindByFacts.set(key, blind);
    }
    return blind;
  };
  return ({ read, meta, unknown }) => {
    const match: RuleMatch = { claimed: null, undecided: null, holding: [] };
    compiled.forEach((rule, place) => {
      const isKnown = unknown.length === 0 || !facts[place]!.some((fact) => unknown.includes(fact));
      const holds = (isKnown ? rule : blindTo(unknown)[place]!).holds(read, meta);
      if (!holds) return;
      if (isKnown) match.holding.push(place);
      if (match.claimed !== null || match.undecided !== null) return;
      if (isKnown) match.claimed = place;
      else match.undecided = place;
    });
    return match;
  };
}
