import { createRandom } from "../../datasets/random.js";
import { knownMean, type Policy, type PolicyRows } from "./policy.js";
import { rankPolicy } from "./rank-policy.js";
import { ruleScore } from "./rule-score.js";

/** Longer prompts go to the better model: the yardstick that needs no training. */
export const lengthPolicy: Policy = rankPolicy("length", ({ texts }) =>
  Float64Array.from(texts, (text) => text.length),
);

/** Keyword rules in the manner of gateways' complexity routers: see {@link ruleScore}. */
export const rulesPolicy: Policy = rankPolicy("rules", ({ texts }) => Float64Array.from(texts, ruleScore));

/** A random order, which ignores the request. */
export const randomPolicy: Policy = {
  name: "random",
  fit: (train, seed) => {
    const random = createRandom(seed);
    return rankPolicy("random", ({ texts }) => Float64Array.from(texts, () => random.uniform())).fit(
      train,
      seed,
    );
  },
};

/** The same model for everybody: each model's mean quality. Its settings are the single models worth having, so mixes of
 * them are the Zero router, chosen on training rows. */
export const bestSinglePolicy: Policy = {
  name: "best_single",
  fit: async (train) => {
    const means = train.quality.map(knownMean);
    return { forecast: async ({ texts }) => means.map((mean) => new Float64Array(texts.length).fill(mean)) };
  },
};

/** Knows the outcomes: an upper bound that no router reaches.
 * @param truth the rows that will be asked about, in the same order */
export function oraclePolicy(truth: PolicyRows): Policy {
  return {
    name: "oracle",
    fit: async (train) => ({ forecast: async () => truth.quality, heldOut: train.quality }),
  };
}
