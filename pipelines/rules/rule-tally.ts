import { createHash } from "node:crypto";
import type { PolicyRule } from "@signalbox/runtime";
import { redact } from "../../datasets/privacy/redact.js";
import type { RuleFinding, RuleTraffic } from "../../datasets/rules-check.js";
import type { RuleMatch } from "./match-rules.js";
import { factsOf, type RuleRequest } from "./rule-request.js";

/** Examples per rule, and how much of each is shown. */
const examplesKept = 3;
const exampleChars = 80;
/** Redaction looks at the beginning only: a prompt may be megabytes. */
const charsRedacted = 400;

/** Sums of some requests. */
class Sum {
  requests = 0;
  usd = 0;
  unpriced = 0;

  add({ usd }: RuleRequest): void {
    this.requests += 1;
    if (usd === null) this.unpriced += 1;
    else this.usd += usd;
  }

  /** Sums of floats in any order differ in their last digits; a billionth of a dollar doesn't. */
  of(all: number): RuleTraffic {
    const { requests, usd, unpriced } = this;
    return { requests, share: all === 0 ? 0 : requests / all, usd: Math.round(usd * 1e9) / 1e9, unpriced };
  }
}

interface RuleState {
  claims: Sum;
  matches: number;
  shadowedBy: Map<number, number>;
  unknown: number;
  unknownFacts: Set<string>;
  conflicts: Map<string, number>;
  /** By rank: a hash of the id, so that examples are a sample and the same for every order of reading. */
  examples: Array<{ rank: string; id: string; text: string }>;
}

/** Counts what rules do to requests, in memory that doesn't grow with them. */
export class RuleTally {
  private readonly all = new Sum();
  private readonly unclaimed = new Sum();
  private readonly undecided = new Sum();
  private readonly states: RuleState[];

  /** @param salt of the placeholders in examples */
  constructor(
    private readonly rules: readonly PolicyRule[],
    private readonly salt: string,
  ) {
    this.states = rules.map(() => ({
      claims: new Sum(),
      matches: 0,
      shadowedBy: new Map(),
      unknown: 0,
      unknownFacts: new Set(),
      conflicts: new Map(),
      examples: [],
    }));
  }

  get requests(): number {
    return this.all.requests;
  }

  /** @param conflict what stands in the way of the rule that claims it; null = nothing */
  add(request: RuleRequest, { claimed, undecided, holding }: RuleMatch, conflict: string | null): void {
    this.all.add(request);
    for (const place of holding) {
      const state = this.states[place]!;
      state.matches += 1;
      if (claimed !== null && claimed !== place) addOne(state.shadowedBy, claimed);
    }
    if (undecided !== null) {
      const state = this.states[undecided]!;
      this.undecided.add(request);
      state.unknown += 1;
      for (const fact of factsOf(this.rules[undecided]!.when))
        if (request.unknown.includes(fact)) state.unknownFacts.add(fact);
    } else if (claimed === null) this.unclaimed.add(request);
    else this.claim(this.states[claimed]!, request, conflict);
  }

  /** @param withConflicts whether conflicts were looked for */
  finish(withConflicts: boolean) {
    const of = (sum: Sum) => sum.of(this.all.requests);
    const { requests, usd, unpriced } = of(this.all);
    return {
      requests,
      usd,
      unpriced,
      rules: this.states.map((state, place): RuleFinding => this.finding(place, state, withConflicts)),
      unclaimed: of(this.unclaimed),
      undecided: of(this.undecided),
    };
  }

  private claim(state: RuleState, request: RuleRequest, conflict: string | null): void {
    state.claims.add(request);
    if (conflict !== null) addOne(state.conflicts, conflict);
    const rank = createHash("md5").update(request.id).digest("hex");
    const { examples } = state;
    if (examples.length === examplesKept && rank >= examples.at(-1)!.rank) return;
    examples.push({ rank, id: request.id, text: this.excerpt(request.read.userText) });
    examples.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    examples.splice(examplesKept);
  }

  private excerpt(text: string): string {
    const clean = redact(text.slice(0, charsRedacted), this.salt)
      .text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
      .trim();
    return clean.length <= exampleChars ? clean : `${clean.slice(0, exampleChars).toWellFormed()}...`;
  }

  private finding(place: number, state: RuleState, withConflicts: boolean): RuleFinding {
    const { claims, matches, unknown } = state;
    return {
      rule: this.rules[place]!,
      status: statusOf(state),
      ...claims.of(this.all.requests),
      matches,
      shadowed_by: [...state.shadowedBy]
        .map(([other, requests]) => ({ rule: this.rules[other]!.id, requests }))
        .sort((a, b) => b.requests - a.requests),
      unknown: { requests: unknown, facts: [...state.unknownFacts].sort() },
      conflicts: withConflicts
        ? [...state.conflicts]
            .map(([constraint, requests]) => ({ constraint, requests }))
            .sort((a, b) => b.requests - a.requests || (a.constraint < b.constraint ? -1 : 1))
        : null,
      examples: state.examples.map(({ id, text }) => ({ id, text })),
    };
  }
}

/** A rule whose every match waits for an undecided rule before it is unknown, too. */
function statusOf({ claims, shadowedBy, unknown, matches }: RuleState): RuleFinding["status"] {
  if (claims.requests > 0) return "claims";
  if (shadowedBy.size > 0) return "shadowed";
  return unknown > 0 || matches > 0 ? "unknown" : "nothing";
}

function addOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
