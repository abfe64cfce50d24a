import { expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { clusterTexts } from "../../models/cluster-texts.js";

const topics = [
  ["translate this letter into French", "translate the menu into German", "translate my note into Italian"],
  ["write a SQL query that joins orders", "fix this SQL query with a join", "explain the SQL query plan"],
  ["what is the refund policy for shoes", "refund for a late parcel", "how long does a refund take"],
];

test("groups requests by what they are about, the same way for the same seed", () => {
  const random = createRandom(1);
  const about = Array.from({ length: 150 }, (_, i) => i % topics.length);
  const matrix = featureMatrix(
    about.map((topic) => ({ prompt: `${random.pick(topics[topic]!)} number ${random.below(900)}` })),
  );
  const groups = clusterTexts(matrix, { groups: 3, seed: 2 });
  for (const topic of topics.keys()) {
    const own = groups.filter((_, row) => about[row] === topic);
    const largest = Math.max(...[0, 1, 2].map((group) => own.filter((other) => other === group).length));
    expect(largest / own.length).toBeGreaterThan(0.9);
  }
  expect(new Set(groups).size).toBe(3);
  expect(clusterTexts(matrix, { groups: 3, seed: 2 })).toEqual(groups);
});

test("few rows, or rows without text, are one group", () => {
  const matrix = featureMatrix(Array.from({ length: 12 }, () => ({ prompt: "" })));
  expect(new Set(clusterTexts(matrix, { groups: 6, seed: 1 })).size).toBe(1);
  const empty = featureMatrix(Array.from({ length: 60 }, () => ({ prompt: "" })));
  expect(new Set(clusterTexts(empty, { groups: 3, seed: 1 })).size).toBe(1);
});
