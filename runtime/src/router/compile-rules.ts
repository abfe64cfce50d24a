import { compilePattern } from "../artifact/compile-pattern.js";
import type { PolicyRule, RuleCondition } from "../artifact/operating-policy.js";
import { patternUnits } from "../artifact/pattern-steps.js";
import type { ReadRequest } from "../request/read-request.js";
import type { Fields } from "../request/request-fields.js";

/** A user's rule, ready to be asked. */
export interface CompiledRule {
  id: string;
  holds(read: ReadRequest, meta: Fields): boolean;
  /** Place of the model that the rule takes; null when it narrows the choice. */
  model: number | null;
  /** Whether the rule leaves a model in, by its place. */
  keeps(rank: number): boolean;
}

/** Compile a policy's rules, in order.
 * @param names the policy's models, by cost; an action's unknown model is none of them */
export function compileRules(rules: readonly PolicyRule[], names: readonly string[]): CompiledRule[] {
  return rules.map(({ id, when, then }) => {
    const least = "at_least" in then ? names.indexOf(then.at_least) : 0;
    const excluded = "exclude" in then ? new Set(then.exclude.map((model) => names.indexOf(model))) : null;
    const model = "model" in then ? names.indexOf(then.model) : null;
    const keeps = (rank: number) => (model === null ? rank >= least && !excluded?.has(rank) : rank === model);
    return { id, holds: compileCondition(when), model, keeps };
  });
}

/** First rule that holds; null when none does. */
export function findRule(
  rules: readonly CompiledRule[],
  read: ReadRequest,
  meta: Fields,
): CompiledRule | null {
  for (const rule of rules) if (rule.holds(read, meta)) return rule;
  return null;
}

function compileCondition(when: RuleCondition): CompiledRule["holds"] {
  const facts = compileFacts(when);
  const pattern = when.text_matches === undefined ? null : compilePattern(when.text_matches);
  const { min_chars: least = 0, max_chars: most = Number.POSITIVE_INFINITY } = when;
  const { has_tools: wantsTools, has_images: wantsImages } = when;
  return (read, meta) => {
    const chars = read.userText.length;
    if (chars < least || chars > most) return false;
    if (wantsTools !== undefined && wantsTools !== read.nTools > 0) return false;
    if (wantsImages !== undefined && wantsImages !== read.nImages > 0) return false;
    if (!facts.every(([name, wanted]) => hasFact(meta, name, wanted))) return false;
    return pattern === null || pattern.test(read.userText.slice(0, patternUnits));
  };
}

type WantedFact = readonly [name: string, wanted: ReadonlySet<string>];

function compileFacts({ app, endpoint, tag, meta = {} }: RuleCondition): WantedFact[] {
  const facts = [...Object.entries({ app, endpoint, tag }), ...Object.entries(meta)];
  return facts.flatMap(([name, wanted]) =>
    wanted === undefined ? [] : [[name, new Set([wanted].flat())] as const],
  );
}

function hasFact(meta: Fields, name: string, wanted: ReadonlySet<string>): boolean {
  if (isWanted(meta[name], wanted)) return true;
  return name === "tag" && (hasAny(meta.tag, wanted) || hasAny(meta.tags, wanted));
}

function isWanted(value: unknown, wanted: ReadonlySet<string>): boolean {
  if (typeof value === "string") return wanted.has(value);
  return (typeof value === "number" || typeof value === "boolean") && wanted.has(String(value));
}

/** Tags of one request that are read. */
const tagsRead = 100;

function hasAny(tags: unknown, wanted: ReadonlySet<string>): boolean {
  return Array.isArray(tags) && tags.slice(0, tagsRead).some((tag) => isWanted(tag, wanted));
}
