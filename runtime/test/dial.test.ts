import { describe, expect, test } from "vitest";
import { easy, scriptedRouter } from "./support/scripted-router.js";

const dial = [
  { retention: 0.95, min_sufficiency: { small: 0.4, medium: 0.3 }, retention_low: 0.951 },
  { retention: 0.98, min_sufficiency: { small: 0.6, medium: 0.5 }, retention_low: 0.981 },
  { retention: 0.99, min_sufficiency: { small: null, medium: 0.8 }, retention_low: 0.991 },
];
/** Small suffices at 0.95 only, medium at 0.95 and 0.98. */
const middling = [0.5, 0.6, 0, 0, 0];

describe("the dial", () => {
  test.each<[number | null, string, string, number | null]>([
    [null, "medium", "sufficient", 0.6],
    [0.9, "small", "sufficient", 0.4],
    [0.95, "small", "sufficient", 0.4],
    [0.951, "medium", "sufficient", 0.6],
    [0.98, "medium", "sufficient", 0.6],
    [0.985, "large", "insufficient", null],
    [0.995, "large", "not_certified", null],
    [98, "large", "not_certified", null],
  ])("at %s a request goes to %s", async (retention, model, reason, threshold) => {
    const router = await scriptedRouter(() => middling, { dial });
    const wanted = { model, reasons: [reason], threshold };
    expect(router.decide({ prompt: "x", retention })).toMatchObject(wanted);
    router.setRetention(retention);
    expect(router.decide({ prompt: "x" })).toMatchObject(wanted);
  });

  test("a request's retention goes before the router's, and null returns to the policy's", async () => {
    const router = await scriptedRouter(() => middling, { dial });
    router.setRetention(0.995);
    expect(router.decide({ prompt: "x" }).model).toBe("large");
    expect(router.decide({ prompt: "x", retention: 0.95 }).model).toBe("small");
    router.setRetention(null);
    expect(router.decide({ prompt: "x" }).model).toBe("medium");
    router.setRetention(Number.NaN);
    expect(router.decide({ prompt: "x" }).model).toBe("medium");
  });

  test("retention_target names the point in force, and without such a point the thresholds are", async () => {
    const loose = await scriptedRouter(() => middling, { dial, retention_target: 0.95 });
    expect(loose.decide({ prompt: "x" }).model).toBe("small");
    const between = await scriptedRouter(() => middling, { dial, retention_target: 0.97 });
    expect(between.decide({ prompt: "x" })).toMatchObject({ model: "medium", threshold: 0.6 });
  });

  test("without a dial the thresholds hold whatever is wanted", async () => {
    const router = await scriptedRouter(() => middling);
    expect(router.decide({ prompt: "x", retention: 0.999 }).model).toBe("medium");
  });

  test("a retention that is no number is read as absent", async () => {
    const router = await scriptedRouter(() => middling, { dial });
    for (const retention of ["0.95", Number.NaN, {}, Number.POSITIVE_INFINITY]) {
      expect(router.decide({ prompt: "x", retention: retention as number }).model).toBe("medium");
    }
  });

  test("the least confidence holds on top of every threshold", async () => {
    const probabilities = [0.7, 0.85, 0, 0, 0];
    const confident = await scriptedRouter(() => probabilities, { min_confidence: 0.8 });
    expect(confident.decide({ prompt: "x" })).toMatchObject({ model: "medium", reasons: ["sufficient"] });
    const strict = await scriptedRouter(() => probabilities, { min_confidence: 0.9 });
    expect(strict.decide({ prompt: "x" })).toMatchObject({
      model: "large",
      reasons: ["low_confidence"],
      escalated: true,
    });
    const reached = await scriptedRouter(() => easy, { min_confidence: 0.9 });
    expect(reached.decide({ prompt: "x" }).model).toBe("small");
  });
});
