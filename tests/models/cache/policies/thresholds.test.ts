import { expect, test } from "vitest";
import type { ServePolicy } from "../../../../models/cache/cache-item.js";
import { exactOnly } from "../../../../models/cache/policies/exact-only.js";
import { perSegmentThreshold } from "../../../../models/cache/policies/per-segment-threshold.js";
import { staticThreshold } from "../../../../models/cache/policies/static-threshold.js";
import { itemOf } from "../stream-items.js";

function serves(policy: ServePolicy, cosine: number, segment = "default"): boolean {
  const candidate = { item: itemOf("x", 1, { segment }), neighbours: [{ entry: itemOf("y", 0), cosine }] };
  return policy.pick(candidate) === 0;
}

test("exact only serves no neighbour, however near", () => {
  expect(serves(exactOnly(), 1)).toBe(false);
});

test("a static threshold serves from its cosine on", () => {
  expect([0.899, 0.9, 0.95].map((cosine) => serves(staticThreshold(0.9), cosine))).toEqual([
    false,
    true,
    true,
  ]);
});

test.each([1.01, -1.01, Number.NaN])("a static threshold of %d is refused", (cosine) => {
  expect(() => staticThreshold(cosine)).toThrow(RangeError);
});

test("segments have thresholds of their own, and those without one are off, unless there is another", () => {
  const thresholds = new Map([
    ["faq", 0.8],
    ["legal", Infinity],
  ]);
  const policy = perSegmentThreshold(thresholds);
  expect(serves(policy, 0.85, "faq")).toBe(true);
  expect(serves(policy, 1, "legal")).toBe(false);
  expect(serves(policy, 1, "other")).toBe(false);
  expect(serves(perSegmentThreshold(thresholds, 0.9), 0.95, "other")).toBe(true);
});
