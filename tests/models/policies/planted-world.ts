import { createRandom } from "../../../datasets/random.js";
import { featureMatrix } from "../../../models/classifier/feature-matrix.js";
import type { PolicyRows } from "../../../models/policies/policy.js";

/** Chance of each model (cheap, other, strong) to answer a request of a task well. */
export const plantedQuality = {
  chat: [0.9, 0.5, 0.92],
  maths: [0.2, 0.5, 0.9],
} as const;

const words = {
  chat: ["friend", "party", "weather", "holiday", "dinner", "music", "story", "garden", "thanks", "weekend"],
  maths: [
    "integral",
    "matrix",
    "prove",
    "theorem",
    "derivative",
    "prime",
    "series",
    "vector",
    "limit",
    "field",
  ],
};

type Task = keyof typeof plantedQuality;

/** Requests of two tasks whose words differ, with outcomes drawn from the planted chances. */
export function plantedRows(
  count: number,
  seed: number,
  quality: Record<Task, readonly number[]> = plantedQuality,
): PolicyRows & { groups: readonly Task[] } {
  const random = createRandom(seed);
  const groups = Array.from({ length: count }, () => random.pick(["chat", "maths"] as const));
  const texts = groups.map((group) => Array.from({ length: 8 }, () => random.pick(words[group])).join(" "));
  const models = quality.chat.length;
  return {
    texts,
    groups,
    matrix: featureMatrix(texts.map((content) => ({ messages: [{ role: "user", content }] }))),
    quality: Array.from({ length: models }, (_, model) =>
      Float64Array.from(groups, (group) => Number(random.uniform() < quality[group][model]!)),
    ),
    usd: Array.from({ length: models }, (_, model) => new Float64Array(count).fill(10 ** model / 1000)),
  };
}
