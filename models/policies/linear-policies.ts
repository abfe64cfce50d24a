import type { Penalty } from "../classifier/fit-columns.js";
import { fitLinearPath } from "../classifier/fit-linear.js";
import { linearLogits } from "../classifier/linear-model.js";
import { startTfjs } from "../classifier/tfjs.js";
import type { Policy } from "./policy.js";
import { qualityTargets } from "./quality-targets.js";

/** Logistic regression of each model's quality on n-grams and dense features at one fixed penalty: what most routers amount to.
 * @see Joulin et al. 2017, Bag of Tricks for Efficient Text Classification, for how far that goes */
export const ngramPolicy: Policy = linearPolicy("ngram", { wide: 3, dense: 100 });

/** The same on the dense features alone: lengths, digits, code, cues. For requests of another task than the labels', whose words
 * say nothing about each other. */
export const structurePolicy: Policy = linearPolicy("structure", { wide: null, dense: 100 });

function linearPolicy(name: string, penalty: Penalty): Policy {
  return {
    name,
    fit: async (train) => {
      await startTfjs();
      const [model] = fitLinearPath(train.matrix, qualityTargets(train), [penalty]);
      return {
        forecast: async ({ matrix }) => {
          const logits = linearLogits(matrix, model!);
          return train.quality.map((_, column) =>
            Float64Array.from({ length: matrix.rows }, (__, row) => {
              const logit = logits[row * train.quality.length + column]!;
              return 1 / (1 + Math.exp(-logit));
            }),
          );
        },
      };
    },
  };
}
