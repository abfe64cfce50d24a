import { createNeighbourIndex } from "./neighbour-index.js";
import { knownMean, type Policy, type PolicyRows, selectPolicyRows } from "./policy.js";

/** Each model's mean quality over the most similar training requests: cosine over the featuriser's n-grams, rare ones weighing more.
 * Neighbours that are missing, because fewer share a single n-gram, count with the overall mean.
 * @param neighbours at most; never more than a tenth of the training rows
 * @param mostRows training rows that are looked at, spread evenly over all; time grows with it
 * @see Li 2025, Rethinking Predictive Modeling for LLM Routing: When Simple kNN Beats Complex Learned Routers, arXiv 2505.12601 */
export function knnPolicy({
  neighbours = 100,
  mostRows = Number.POSITIVE_INFINITY,
}: {
  neighbours?: number;
  mostRows?: number;
} = {}): Policy {
  return {
    name: "knn",
    fit: async (given) => {
      const train = thin(given, mostRows);
      const index = createNeighbourIndex(train.matrix);
      const means = train.quality.map(knownMean);
      const k = Math.max(1, Math.min(neighbours, Math.floor(train.texts.length / 10)));
      return {
        forecast: async ({ texts, matrix }) => {
          const forecast = train.quality.map(() => new Float64Array(texts.length));
          for (let row = 0; row < texts.length; row++) {
            const nearest = index.nearest(matrix, row, k);
            train.quality.forEach((quality, model) => {
              let sum = 0;
              let known = 0;
              for (const neighbour of nearest) {
                if (Number.isNaN(quality[neighbour]!)) continue;
                sum += quality[neighbour]!;
                known += 1;
              }
              forecast[model]![row] = (sum + (k - known) * means[model]!) / k;
            });
          }
          return forecast;
        },
      };
    },
  };
}

function thin(rows: PolicyRows, most: number): PolicyRows {
  const count = rows.texts.length;
  if (count <= most) return rows;
  return selectPolicyRows(
    rows,
    Int32Array.from({ length: most }, (_, i) => Math.floor((i * count) / most)),
  );
}
