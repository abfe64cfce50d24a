import type { ShadowPlanResult } from "../../datasets/shadow-plan-result.js";

/** What to make of a plan, in plain words: whether the traffic can certify the margin, and what would help where it can't. */
export function planAdvice(plan: ShadowPlanResult): string[] {
  const longest = plan.reachable.reduce((best, row) => (row.days > best.days ? row : best));
  const eProcess = plan.tests.find(({ test }) => test === "e_process")!;
  const fixed = plan.tests.find(({ test }) => test === "fixed")!;
  const wanted = points(plan.margin);
  return [
    plan.is_certifiable
      ? `A margin of ${wanted} points can be certified in about ${eProcess.days} days${eProcess.days! < leastDays ? `; run it for ${leastDays}, a whole weekend among them` : ""}.`
      : `This traffic can't certify a margin of ${wanted} points within ${longest.days} days: ${count(longest.pairs)} pairs come in, ${count(eProcess.pairs)} are needed. ${
          longest.e_process === null
            ? "No margin can be certified."
            : `It can certify ${points(longest.e_process)} points.`
        } Sample more sessions with --rate, test longer, or accept a wider margin.`,
    ...(eProcess.pairs !== null && fixed.pairs !== null && fixed.pairs > 0
      ? [
          `Looking every day costs ${(eProcess.pairs / fixed.pairs).toFixed(2)} times the pairs of a test with one look at the end; half of the tests stop well before.`,
        ]
      : []),
    ...(plan.design_effect > 1.05
      ? [
          `Requests of one session are alike (correlation ${plan.icc.toFixed(2)}, ${plan.icc_source}), so ${plan.design_effect.toFixed(1)} pairs tell as much as one that stands alone.`,
        ]
      : []),
    ...[plan.shadow_calls, plan.judging].flatMap(({ model, usd }) =>
      model !== null && usd === null && eProcess.pairs !== null
        ? [
            `No price is known for ${model}: its calls are not in any sum. Import one with: signalbox prices import`,
          ]
        : [],
    ),
  ];
}

/** The least length of a test: a week has all weekdays. */
const leastDays = 7;

function points(share: number): string {
  return String(Number((share * 100).toFixed(2)));
}

function count(pairs: number | null): string {
  return pairs === null ? "infinitely many" : pairs.toLocaleString("en-US");
}
