import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRoutellmEvals } from "../../datasets/benchmarks/read-routellm-evals.js";
import { createRandom } from "../../datasets/random.js";
import { apgr, callPerformanceThreshold, performanceGapRecovered } from "../../models/metrics/apgr.js";
import {
  expectedCalibrationError,
  reliabilityBins,
  squaredErrors,
} from "../../models/metrics/calibration-metrics.js";
import { routeLlmMetrics } from "../../models/metrics/routellm-metrics.js";
import { routingCurve } from "../../models/metrics/routing-curve.js";

const strong = [1, 1, 1, 0];
const weak = [0, 0, 1, 1];

test("APGR of a perfect order, its reverse and a constant score", () => {
  // Gains are 1, 1, 0, -1. The curve runs 2, 3, 4, 4, 3 quarters (area 3.375 / 4), reversed 2, 1, 1, 2, 3 (1.625 / 4).
  expect(apgr({ scores: [4, 3, 2, 1], strong, weak })).toBeCloseTo((3.375 / 4 - 0.5) / 0.25, 12);
  expect(apgr({ scores: [1, 2, 3, 4], strong, weak })).toBeCloseTo((1.625 / 4 - 0.5) / 0.25, 12);
  expect(apgr({ scores: [5, 5, 5, 5], strong, weak })).toBeCloseTo(0.5, 12);
});

test("APGR needs a gap between the models", () => {
  expect(apgr({ scores: [1, 2], strong: [1, 0], weak: [0, 1] })).toBeNaN();
  expect(performanceGapRecovered(0.5, 0.4, 0.6)).toBeCloseTo(0.5, 12);
});

test("weights count like repeated rows", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(5), fc.nat(1), fc.nat(1), fc.nat(3)), { minLength: 2, maxLength: 30 }),
      (rows) => {
        const repeated = rows.flatMap((row) => Array.from({ length: row[3] }, () => row));
        if (repeated.length === 0) return;
        const take = (from: typeof rows, i: 0 | 1 | 2) => from.map((row) => row[i]);
        const weighted = apgr(
          { scores: take(rows, 0), strong: take(rows, 1), weak: take(rows, 2) },
          rows.map((row) => row[3]),
        );
        const expanded = apgr({
          scores: take(repeated, 0),
          strong: take(repeated, 1),
          weak: take(repeated, 2),
        });
        if (Number.isNaN(expanded)) expect(weighted).toBeNaN();
        else expect(weighted).toBeCloseTo(expanded, 9);
      },
    ),
  );
});

test("the call-performance threshold is the first crossing", () => {
  const curve = routingCurve({ scores: [4, 3, 2, 1], strong, weak });
  expect(callPerformanceThreshold(curve, 1)).toBeCloseTo(0.25, 12);
  expect(callPerformanceThreshold(curve, 0.5)).toBeCloseTo(0.125, 12);
});

test("reliability bins are equal in size and keep equal predictions together", () => {
  const bins = reliabilityBins([0.1, 0.1, 0.1, 0.9], [0, 0, 1, 1], 4);
  expect(bins).toEqual([
    { predicted: expect.closeTo(0.1, 12), observed: expect.closeTo(1 / 3, 12), n: 3 },
    { predicted: 0.9, observed: 1, n: 1 },
  ]);
  expect(expectedCalibrationError([0.25, 0.25, 0.25, 0.25], [0, 0, 0, 1])).toBeCloseTo(0, 12);
  expect([...squaredErrors([0.5, 1], [0, 1])]).toEqual([0.25, 0]);
});

const dataFolder = resolve(process.env.SIGNALBOX_DATA ?? "../shared/data");
const data = join(dataFolder, "routing");
const hasReference =
  existsSync(join(data, "routellm_metrics.py")) && spawnSync("python3", ["--version"]).status === 0;

describe.skipIf(!hasReference)("the reference implementation (needs SIGNALBOX_DATA and python3)", () => {
  test.each(["mmlu", "gsm8k", "mt-bench"] as const)(
    "gives the same figures on RouteLLM's %s rows",
    (benchmark) => {
      const rows = readRoutellmEvals(dataFolder, benchmark);
      const random = createRandom(5);
      const scores = rows.map(({ prompt }) => prompt.length + random.uniform());
      const program = [
        "import sys, json; sys.path.insert(0, sys.argv[1]); import routellm_metrics as m",
        "given = json.load(sys.stdin); print(json.dumps(m.report(given['data'], given['scores'])))",
      ].join("\n");
      const { stdout, stderr } = spawnSync("python3", ["-c", program, data], {
        input: JSON.stringify({
          data: rows.map(({ weak: w, strong: s }) => ({ weak: w, strong: s })),
          scores,
        }),
        encoding: "utf8",
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
      });
      expect(stderr).toBe("");
      const reference = JSON.parse(stdout) as Record<string, number>;
      const routed = { scores, strong: rows.map((row) => row.strong), weak: rows.map((row) => row.weak) };
      const upstream = routeLlmMetrics(routed);
      const curve = routingCurve(routed);
      expect(upstream.apgr).toBeCloseTo(reference.APGR!, 9);
      expect(upstream.cpt20).toBeCloseTo(reference.CPT20!, 9);
      expect(upstream.cpt50).toBeCloseTo(reference.CPT50!, 9);
      expect(upstream.cpt80).toBeCloseTo(reference.CPT80!, 9);
      expect(apgr(routed)).toBeCloseTo(reference.APGR_exact!, 9);
      expect(100 * callPerformanceThreshold(curve, 0.5)).toBeCloseTo(reference.CPT50_exact!, 9);
      expect(100 * callPerformanceThreshold(curve, 0.8)).toBeCloseTo(reference.CPT80_exact!, 9);
    },
  );
});
