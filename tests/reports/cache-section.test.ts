import { describe, expect, it } from "vitest";
import { cacheSection } from "../../reports/page/cache.js";
import { cacheCalibration } from "./cache-calibration.js";
import { realisticDocuments } from "./fixtures.js";

const textOf = (calibration: Parameters<typeof cacheCalibration>[0] | null) =>
  JSON.stringify(
    cacheSection({
      ...realisticDocuments(),
      cache_calibration: calibration === null ? null : cacheCalibration(calibration),
    }),
  ).replaceAll("\u00a0", " ");

describe("the cache section", () => {
  it("says that a curve is no promise while nothing is certified", () => {
    expect(textOf(null)).toContain("no promise about wrong answers");
    expect(textOf(null)).toContain("signalbox cache calibrate");
  });

  it("states the promise, each segment's threshold and what came of it", () => {
    const text = textOf({});
    expect(text).toContain("wrong hits are at most 1.0 % of all requests");
    expect(text).toContain("1 segment of 2 may be served near answers");
    expect(text).toContain("0.9134");
    expect(text).toContain("not certifiable with 40 labels");
    expect(text).toContain("35.3 % (34.5 % to 36.1 %)");
    expect(text).toContain("Right and wrong are not known there.");
  });

  it("warns of simulated labels, and of a calibration that certified nothing", () => {
    expect(textOf({ is_simulated: true })).toContain("A simulated judge made the labels");
    const off = cacheCalibration().segments.map((row) => ({ ...row, min_score: null }));
    expect(textOf({ segments: off })).toContain("Nothing could be certified");
  });
});
