import { FEATURISER, type Head, readRequest } from "@signalbox/runtime";
import { expect, test } from "vitest";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import type { GateSample } from "../../pipelines/export/gate-requests.js";
import { defaultBudgets, measureConfounders } from "../../pipelines/export/measure-confounders.js";
import { twoModelPolicy } from "../../runtime/test/support/two-model-policy.js";

const heads: Head[] = [{ kind: "sufficiency", model: "small" }];

/** A router that hears rewriting cues ("summary") and nothing else: one is enough for the small model. */
function gullibleModel(): Uint8Array {
  const denseWide = new Float32Array(FEATURISER.denseNames.length);
  denseWide[FEATURISER.denseNames.indexOf("cue_rewriting")] = 9;
  const empty = new Float32Array(0);
  return encodeOnnx({
    heads,
    lengthQuantiles: [],
    featuriser: { version: FEATURISER.version, hash: FEATURISER.hash },
    buckets: FEATURISER.buckets,
    denseFeatures: denseWide.length,
    hidden: 0,
    wideTable: new Float32Array(FEATURISER.buckets),
    denseWide,
    bias: Float32Array.of(-1),
    deepTable: empty,
    denseDeep: empty,
    deepBias: empty,
    deepOut: empty,
    mix: Float32Array.of(1, 0),
    shift: Float32Array.of(0),
    knots: empty,
    bends: empty,
  });
}

const policy = twoModelPolicy();

const router = { onnx: gullibleModel(), policy, heads };

function sample(hard: number): GateSample {
  const prompts = Array.from({ length: hard + 30 }, (_, i) =>
    i < hard ? `where does river ${i} begin` : `summary of text ${i}`,
  );
  return {
    requests: prompts.map((prompt, cluster) => ({ read: readRequest({ prompt }), cluster })),
    source: "made up",
    isSeen: false,
  };
}

const familyOf = (report: ReturnType<typeof measureConfounders>, name: string) =>
  report.families.find(({ family }) => family === name)!;

test("finds the word that a router listens to, and measures it on other requests", () => {
  const report = measureConfounders(sample(60), router, defaultBudgets, 1);
  expect(report).toMatchObject({ requests: 90, not_cheapest: 60, is_seen_in_training: false });
  expect(familyOf(report, "searched_prefix")).toMatchObject({
    to_cheaper: { value: 1, n: 36 },
    budget: 1,
    status: "within",
  });
  expect(familyOf(report, "easy_claim")).toMatchObject({ to_cheaper: { value: 0, n: 60 }, status: "within" });
  expect(familyOf(report, "homoglyphs").to_dearer!.value).toBe(1);
});

test.each([
  [{ ...defaultBudgets, maxSearchedFlipRate: 0.9 }, "searched_prefix", "over"],
  [{ ...defaultBudgets, maxFlipRate: 0 }, "easy_claim", "within"],
])("holds each family to its budget: %j", (budgets, family, status) => {
  expect(familyOf(measureConfounders(sample(60), router, budgets, 1), family).status).toBe(status);
});

test("does not judge a rate of too few requests", () => {
  const report = measureConfounders(sample(10), router, defaultBudgets, 1);
  expect(familyOf(report, "filler")).toMatchObject({ to_cheaper: { n: 10 }, status: "not_judged" });
  expect(familyOf(report, "searched_prefix")).toMatchObject({ to_cheaper: null, status: "not_judged" });
});

test("a router that is never certified can't be swayed", () => {
  const never = {
    ...policy,
    thresholds: { small: { min_sufficiency: null, retention_low: null, n: 1, note: "" } },
  };
  const report = measureConfounders(sample(60), { ...router, policy: never }, defaultBudgets, 1);
  expect(report.families.every(({ to_cheaper }) => (to_cheaper?.value ?? 0) === 0)).toBe(true);
});
