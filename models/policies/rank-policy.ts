import { quantilesOf } from "../statistics/quantiles.js";
import { type Forecast, knownMean, type Policy, type PolicyRequests, type PolicyRows } from "./policy.js";

/** A strategy that only orders requests, such as by length. The order is spread over the models: the gain of a model over the
 * cheapest one is its mean gain times 2 s, where s in (0, 1) rises with the score and is one half at the median, so that
 * requests with high scores get dearer models first. Nothing but means, median and quartiles is learnt.
 * @param scoresOf one number per request, higher = harder */
export function rankPolicy(name: string, scoresOf: (requests: PolicyRequests) => Float64Array): Policy {
  return {
    name,
    fit: async (train) => {
      const [low, middle, high] = quantilesOf(scoresOf(train), [0.25, 0.5, 0.75]);
      const width = high! - low! || 1;
      const spread = spreadOver(train);
      return {
        forecast: async (requests) =>
          spread(scoresOf(requests).map((score) => 1 / (1 + Math.exp((middle! - score) / width)))),
      };
    },
  };
}

/** Turn ranks into a forecast: the cheapest model's mean quality, plus each model's mean gain over it times twice the rank.
 * @returns function of the ranks of requests, 0 to 1, one array for all models or one per model */
export function spreadOver(train: PolicyRows): (ranks: Float64Array | Float64Array[]) => Forecast {
  const means = train.quality.map(knownMean);
  const costs = train.usd.map(knownMean);
  const base = means[costs.indexOf(Math.min(...costs))]!;
  return (ranks) =>
    means.map((mean, model) => {
      const own = ranks instanceof Float64Array ? ranks : ranks[model]!;
      return own.map((rank) => base + 2 * rank * (mean - base));
    });
}
