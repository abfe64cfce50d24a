import type { PolicyRule } from "@signalbox/runtime";

/** Requests and their dollars. */
export interface RuleTraffic {
  requests: number;
  /** Share of all checked requests. */
  share: number;
  /** USD, as billed or by list price; requests without a known price are in `unpriced` and in no sum. */
  usd: number;
  unpriced: number;
}

/** What one rule does to the checked requests. */
export interface RuleFinding extends RuleTraffic {
  rule: PolicyRule;
  /** claims = some requests are its own; shadowed = earlier rules take all that it matches; nothing = it matches none; unknown = only
   * requests match of which the log lacks a fact that it asks for. */
  status: "claims" | "shadowed" | "nothing" | "unknown";
  /** Requests that it matches, whatever rules come before it. */
  matches: number;
  /** Earlier rules that take requests that it matches. */
  shadowed_by: Array<{ rule: string; requests: number }>;
  /** Requests that it would claim if facts held that the log doesn't say, and which facts. */
  unknown: { requests: number; facts: string[] };
  /** Claimed requests on which the runtime passes it over, by what stands in the way; null without an artifact. */
  conflicts: Array<{ constraint: string; requests: number }> | null;
  /** Redacted beginnings of claimed requests. */
  examples: Array<{ id: string; text: string }>;
}

/** A dry run of rules: which requests each of them claims. */
export interface RulesCheck {
  schema_version: 1;
  source: string;
  /** Whose models and constraints were checked; null = none. */
  artifact_id: string | null;
  requests: number;
  usd: number;
  unpriced: number;
  rules: RuleFinding[];
  /** Requests that no rule claims, and those of which that can't be known. */
  unclaimed: RuleTraffic;
  undecided: RuleTraffic;
  /** Lines that hold no request. */
  unreadable: number;
  notes: string[];
}
