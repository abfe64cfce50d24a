import { describe, expect, test } from "vitest";
import { crossFitRewards } from "../../../models/ope/cross-fit-rewards.js";
import { directMethod } from "../../../models/ope/direct-method.js";
import { doublyRobust } from "../../../models/ope/doubly-robust.js";
import { effectiveSampleSize } from "../../../models/ope/effective-sample-size.js";
import { estimateValue } from "../../../models/ope/estimate-value.js";
import { importanceWeights } from "../../../models/ope/importance-weights.js";
import { ips } from "../../../models/ope/ips.js";
import type { OpeRows } from "../../../models/ope/ope-rows.js";
import { overlap } from "../../../models/ope/overlap.js";
import { snips } from "../../../models/ope/snips.js";
import { solveRidge } from "../../../models/ope/solve-ridge.js";
import { switchDoublyRobust } from "../../../models/ope/switch-doubly-robust.js";
import { plantLog } from "./planted-log.js";

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

/** Four rows by hand: weights 1.25, 0, 5 and 1.25. */
const byHand: OpeRows = {
  action: Int32Array.of(0, 1, 1, 0),
  propensity: Float64Array.of(0.8, 0.2, 0.2, 0.8),
  reward: Float64Array.of(1, 1, 0.5, 0),
  target: [Float64Array.of(1, 1, 0, 1), Float64Array.of(0, 0, 1, 0)],
  clusters: Int32Array.of(0, 1, 2, 3),
};
const guess = [Float64Array.of(0.5, 0.5, 0.5, 0.5), Float64Array.of(0.25, 0.25, 0.25, 0.25)];

describe("estimators by hand", () => {
  test("weights, and what they are worth", () => {
    const weights = importanceWeights(byHand);
    expect([...weights]).toEqual([1.25, 0, 5, 1.25]);
    expect([...importanceWeights(byHand, 2)]).toEqual([1.25, 0, 2, 1.25]);
    expect(effectiveSampleSize(weights)).toBeCloseTo(7.5 ** 2 / (2 * 1.25 ** 2 + 25), 12);
    expect(effectiveSampleSize(new Float64Array(3))).toBe(0);
  });

  test("IPS, SNIPS, DM, DR and switch-DR give the textbook values", () => {
    expect(mean(ips(byHand))).toBeCloseTo((1.25 + 2.5) / 4, 12);
    expect(mean(snips(byHand))).toBeCloseTo(3.75 / 7.5, 12);
    expect(mean(directMethod(byHand, guess))).toBeCloseTo((0.5 + 0.5 + 0.25 + 0.5) / 4, 12);
    const corrections = (1.25 * 0.5 + 0 + 5 * 0.25 + 1.25 * -0.5) / 4;
    expect(mean(doublyRobust(byHand, guess))).toBeCloseTo(1.75 / 4 + corrections, 12);
    const kept = (1.25 * 0.5 + 1.25 * -0.5) / 4;
    expect(mean(switchDoublyRobust(byHand, guess, 2))).toBeCloseTo(1.75 / 4 + kept, 12);
  });

  test("SNIPS moves with the rewards by the same amount, IPS does not", () => {
    const shifted = { ...byHand, reward: byHand.reward.map((reward) => reward + 1) };
    expect(mean(snips(shifted)) - mean(snips(byHand))).toBeCloseTo(1, 12);
    expect(mean(ips(shifted)) - mean(ips(byHand))).toBeCloseTo(7.5 / 4, 12);
  });

  test("evaluating the log's own policy gives the log's own mean, with no difference", () => {
    const own: OpeRows = {
      ...byHand,
      propensity: Float64Array.of(1, 1, 1, 1),
      target: [Float64Array.of(1, 0, 0, 1), Float64Array.of(0, 1, 1, 0)],
    };
    for (const values of [ips(own), snips(own), doublyRobust(own, guess)]) {
      const { value, difference } = estimateValue(values, own, "test");
      expect(value.value).toBeCloseTo(0.625, 12);
      expect(difference).toMatchObject({ value: 0, low: 0, high: 0 });
    }
  });
});

describe("estimators on planted logs", () => {
  const seeds = 200;
  const runs = Array.from({ length: seeds }, (_, seed) => {
    const { rows, features, truth } = plantLog({ seed: seed + 1 });
    const forecast = crossFitRewards(rows, { features, width: 2, seed });
    const values = {
      ips: ips(rows),
      snips: snips(rows),
      dr: doublyRobust(rows, forecast),
      wrong: doublyRobust(
        rows,
        forecast.map((all) => all.map((value) => 0.2 + value / 3)),
      ),
    };
    const agreed = [...rows.reward].filter((_, row) => rows.target[rows.action[row]!]![row] === 1);
    return {
      truth,
      naive: mean(agreed),
      estimates: Object.fromEntries(
        Object.entries(values).map(([name, all]) => [name, estimateValue(all, rows, name).value]),
      ),
    };
  });
  const errorsOf = (name: string) => runs.map(({ estimates, truth }) => estimates[name]!.value - truth);
  const rmse = (errors: readonly number[]) => Math.sqrt(mean(errors.map((error) => error * error)));

  test.each(["ips", "snips", "dr", "wrong"])("%s is right on average, where naive replay is not", (name) => {
    const errors = errorsOf(name);
    const standardError = rmse(errors) / Math.sqrt(seeds);
    expect(Math.abs(mean(errors))).toBeLessThan(3 * standardError + 0.003);
    const naive = runs.map((run) => run.naive - run.truth);
    expect(Math.abs(mean(naive))).toBeGreaterThan(0.02);
  });

  test.each(["ips", "snips", "dr"])("the interval of %s covers the truth in about 95 % of seeds", (name) => {
    const covered = runs.filter(({ estimates, truth }) => {
      const { low, high } = estimates[name]!;
      return low <= truth && truth <= high;
    }).length;
    expect(covered / seeds).toBeGreaterThanOrEqual(0.9);
    expect(covered / seeds).toBeLessThanOrEqual(0.99);
  });

  test("SNIPS and DR are steadier than IPS", () => {
    expect(rmse(errorsOf("snips"))).toBeLessThan(0.8 * rmse(errorsOf("ips")));
    expect(rmse(errorsOf("dr"))).toBeLessThan(0.8 * rmse(errorsOf("ips")));
  });

  test("an interval knows that turns of a session are not independent", () => {
    const widths = (clusters: (rows: OpeRows) => Int32Array) =>
      mean(
        Array.from({ length: 20 }, (_, seed) => {
          const { rows } = plantLog({ seed: seed + 900, sessions: 100, turns: 15 });
          const { low, high } = estimateValue(
            snips(rows),
            { ...rows, clusters: clusters(rows) },
            "snips",
          ).value;
          return high - low;
        }),
      );
    const clustered = widths(({ clusters }) => clusters);
    const asIfIndependent = widths(({ clusters }) => clusters.map((_, row) => row));
    expect(clustered).toBeGreaterThan(1.2 * asIfIndependent);
  });
});

describe("overlap", () => {
  test("a deterministic log supports nothing but its own choices", () => {
    const log: OpeRows = { ...byHand, propensity: Float64Array.of(1, 1, 1, 1) };
    expect(overlap(log)).toMatchObject({ random_share: 0, unsupported_share: 0.25 });
  });

  test("a model that was never explored is unsupported, on random rows too", () => {
    const third = [...byHand.target.map(() => new Float64Array(4)), Float64Array.of(1, 1, 1, 1)];
    expect(overlap({ ...byHand, target: third })).toMatchObject({
      random_share: 1,
      unsupported_share: 1,
      mean_weight: 0,
    });
  });

  test("names propensities so small that a row counts a hundredfold", () => {
    const tiny = { ...byHand, propensity: Float64Array.of(0.8, 0.2, 0.005, 0.8) };
    expect(overlap(tiny)).toMatchObject({ tiny_share: 1 / 3, largest_weight: 200, unsupported_share: 0 });
  });

  test("weights average 1 where everything is supported", () => {
    const { rows } = plantLog({ seed: 5, sessions: 20_000 });
    expect(overlap(rows).mean_weight).toBeCloseTo(1, 1);
  });
});

describe("the reward model", () => {
  test("ridge solves the normal equations", () => {
    const gram = Float64Array.of(4, 1, 1, 3);
    const [x, y] = solveRidge(gram, Float64Array.of(1, 2), Float64Array.of(1, 0));
    expect(5 * x! + y!).toBeCloseTo(1, 12);
    expect(x! + 3 * y!).toBeCloseTo(2, 12);
  });

  test("never forecasts a session from itself, and stays within the rewards that were seen", () => {
    const { rows, features } = plantLog({ seed: 3, sessions: 100, turns: 3 });
    const before = crossFitRewards(rows, { features, width: 2, seed: 1 });
    const own = rows.clusters[0]!;
    const reward = rows.reward.map((value, row) => (rows.clusters[row] === own ? 1 - value : value));
    const after = crossFitRewards({ ...rows, reward }, { features, width: 2, seed: 1 });
    rows.clusters.forEach((cluster, row) => {
      if (cluster === own) expect(after[0]![row]).toBe(before[0]![row]);
    });
    expect(Math.max(...before[0]!)).toBeLessThanOrEqual(1);
    expect(Math.min(...before[1]!)).toBeGreaterThanOrEqual(0);
  });

  test("a model without a row gets the shared forecast", () => {
    const { rows, features } = plantLog({ seed: 3, sessions: 60 });
    const target = [...rows.target, new Float64Array(60)];
    const forecast = crossFitRewards({ ...rows, target }, { features, width: 2, seed: 1 });
    expect(forecast[2]!.every((value) => value > 0 && value <= 1)).toBe(true);
  });
});
