import type { PolicyRule, ReadRequest, RuleCondition } from "@signalbox/runtime";

/** A request as rules see it, and what is known of it beside. */
export interface RuleRequest {
  id: string;
  read: ReadRequest;
  meta: Readonly<Record<string, unknown>>;
  /** Facts that rules may ask for and the log doesn't have; see {@link factsOf}. */
  unknown: readonly string[];
  /** USD; null = no known price. */
  usd: number | null;
}

/** Facts that a condition asks for: text, tools, images, app, endpoint, tag, or meta.NAME. */
export function factsOf(when: RuleCondition): string[] {
  return Object.keys(when).flatMap((name) =>
    name === "meta"
      ? Object.keys(when.meta ?? {}).map((key) => `meta.${key}`)
      : [conditionFacts[name] ?? name],
  );
}

const conditionFacts: Readonly<Record<string, string>> = {
  min_chars: "text",
  max_chars: "text",
  text_matches: "text",
  has_tools: "tools",
  has_images: "images",
};

/** A rule without the conditions on some facts: what holds of it is necessary for the rule to hold. */
export function withoutFacts(rule: PolicyRule, facts: ReadonlySet<string>): PolicyRule {
  const when = Object.fromEntries(
    Object.entries(rule.when).filter(([name]) => name === "meta" || !facts.has(conditionFacts[name] ?? name)),
  ) as RuleCondition;
  const meta = Object.entries(rule.when.meta ?? {}).filter(([key]) => !facts.has(`meta.${key}`));
  return { ...rule, when: rule.when.meta === undefined ? when : { ...when, meta: Object.fromEntries(meta) } };
}
