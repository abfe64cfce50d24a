import type { Estimate, LabelDetails } from "../../datasets/results.js";
import { wilsonInterval } from "../../models/statistics/wilson-interval.js";
import type { Journal } from "./journal.js";
import type { JudgeCall, JudgeReply } from "./judge.js";

/** A question whose right verdict is known. */
export interface PlantedQuestion {
  name: string;
  expected: string;
  /** Item that it is planted on; both orders of it share one. */
  itemId: string;
  call: JudgeCall;
}

/** How often the judge saw what a planted answer is, by kind. The interval counts items: both orders of one are not independent.
 * @param verdictOf reads a reply */
export function countCanaries(
  canaries: readonly PlantedQuestion[],
  journal: Pick<Journal, "replies">,
  verdictOf: (reply: JudgeReply) => string,
): LabelDetails["canaries"] {
  const names = [...new Set(canaries.map(({ name }) => name))];
  return names.map((canary) => {
    const asked = canaries.flatMap(({ name, expected, itemId, call }) => {
      const reply = name === canary ? journal.replies.get(call.key)?.reply : undefined;
      return reply ? [{ itemId, isPassed: verdictOf(reply) === expected }] : [];
    });
    const passed = asked.filter(({ isPassed }) => isPassed).length;
    return {
      canary,
      expected: canaries.find(({ name }) => name === canary)!.expected,
      calls: asked.length,
      passed,
      pass_rate: passRate(passed / asked.length, new Set(asked.map(({ itemId }) => itemId)).size),
    };
  });
}

function passRate(share: number, items: number): Estimate | null {
  if (items === 0) return null;
  return {
    ...wilsonInterval(share * items, items),
    method: "measured on planted questions; Wilson 95 % over items",
    n: items,
  };
}

/** A judge that follows orders in what it judges, or is content with nothing, is not to be trusted with the rest.
 * @returns what to tell the user; nothing when it passed */
export function canaryWarning({ canary, calls, passed }: LabelDetails["canaries"][number]): string[] {
  if (passed === calls) return [];
  if (canary === "injection")
    return [
      `WARNING: the judge gave in to orders inside the judged answer in ${calls - passed} of ${calls} planted cases: its verdicts can be bought. Check it by hand, or take another judge.`,
    ];
  if (canary === "empty" || canary === "gibberish")
    return [
      `WARNING: the judge did not reject ${canary === "empty" ? "an empty answer" : "words without meaning"} in ${calls - passed} of ${calls} planted cases. Check it by hand, or take another judge.`,
    ];
  return [];
}
