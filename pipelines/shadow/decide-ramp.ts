import type { ShadowVerdict } from "../../datasets/shadow-result.js";
import type { LineageEntry } from "./artifact-lineage.js";

/** Everything that a step of the ramp depends on. */
export interface RampFacts {
  verdict: ShadowVerdict;
  /** When the test was looked at, milliseconds since 1970. */
  asOf: number;
  /** Artifacts that the shadow tried. */
  artifacts: readonly string[];
  isSimulated: boolean;
  /** The artifact to be ramped and what it was revised from, newest first. */
  lineage: readonly LineageEntry[];
  /** Present share of sessions; null = the ramp has not started. */
  share: number | null;
  /** Shares, ascending. */
  steps: readonly number[];
  maxAgeDays: number;
  back: boolean;
  now: number;
}

/** Where the ramp goes. */
export interface RampMove {
  move: "up" | "stay" | "down";
  from: number | null;
  /** Share to be written; null = leave the policy as it is. */
  to: number | null;
  /** certified, last_step, continue, stop, stale, other_artifact, changed_policy, no_look_since_step or simulated. */
  code: string;
  why: string;
}

/** Decide one step: up on a certificate that is fresh, about this router and younger than the step before; down on a stop, however old it
 * is; otherwise none. */
export function decideRamp(facts: RampFacts): RampMove {
  const { verdict, share, steps, lineage, now, asOf, maxAgeDays } = facts;
  const say = (move: RampMove["move"], to: number | null, code: string, why: string): RampMove => ({
    move,
    from: share,
    to,
    code,
    why,
  });
  const stay = (code: string, why: string) => say("stay", null, code, why);
  const tried = lineage.find(({ id }) => facts.artifacts.includes(id));
  if (!tried || facts.artifacts.some((id) => !lineage.some((entry) => entry.id === id)))
    return stay(
      "other_artifact",
      `the shadow tried ${facts.artifacts.join(", ") || "an unnamed artifact"}, which ${lineage[0]!.id} was not revised from`,
    );
  if (verdict.action === "stop") {
    const lower = facts.back ? (steps.filter((step) => step < (share ?? 0)).at(-1) ?? 0) : 0;
    return say("down", lower, "stop", `the verdict is stop (${verdict.reason}): ${verdict.text}`);
  }
  if (verdict.action === "continue")
    return stay("continue", `the verdict is continue (${verdict.reason}): ${verdict.text}`);
  const age = (now - asOf) / 864e5;
  if (!(age <= maxAgeDays))
    return stay(
      "stale",
      `the verdict is ${age.toFixed(1)} days old, more than ${maxAgeDays}; analyse again with newer pairs`,
    );
  if (facts.isSimulated)
    return stay("simulated", "the certificate rests on a simulated judge; judge the pairs with a real one");
  if (!tried.isSameRouter)
    return stay(
      "changed_policy",
      `more than the ramp was changed since ${tried.id}, which the shadow tried; try ${lineage[0]!.id} in shadow`,
    );
  const next = steps.find((step) => step > (share ?? 0) + 1e-12);
  if (next === undefined) return stay("last_step", "the last step is reached");
  if (share !== null && lineage.length > 1 && !(asOf > lineage[0]!.createdAt))
    return stay(
      "no_look_since_step",
      `the verdict is older than the present step; look again before the next one`,
    );
  return say("up", next, "certified", `certified (${verdict.text})`);
}
