import { expect, test } from "vitest";
import { routedCosts } from "../../pipelines/train/routed-costs.js";
import { routedFigures } from "../../pipelines/train/routed-figures.js";
import { whatIfFigures } from "../../reports/page/what-if-figures.js";

const heldOut = {
  sufficiency: [Float64Array.of(0.9, 0.2, 0.7, 0.4, 0.95, 0.6)],
  quality: [Float64Array.of(1, 0, 1, 0.5, 1, 1)],
  strongQuality: Float64Array.of(1, 1, 1, 1, 0.5, 1),
  costs: [Float64Array.of(1, 2, 1, 3, 2, 1), Float64Array.of(10, 12, 9, 30, 25, 7)],
  weights: Float64Array.of(1, 2, 1, 0.5, 3, 1),
  clusters: Int32Array.of(0, 1, 2, 3, 4, 5),
  correction: "",
};

test.each([null, 0.3, 0.5, 0.8, 1])(
  "the parts at threshold %s give the saving that training reports, at any prices",
  (threshold) => {
    const { strong_usd, candidates_usd, always_strong_usd } = routedCosts(heldOut, threshold);
    const point = {
      label: "",
      strongShare: 0,
      strongUsd: strong_usd,
      candidatesUsd: candidates_usd,
      alwaysStrongUsd: always_strong_usd,
    };
    for (const [strong, candidates] of [
      [1, 1],
      [0.5, 1.5],
      [1.5, 0.5],
    ] as const) {
      const costs = [
        heldOut.costs[0]!.map((usd) => usd * candidates),
        heldOut.costs[1]!.map((usd) => usd * strong),
      ];
      const pipeline = routedFigures({ ...heldOut, costs } as never, threshold).cost_saving.value;
      expect(whatIfFigures(point, strong, candidates).saving).toBeCloseTo(pipeline, 12);
    }
  },
);
