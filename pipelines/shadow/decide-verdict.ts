import type { ResponseShadow, ShadowVerdict } from "../../datasets/shadow-result.js";
import { dayUs } from "./look-times.js";
import type { ShadowDesign } from "./shadow-design.js";
import { pairsToGo, type QualityTest } from "./test-quality.js";

/** Everything that the verdict weighs. */
export interface VerdictFacts {
  design: ShadowDesign;
  margin: number;
  test: QualityTest;
  guardrails: ResponseShadow["guardrails"];
  slices: ResponseShadow["slices"];
  sampleRatio: ResponseShadow["sample_ratio"];
  isJudgeUsable: boolean;
  isRobust: boolean;
  judgedPairs: number;
  droppedShare: number;
  unjudgedShare: number;
  spendUsd: number;
  /** Microseconds since 1970. */
  now: number;
  days: number;
  hasWeekend: boolean;
  /** First moment at which the days suffice. */
  ripeAt: number;
}

/** Say what to do. Faults of the test go first, because nothing can be read off a broken one; then harm; then the certificate; last what
 * is left when time or money run out. */
export function decideVerdict(facts: VerdictFacts): ShadowVerdict {
  const { design, test, now } = facts;
  const remaining = pairsToGo(test, {
    margin: facts.margin,
    alpha: design.alpha,
    gap: test.growth?.gap ?? 0,
  });
  const verdict = (
    action: ShadowVerdict["action"],
    reason: string,
    text: string,
    next: ShadowVerdict["next_look"] = null,
  ): ShadowVerdict => ({
    action,
    reason,
    text,
    is_robust: reason === "certified" ? facts.isRobust : null,
    next_look: next,
  });
  const tomorrow = { at: iso(now + dayUs), more_pairs: remaining };
  const limit = `${points(design.margin)} points`;

  if (facts.sampleRatio.verdict === "mismatch")
    return verdict(
      "stop",
      "invalid:srm",
      "The sample is not the one that was designed, so the pairs don't stand for the traffic. Find the lost or doubled calls, then start anew.",
    );
  if (facts.droppedShare > design.maxMissing)
    return verdict(
      "stop",
      "invalid:drops",
      `${percent(facts.droppedShare)} of the sampled calls were dropped, more than ${percent(design.maxMissing)}. Raise the shadow's budget or concurrency, then start anew.`,
    );
  if (facts.judgedPairs === 0)
    return verdict(
      "continue",
      "no_pairs",
      "No pair has a verdict yet; judge them with: signalbox shadow judge",
      { at: iso(now + dayUs), more_pairs: null },
    );
  if (!facts.isJudgeUsable)
    return verdict(
      "stop",
      "invalid:judge",
      "The judge may be no better than chance, so its verdicts certify nothing. Use another judge or rubric.",
    );
  if (test.worseAt !== null)
    return verdict(
      "stop",
      "harm",
      `The candidate's answers are worse by more than ${limit}: that is certain at level ${design.alpha}.`,
    );
  const broken = facts.guardrails.find(({ status }) => status === "stop");
  if (broken)
    return verdict(
      "stop",
      `guardrail:${broken.name}`,
      `The candidate does worse on ${broken.name.replace("_", " ")} than the limit allows.`,
    );
  const harmed = facts.slices.rows.find(({ status }) => status === "harmed");
  if (harmed)
    return verdict(
      "stop",
      "guardrail:slice",
      `Users of ${harmed.dimension} "${harmed.slice}" are given answers that are worse by more than ${limit}.`,
    );
  if (facts.unjudgedShare > design.maxMissing)
    return verdict(
      "continue",
      "unjudged",
      `${percent(facts.unjudgedShare)} of the pairs have no verdict, and those that do may not stand for them; judge them with: signalbox shadow judge`,
      tomorrow,
    );
  if (test.certifiedAt !== null) {
    if (facts.days >= design.minDays && facts.hasWeekend)
      return verdict(
        "certify",
        "certified",
        `The candidate's answers are not worse by ${limit} or more: a test at level ${design.alpha} that may be looked at daily says so since ${iso(test.certifiedAt).slice(0, 10)}.${facts.isRobust ? "" : " Counting failed candidate calls as lost answers, it does not hold."}`,
      );
    return verdict(
      "continue",
      "too_early",
      `The evidence suffices, but ${facts.days} days${facts.hasWeekend ? "" : " without a whole weekend"} don't stand for the traffic: ${design.minDays} days with a Saturday and a Sunday are asked for.`,
      { at: iso(Math.max(now, facts.ripeAt)), more_pairs: 0 },
    );
  }
  if (facts.spendUsd >= design.maxUsd)
    return verdict(
      "stop",
      "budget",
      `The test has cost $${facts.spendUsd.toFixed(2)} of $${design.maxUsd.toFixed(2)}, and has not certified ${limit}.`,
    );
  if (facts.days >= design.maxDays)
    return verdict("stop", "budget", `${facts.days} days are over, and ${limit} are not certified.`);
  if (facts.days >= design.minDays && isFutile(facts))
    return verdict(
      "stop",
      "futility",
      `Even at the favourable end of the interval ${limit} can't be certified within ${design.maxDays} days. Ask for a wider margin, sample more, or try another candidate.`,
    );
  return verdict(
    "continue",
    "collecting",
    `Not decided yet${remaining === null ? "; at the present difference it never would be" : ""}.`,
    tomorrow,
  );
}

/** Whether the pairs still to come would not do if the difference were as good as its lower bound says. */
function isFutile({ test, margin, design, judgedPairs, days }: VerdictFacts): boolean {
  if (test.lower === null) return false;
  const needed = pairsToGo(test, { margin, alpha: design.alpha, gap: margin - test.lower });
  const toCome = (judgedPairs / days) * (design.maxDays - days);
  return needed === null || needed > toCome;
}

function iso(us: number): string {
  return new Date(us / 1_000).toISOString();
}

function points(share: number): string {
  return String(Number((share * 100).toFixed(2)));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
