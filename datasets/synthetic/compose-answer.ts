import { hashUnit } from "./hash-unit.js";
import type { PromptTruth } from "./prompt-truth.js";
import type { SyntheticModel } from "./synthetic-models.js";

/** The one answer that a model gives to a prompt: a function of both, so that a simulated judge can tell whose answer it
 * reads. An inadequate answer is plausible but misses what was asked.
 * @param seed of the world */
export function composeAnswer(truth: PromptTruth, model: SyntheticModel, seed: number): string {
  const isAdequate = truth.isAdequate[model.name]!;
  const draw = <T>(bank: readonly T[], name: string): T =>
    bank[Math.floor(hashUnit(seed, name, truth.signature, model.name) * bank.length)]!;
  const topics = topicWords(truth.signature);
  const steps = Math.max(
    1,
    Math.round(
      (1 + 2.5 * truth.difficulty) * model.verbosity +
        hashUnit(seed, "length", truth.signature, model.name) * 2,
    ),
  );
  const body = Array.from({ length: steps }, (_, i) => {
    const topic = topics[i % topics.length]!;
    return draw(isAdequate ? goodSteps : weakSteps, `step ${i}`).replace("%", topic);
  });
  return [draw(openers, "opener"), ...body, draw(isAdequate ? goodEnds : weakEnds, "end")].join(" ");
}

/** The longest distinct words of a prompt: what an answer talks about. */
function topicWords(signature: string): string[] {
  const words = [...new Set(signature.split(" "))].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return words.slice(0, 8);
}

const openers = [
  "Here is what to do.",
  "Short version first.",
  "Let us look at it.",
  "In brief:",
  "Good question.",
  "This is how it works.",
  "I checked each part.",
];
const goodSteps = [
  "Start with %, because everything else depends on it.",
  "For %, the exact value follows from what you gave, and it holds.",
  "The part about % has one exception, which I handled apart.",
  "I tested % against the edge case that you named.",
  "Change % first and compare before you go on.",
  "With % fixed, the remaining steps are safe to repeat.",
  "The rule for % is written down in the section that I quote here.",
  "If % is missing, stop and ask; otherwise continue.",
];
const weakSteps = [
  "It may have to do with %, though it depends.",
  "You could look into % and see whether that helps.",
  "In general % is handled by the system.",
  "Many people find % confusing.",
  "There are several ways to think about %.",
  "Usually % works out of the box.",
];
const goodEnds = [
  "That covers every point you raised.",
  "Here is the check that proves it.",
  "The result is complete as it stands.",
  "Nothing else needs to change.",
];
const weakEnds = [
  "Let me know if you need more.",
  "I hope this helps in some way.",
  "Results can differ.",
  "Please consult the documentation for details.",
];
