import { featureMatrix } from "../classifier/feature-matrix.js";
import type { PolicyRows } from "./policy.js";

/** One prompt with what every model made of it, models in one order throughout. */
interface AnsweredPrompt {
  prompt: string;
  group: string;
  /** 0 to 1; NaN = not known. */
  quality: readonly number[];
  /** USD. */
  usd: readonly number[];
}

/** Featurise prompts, each as a conversation of one turn, and lay their outcomes out by model. */
export function makePolicyRows(prompts: readonly AnsweredPrompt[]): PolicyRows {
  const models = prompts[0]?.quality.map((_, model) => model) ?? [];
  return {
    texts: prompts.map(({ prompt }) => prompt),
    groups: prompts.map(({ group }) => group),
    matrix: featureMatrix(prompts.map(({ prompt }) => ({ messages: [{ role: "user", content: prompt }] }))),
    quality: models.map((model) => Float64Array.from(prompts, ({ quality }) => quality[model]!)),
    usd: models.map((model) => Float64Array.from(prompts, ({ usd }) => usd[model]!)),
  };
}
