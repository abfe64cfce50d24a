import { describe, expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { clopperPearson } from "../../models/statistics/clopper-pearson.js";
import { cohenKappa } from "../../models/statistics/cohen-kappa.js";
import { correctQuality } from "../../models/statistics/correct-quality.js";
import { judgeAccuracy } from "../../models/statistics/judge-accuracy.js";
import { predictionPowered } from "../../models/statistics/prediction-powered.js";
import { langReiczigel, roganGladen } from "../../models/statistics/rogan-gladen.js";
import { kishRows, surveyShare } from "../../models/statistics/survey-share.js";

const ones = (n: number) => new Float64Array(n).fill(1);
const numbers = (n: number) => Int32Array.from({ length: n }, (_, i) => i);

describe("clopperPearson", () => {
  test.each([
    // Newcombe 1998, table I, method 5.
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
    [29, 29, 0.8806, 1],
  ])("%i of %i", (successes, trials, low, high) => {
    const interval = clopperPearson(successes, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });
});

describe("surveyShare", () => {
  test("is the plain binomial one for rows of equal weight, each its own session", () => {
    const values = [...Array(15).fill(1), ...Array(133).fill(0)];
    const share = surveyShare({ values, weights: ones(148), clusters: numbers(148) })!;
    // The variance has the divisor n - 1.
    expect(share.effectiveRows).toBeCloseTo(147, 6);
    expect(share.exact.low).toBeCloseTo(0.0578, 3);
    expect(share.wilson.high).toBeCloseTo(0.1605, 3);
  });

  test("counts rows of one session that agree as one", () => {
    const values = Array.from({ length: 200 }, (_, i) => Number(i % 20 < 10));
    const clusters = values.map((_, i) => Math.floor(i / 10));
    const share = surveyShare({ values, weights: ones(200), clusters })!;
    expect(share.effectiveRows).toBeGreaterThan(16);
    expect(share.effectiveRows).toBeLessThan(20);
  });

  test("has no value without rows, and a whole interval when nothing varies", () => {
    expect(surveyShare({ values: [], weights: [], clusters: [] })).toBeNull();
    const share = surveyShare({ values: ones(20), weights: ones(20), clusters: numbers(20) })!;
    expect(share.exact.low).toBeCloseTo(1 - 0.1684, 4);
  });

  test("knows what unequal weights cost", () => {
    expect(kishRows([1, 1, 1, 1])).toBe(4);
    expect(kishRows([3, 1])).toBeCloseTo(1.6, 12);
  });
});

/** Pairs of verdicts from a table of counts: [first, second, count]. */
function verdictPairs(cells: ReadonlyArray<readonly [number, number, number]>) {
  const first = cells.flatMap(([verdict, , count]) => Array<number>(count).fill(verdict));
  const second = cells.flatMap(([, verdict, count]) => Array<number>(count).fill(verdict));
  return { first, second, weights: ones(first.length), clusters: numbers(first.length) };
}

describe("cohenKappa", () => {
  test("matches Fleiss, Cohen and Everitt on a table worked by hand", () => {
    const kappa = cohenKappa(
      verdictPairs([
        [1, 1, 20],
        [1, 0, 5],
        [0, 1, 10],
        [0, 0, 15],
      ]),
    )!;
    expect(kappa.value).toBeCloseTo(0.4, 12);
    // Their standard error is 0.1270 (sum .02743 + .02547 - .0025 over 50 * .5^4); times sqrt(50/49) and t(49) = 2.00958.
    expect(kappa.high - kappa.value).toBeCloseTo(0.12699606 * Math.sqrt(50 / 49) * 2.00958, 4);
  });

  test("counts a tie as half a disagreement", () => {
    const kappa = cohenKappa(
      verdictPairs([
        [1, 1, 4],
        [0, 0, 4],
        [0.5, 1, 2],
      ]),
    )!;
    // Observed distance .1; expected .4 * .4 * 1 + .4 * .6 * 1 + .2 * (.5 * .6 + .5 * .4) = .5.
    expect(kappa.value).toBeCloseTo(1 - 0.1 / 0.5, 12);
  });

  test("perfect agreement of few rows is not certain", () => {
    const kappa = cohenKappa(
      verdictPairs([
        [1, 1, 10],
        [0, 0, 10],
      ]),
    )!;
    expect([kappa.value, kappa.high]).toEqual([1, 1]);
    expect(kappa.low).toBeCloseTo(1 - 0.1684 / 0.5, 3);
  });

  test("is not defined when all verdicts are the same", () => {
    expect(cohenKappa(verdictPairs([[1, 1, 9]]))).toBeNull();
    expect(cohenKappa(verdictPairs([]))).toBeNull();
  });
});

describe("judgeAccuracy", () => {
  test("weights undo a pick by verdict, which would bias both rates", () => {
    // Of 100 judged sufficient and 100 judged insufficient, 20 and 80 were rated. Humans: 90 % of the first are sufficient, 25 % of the second.
    const judge = [...Array(100).fill(1), ...Array(100).fill(0)];
    const sufficient = [...Array(18).fill(1), 0, 0, ...Array(80).fill(null)];
    const insufficient = [...Array(20).fill(1), ...Array(60).fill(0), ...Array(20).fill(null)];
    const { sensitivity, specificity } = judgeAccuracy({
      judge,
      human: [...sufficient, ...insufficient],
      inclusion: judge.map((verdict) => (verdict === 1 ? 0.2 : 0.8)),
      weights: ones(200),
      clusters: numbers(200),
    });
    expect(sensitivity!.value).toBeCloseTo(90 / (90 + 25), 12);
    expect(specificity!.value).toBeCloseTo(75 / (75 + 10), 12);
  });

  test("a judge's tie counts half; a human's says nothing", () => {
    const rates = judgeAccuracy({
      judge: [1, 0.5, 1],
      human: [1, 1, 0.5],
      inclusion: ones(3),
      weights: ones(3),
      clusters: numbers(3),
    });
    expect(rates.sensitivity!.value).toBeCloseTo(0.75, 12);
    expect(rates.specificity).toBeNull();
  });
});

describe("roganGladen", () => {
  const judged = (apparent: number, tpr: number, tnr: number) => ({
    apparent: { value: apparent, rows: 1_000 },
    sensitivity: { value: tpr, rows: 100 },
    specificity: { value: tnr, rows: 200 },
  });

  test("matches a case worked by hand, with its delta-method interval", () => {
    const share = roganGladen(judged(0.3, 0.9, 0.8))!;
    expect(share.value).toBeCloseTo(0.1 / 0.7, 12);
    // Variance .00021 + .142857^2 * .0009 + .857143^2 * .0008 = .00081612, over .7^2.
    expect(share.high - share.value).toBeCloseTo((1.959964 * Math.sqrt(0.00081612)) / 0.7, 5);
  });

  test("turns one raw 92 % into 96 % or 90 %, by the judge's errors", () => {
    expect(roganGladen(judged(0.92, 0.95, 0.8))!.value).toBeCloseTo(0.96, 3);
    expect(roganGladen(judged(0.92, 0.98, 0.6))!.value).toBeCloseTo(0.897, 3);
  });

  test("a judge no better than chance corrects nothing", () => {
    expect(roganGladen(judged(0.5, 0.5, 0.5))).toBeNull();
    expect(langReiczigel(judged(0.5, 0.4, 0.6))).toBeNull();
  });

  test("Lang and Reiczigel's interval matches a case worked by hand", () => {
    const { value, low, high } = langReiczigel(judged(0.3, 0.9, 0.8))!;
    expect(value).toBeCloseTo(0.142857, 6);
    // Shrunk: .300765 of 1003.8415, 91 / 102, 161 / 202; power .689187, value .141899; shift -.004251, half .081347.
    expect(low).toBeCloseTo(0.056301, 5);
    expect(high).toBeCloseTo(0.218994, 5);
  });
});

describe("predictionPowered", () => {
  const rows = {
    predictions: [1, 1, 1, 1, 0, 0, 0, 0],
    weights: ones(8),
    clusters: numbers(8),
  };

  test("is the human mean when every row is rated", () => {
    const human = [1, 1, 0, 1, 0, 1, 0, 0];
    const ratings = human.map((value, row) => ({ row, value, inclusion: 1 }));
    expect(predictionPowered({ ...rows, ratings })!.value).toBeCloseTo(0.5, 12);
  });

  test("adds what the judge says more about all rows, times the lambda of least variance", () => {
    const ratings = [0, 1, 2, 4].map((row) => ({
      row,
      value: row === 2 ? 0 : rows.predictions[row]!,
      inclusion: 0.5,
    }));
    const { value, lambda } = predictionPowered({ ...rows, ratings })!;
    // Human mean .5; the judge says .75 on rated rows and .5 on all.
    expect(value).toBeCloseTo(0.5 - 0.25 * lambda, 12);
    const spread = (l: number) => {
      const errors = rows.predictions.map((judge, row) => {
        const rating = ratings.find((other) => other.row === row);
        const rated = rating ? (rating.value - 0.5 - l * (judge - 0.75)) / 4 : 0;
        return rated + (l * (judge - 0.5)) / 8;
      });
      return errors.reduce((sum, error) => sum + error * error, 0);
    };
    for (const other of [lambda - 0.01, lambda + 0.01]) expect(spread(other)).toBeGreaterThan(spread(lambda));
  });

  test("leaves a judge that knows nothing aside", () => {
    const random = createRandom(1);
    const n = 4_000;
    const predictions = Float64Array.from({ length: n }, () => Number(random.uniform() < 0.5));
    const ratings = Array.from({ length: 400 }, (_, row) => ({
      row,
      value: Number(random.uniform() < 0.8),
      inclusion: 0.1,
    }));
    const { lambda } = predictionPowered({ predictions, weights: ones(n), clusters: numbers(n), ratings })!;
    expect(lambda).toBeLessThan(0.1);
  });

  test("divides by a known denominator", () => {
    const ratings = rows.predictions.map((value, row) => ({ row, value, inclusion: 1 }));
    const denominators = Float64Array.from({ length: 8 }, () => 0.8);
    expect(predictionPowered({ ...rows, denominators, ratings })!.value).toBeCloseTo(0.625, 12);
  });

  test("has no estimate from one session", () => {
    expect(predictionPowered({ ...rows, ratings: [{ row: 0, value: 1, inclusion: 1 }] })).toBeNull();
  });
});

describe("correctQuality", () => {
  test("gives the mean that stratified ratings say, whatever the judge said", () => {
    // 8 judged sufficient, 4 rated: 3 are. 4 judged insufficient, 2 rated: 1 is sufficient.
    const sufficient = [1, 1, 1, 0, null, null, null, null].map((human) => ({
      judge: 1,
      human,
      inclusion: 0.5,
    }));
    const insufficient = [1, 0, null, null].map((human) => ({ judge: 0, human, inclusion: 0.5 }));
    const quality = correctQuality([...sufficient, ...insufficient]);
    expect(quality.reduce((sum, value) => sum + value, 0) / 12).toBeCloseTo((8 * 0.75 + 4 * 0.5) / 12, 12);
    expect(quality[4]).toBeCloseTo(0.75, 12);
    expect(quality[3]).toBeCloseTo(0.75 - 0.75 / 0.5, 12);
  });

  test("leaves verdicts alone that nobody rated", () => {
    expect([...correctQuality([{ judge: 0.5, human: null, inclusion: 0 }])]).toEqual([0.5]);
  });
});
