import { expect, test } from "vitest";
import { evenJudge, unevenJudge } from "../../datasets/synthetic/planted-judgements.js";
import { measureCoverage } from "../../scripts/bench/measure-coverage.js";

/** 200 seeds of a true 95 % lie in 0.915 to 0.985 with all but 2 % of the luck; the full measurement is bench:coverage. */
const about95 = { low: 0.9, high: 0.99 };

test("corrected intervals hold the planted truth in about 95 % of 200 seeds, raw ones miss it", () => {
  const { estimates } = measureCoverage({
    judge: evenJudge,
    seeds: 200,
    sessions: 400,
    ratings: 200,
    certify: false,
  });
  const covered = new Map(estimates.map(({ estimate, covered: share }) => [estimate, share]));
  expect(covered.get("sufficient_raw")).toBeLessThan(0.5);
  expect(covered.get("retention_raw")).toBeLessThan(0.6);
  for (const estimate of [
    "sufficient_rogan_gladen",
    "sufficient_ppi",
    "retention",
    "saving",
    "kappa",
    "tpr",
    "tnr",
    "flip_rate",
    "length_bias",
  ]) {
    expect.soft(covered.get(estimate), estimate).toBeGreaterThanOrEqual(about95.low);
    expect.soft(covered.get(estimate), estimate).toBeLessThanOrEqual(about95.high);
  }
});

test("a judge that errs where the router routes breaks a promise on raw verdicts, not on corrected quality", () => {
  const { estimates, promises } = measureCoverage({
    judge: unevenJudge,
    seeds: 20,
    sessions: 1_200,
    ratings: 500,
    certify: true,
  });
  expect(promises!.raw.held).toBeLessThan(0.5);
  expect(promises!.corrected.held).toBeGreaterThanOrEqual(0.95);
  expect(promises!.corrected.certified).toBeGreaterThan(0.5);
  const covered = new Map(estimates.map(({ estimate, covered: share }) => [estimate, share]));
  expect(covered.get("retention")).toBeGreaterThanOrEqual(0.85);
  expect(covered.get("retention_rogan_gladen")).toBeLessThan(0.2);
});
