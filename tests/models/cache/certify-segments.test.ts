import { expect, test } from "vitest";
import { certifySegments } from "../../../models/cache/certify-segments.js";
import type { OfferSample } from "../../../models/cache/certify-usr.js";

const promise = { alpha: 0.02, delta: 0.1 };

/** n checked offers with scores from 0 to 1, of which the worst `wrong` are wrong. */
function sampleOf(n: number, wrong: number): OfferSample {
  const checked = Array.from({ length: n }, (_, i) => ({ score: i / n, isWrong: i < wrong }));
  return { checked, pool: checked.map(({ score }) => score), requests: n };
}

const levels = (samples: Record<string, OfferSample>) =>
  certifySegments(new Map(Object.entries(samples)), promise).map(({ segment, level, certificate }) => [
    segment,
    level,
    certificate.delta,
  ]);

test("one segment spends all of delta", () => {
  expect(levels({ all: sampleOf(1_000, 5) })).toEqual([["all", "own", 0.1]]);
});

test("segments with many labels have their own certificate, the small ones share one, the tiniest are off", () => {
  expect(
    levels({
      big: sampleOf(1_000, 5),
      small: sampleOf(150, 1),
      less: sampleOf(150, 1),
      tiny: sampleOf(20, 0),
    }),
  ).toEqual([
    ["big", "own", 0.05],
    ["small", "pooled", 0.05],
    ["less", "pooled", 0.05],
    ["tiny", "exact_only", 0.05],
  ]);
});

test("a segment that contradicts the pool is off, though the pool is certified", () => {
  const bad = sampleOf(60, 0);
  const wrongAtTheTop = bad.checked.map((offer, i) => ({ ...offer, isWrong: i >= 57 }));
  const [first, second] = certifySegments(
    new Map([
      ["bad", { ...bad, checked: wrongAtTheTop }],
      ["fine", sampleOf(250, 0)],
    ]),
    promise,
  );
  expect(second).toMatchObject({ segment: "fine", level: "own" });
  expect(first).toMatchObject({ segment: "bad", level: "exact_only" });
});

test("where nothing can be certified all are off, with what it would take", () => {
  const [only] = certifySegments(new Map([["all", sampleOf(50, 0)]]), promise);
  expect(only).toMatchObject({ level: "exact_only", certificate: { minScore: null, leastLabels: 114 } });
  expect(only!.note).toContain("not certifiable with 50 labels, at least 114 are needed");
  const pooled = certifySegments(
    new Map([
      ["a", sampleOf(40, 0)],
      ["b", sampleOf(40, 0)],
    ]),
    promise,
  );
  expect(pooled.map(({ level }) => level)).toEqual(["exact_only", "exact_only"]);
  expect(pooled[0]!.note).toContain("80 labels of all small segments");
});

test("a segment without any offer says so", () => {
  const nothing = { checked: [], pool: [], requests: 900 };
  const [only] = certifySegments(new Map([["codes", nothing]]), promise);
  expect(only).toMatchObject({ level: "exact_only", n: 0 });
  expect(only!.note).toContain("no near entry is offered");
});
