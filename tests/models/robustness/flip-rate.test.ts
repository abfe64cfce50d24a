import { type ReadRequest, readRequest } from "@signalbox/runtime";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { confounders } from "../../../models/robustness/confounders.js";
import { flipRate } from "../../../models/robustness/flip-rate.js";
import { searchPrefix } from "../../../models/robustness/search-prefix.js";
import { clusteredShare } from "../../../models/statistics/clustered-share.js";

const requestsOf = (texts: readonly string[]) =>
  texts.map((prompt, cluster) => ({ read: readRequest({ prompt }), cluster }));

/** A router that hears the word "easy" and nothing else; "prove" goes to the dearest model. */
const gullible = ({ userText }: ReadRequest) => (/easy/.test(userText) ? 0 : /prove/.test(userText) ? 2 : 1);
const context = { decide: gullible, dearest: 2, seed: 1 };

const swap = (from: string, to: string) => (text: string) => text.replace(from, to);

describe("flipRate", () => {
  const requests = requestsOf(["prove a", "prove b", "list c", "easy d"]);

  test("counts moves to a cheaper model among requests that could move", () => {
    const { toCheaper, toDearer } = flipRate(
      requests,
      { family: "f", about: "", variants: [(text) => `easy ${text}`] },
      context,
    );
    expect(toCheaper).toMatchObject({ value: 1, n: 3 });
    expect(toDearer).toMatchObject({ value: 0, n: 2 });
  });

  test("counts a step down between middle models, and leaves unchanged texts out", () => {
    const confounder = { family: "f", about: "", variants: [swap("prove", "list")] };
    expect(flipRate(requests, confounder, context).toCheaper).toMatchObject({ value: 1, n: 2 });
  });

  test("takes the variant that harms most requests", () => {
    const variants = [swap("prove a", "easy a"), (text: string) => `${text}!`, swap("prove", "easy")];
    const { toCheaper } = flipRate(requests, { family: "f", about: "", variants }, context);
    expect(toCheaper).toMatchObject({ value: 1, n: 2 });
  });

  test("has no rate where nothing could be harmed", () => {
    const confounder = { family: "f", about: "", variants: [(text: string) => `${text}.`] };
    expect(flipRate(requestsOf(["easy a"]), confounder, context)).toMatchObject({ toCheaper: null });
  });
});

describe("searchPrefix", () => {
  const reads = requestsOf(["prove a", "prove b", "prove c"]).map(({ read }) => read);
  const gain = (read: ReadRequest) => (gullible(read) < 2 ? 2 : 0);

  test("finds the word that a router listens to", () => {
    expect(searchPrefix(reads, ["why", "how", "easy", "list"], { gain })).toMatch(/^easy /);
  });

  test("finds nothing in a router that can't be moved", () => {
    expect(searchPrefix(reads, ["why", "easy"], { gain: () => 0 })).toBe("");
  });

  test("copes without words and without requests", () => {
    expect(searchPrefix(reads, [], { gain })).toBe("");
    expect(searchPrefix([], ["easy"], { gain })).toBe("");
  });
});

describe("confounders", () => {
  const text = "Urgent: please prove that the sum of two even numbers is even. Explain each step. Thanks.";

  test.each(confounders.map((confounder) => [confounder.family, confounder] as const))(
    "%s changes a text in every variant, the same for the same seed",
    (_, { variants }) => {
      for (const variant of variants) {
        expect(variant(text, createRandom(1))).not.toBe(text);
        expect(variant(text, createRandom(1))).toBe(variant(text, createRandom(1)));
      }
    },
  );

  test("keep the request itself: only base64, stakes and letters touch its words", () => {
    const kept = confounders.filter(
      ({ family }) =>
        !["base64", "stakes_removed", "homoglyphs", "zero_width", "whitespace"].includes(family),
    );
    for (const { variants } of kept)
      for (const variant of variants) expect(variant(text, createRandom(1))).toContain(text);
  });

  test.each(["", "\ud800", "\n", "🚀", "a".repeat(10_000)])("take any text: %j", (odd) => {
    for (const { variants } of confounders)
      for (const variant of variants) expect(typeof variant(odd, createRandom(1))).toBe("string");
  });
});

describe("clusteredShare", () => {
  test("is Wilson's interval when every row is a cluster of its own", () => {
    const values = Array.from({ length: 100 }, (_, i) => Number(i < 10));
    const { value, low, high } = clusteredShare(values, [...values.keys()], "x")!;
    expect(value).toBeCloseTo(0.1, 12);
    expect(low).toBeCloseTo(0.0552, 3);
    expect(high).toBeCloseTo(0.1744, 3);
  });

  test("is wider when rows of a cluster agree, and has an upper end without a hit", () => {
    const values = Array.from({ length: 100 }, (_, i) => Number(i < 20));
    const apart = clusteredShare(values, [...values.keys()], "x")!;
    const together = clusteredShare(
      values,
      values.map((_, i) => Math.floor(i / 10)),
      "x",
    )!;
    expect(together.high - together.low).toBeGreaterThan(2 * (apart.high - apart.low));
    expect(clusteredShare([0, 0, 0, 0], [0, 0, 1, 1], "x")!.high).toBeGreaterThan(0.6);
    expect(clusteredShare([], [], "x")).toBeNull();
  });

  test("covers a planted share in about 95 % of 200 seeds of clustered rows", () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = createRandom(seed);
      const clusters = Array.from({ length: 240 }, (_, i) => Math.floor(i / 4));
      const levels = Array.from({ length: 60 }, () => (random.uniform() < 0.5 ? 0.05 : 0.25));
      const values = clusters.map((cluster) => Number(random.uniform() < levels[cluster]!));
      const { low, high } = clusteredShare(values, clusters, "x")!;
      covered += Number(low <= 0.15 && 0.15 <= high);
    }
    expect(covered).toBeGreaterThanOrEqual(182);
  });
});
