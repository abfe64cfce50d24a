import { describe, expect, test } from "vitest";
import { expectPairs } from "../../../../pipelines/cache/pairs/expect-pairs.js";
import type { SampledPair } from "../../../../pipelines/cache/pairs/sample-pairs.js";

const segment = (name: string, requests: number, share: number) => ({
  segment: name,
  requests,
  candidates: requests,
  above_floor: requests * share,
  judgeable: requests * share,
  pairs: requests * share,
});
const pairs = (name: string, count: number, chance: (i: number) => number): SampledPair[] =>
  Array.from({ length: count }, (_, i) => ({
    segment: name,
    inclusion_probability: chance(i),
  })) as unknown as SampledPair[];
const promise = { alpha: 0.01, delta: 0.1, labels: 10_000 };

describe("expectPairs", () => {
  test("says per segment what its labels allow, and what it would take", () => {
    const { all, segments } = expectPairs(
      {
        segments: [segment("large", 10_000, 0.8), segment("small", 1_000, 0.5), segment("tiny", 100, 0.5)],
        pairs: [...pairs("large", 1_000, () => 0.1), ...pairs("small", 60, () => 0.1)],
      },
      promise,
    );
    expect(all).toMatchObject({ labels: 1_060, allowed_errors: 6 });
    expect(segments).toMatchObject([
      // 230 * 8,550 / 8,000, and ln 0.1 / ln(1 - 0.01 / 0.8).
      { labels: 1_000, allowed_errors: 5, least_labels: 230, least_run: 246, least_labels_of_traffic: 184 },
      { labels: 60, allowed_errors: null, least_labels: 230, least_run: 3_933, least_labels_of_traffic: 114 },
      { labels: 0, allowed_errors: null, least_run: null },
    ]);
  });

  test("a segment of which hardly anything lies above the floor needs no labels", () => {
    const [row] = expectPairs({ segments: [segment("rare", 10_000, 0.01)], pairs: [] }, promise).segments;
    expect(row!.least_labels_of_traffic).toBe(0);
  });

  test("unequal weights are worth fewer labels", () => {
    const uneven = pairs("large", 1_000, (i) => (i % 2 === 0 ? 0.5 : 0.1));
    const [row] = expectPairs({ segments: [segment("large", 10_000, 1)], pairs: uneven }, promise).segments;
    // Kish: (500 * 2 + 500 * 10)^2 / (500 * 4 + 500 * 100) = 692.3
    expect(row).toMatchObject({ labels: 1_000, effective_labels: 692, allowed_errors: 3 });
  });

  test("counts only the labels that the budget pays for", () => {
    const sample = { segments: [segment("large", 10_000, 1)], pairs: pairs("large", 1_000, () => 0.1) };
    expect(expectPairs(sample, { ...promise, labels: 300 }).all).toMatchObject({
      labels: 300,
      allowed_errors: 0,
    });
  });
});
