import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { poisonPairs } from "../../datasets/synthetic/cache-poison.js";
import { encodePairModel } from "../../models/onnx/encode-pair-model.js";
import type { CachePolicy } from "../src/artifact/artifact.js";
import { type CacheRules, decideCache } from "../src/cache/cache-decision.js";
import { CacheReason } from "../src/cache/cache-reason.js";
import { findServable, pairFeatureNames, pairFeatures } from "../src/cache/pair-features.js";
import { decodePairModel, scorePair } from "../src/cache/pair-model.js";
import { PromptMemory } from "../src/cache/prompt-memory.js";
import type { CacheQuestion, GivenNeighbour } from "../src/cache/read-cache-question.js";
import { cachePolicy } from "./support/cache-policy.js";
import { hostileTexts } from "./support/hostile.js";

const now = Date.parse("2026-03-01T12:00:00Z");
const prompt = "How do I reset my password?";
const cachedPrompt = "How can I reset my password?";
const near = (similarity: number, text = cachedPrompt, more: Partial<GivenNeighbour> = {}) => ({
  similarity,
  prompt: text,
  ...more,
});

/** Trusts agreement and little else. */
const model = decodePairModel(
  encodePairModel({
    weights: Float32Array.from(pairFeatureNames, (name) =>
      name === "cosine" ? 4 : name === "vote_wide" ? 3 : 0.25,
    ),
    bias: -5,
  }),
);
const cosine: CacheRules = {
  policy: cachePolicy({
    faq: { min_score: 0.9 },
    exact: { level: "exact_only", min_score: null },
    unsafe: { min_score: null, unsafe: "3 of 100 planted near-duplicates were served" },
  }),
  model: null,
};
const paired = (changes: Partial<CachePolicy> = {}): CacheRules => ({
  policy: cachePolicy({ faq: { min_score: 0.7 } }, { score: "pair_model", ...changes }),
  model,
});
const ask = (question: CacheQuestion, rules = cosine) =>
  decideCache(rules, { segment: "faq", prompt, ...question }, now);

describe("decideCache on cosines", () => {
  const cases: Array<[string, CacheQuestion, string, string, number | null]> = [
    ["serves above the threshold", { neighbours: [near(0.95)] }, "serve", "above_threshold", 0],
    ["serves at the threshold", { neighbours: [near(0.9)] }, "serve", "above_threshold", 0],
    ["misses below it", { neighbours: [near(0.89)] }, "miss", "below_threshold", 0],
    ["takes a single entry", { similarity: 0.95, cachedPrompt }, "serve", "above_threshold", 0],
    [
      "passes a twin with other numbers over for the next",
      { prompt: "a table for 2", neighbours: [near(0.99, "a table for 3"), near(0.93, "table for two")] },
      "serve",
      "above_threshold",
      1,
    ],
    [
      "names what blocks the nearest when the guard allows none",
      { prompt: "a table for 2", neighbours: [near(0.99, "a table for 3"), near(0.97, "no table for 2")] },
      "miss",
      "guard:numbers",
      null,
    ],
    ["misses in an empty scope", { neighbours: [] }, "miss", "no_neighbours", null],
    [
      "serves an equal prompt whatever its score",
      { neighbours: [near(0.2, ` ${prompt}\r\n`)] },
      "serve",
      "exact",
      0,
    ],
    [
      "prefers the equal prompt to a nearer one",
      { neighbours: [near(0.99), near(0.98, prompt)] },
      "serve",
      "exact",
      1,
    ],
    [
      "abstains in a segment that wasn't calibrated",
      { segment: "other", neighbours: [near(1)] },
      "abstain",
      "no_threshold",
      null,
    ],
    [
      "knows no segment by inheritance",
      { segment: "__proto__", neighbours: [near(1)] },
      "abstain",
      "no_threshold",
      null,
    ],
    [
      "abstains where only exact hits are allowed",
      { segment: "exact", neighbours: [near(1)] },
      "abstain",
      "exact_only",
      null,
    ],
    ["serves exact hits there", { segment: "exact", neighbours: [near(1, prompt)] }, "serve", "exact", 0],
    [
      "abstains in an unsafe segment",
      { segment: "unsafe", neighbours: [near(1)] },
      "abstain",
      "unsafe_segment",
      null,
    ],
    [
      "serves exact hits there, too",
      { segment: "unsafe", neighbours: [near(1, prompt)] },
      "serve",
      "exact",
      0,
    ],
    [
      "abstains on a similarity that is no number",
      { neighbours: [near(Number.NaN)] },
      "abstain",
      "bad_similarity",
      null,
    ],
    ["abstains on percentages", { neighbours: [near(97)] }, "abstain", "bad_similarity", null],
    [
      "abstains on distances, which rise",
      { neighbours: [near(0.05), near(0.2)] },
      "abstain",
      "bad_similarity",
      null,
    ],
    ["abstains without the cached prompt", { similarity: 0.95 }, "abstain", "prompts_missing", null],
    [
      "abstains without the prompt",
      { prompt: undefined, neighbours: [near(1)] },
      "abstain",
      "prompts_missing",
      null,
    ],
    ["abstains with nothing at all", { prompt: undefined }, "abstain", "bad_similarity", null],
    ["abstains on a hole in the list", { neighbours: new Array(3) }, "abstain", "bad_similarity", null],
    [
      "decides on given features",
      { features: pairFeatures(prompt, [near(0.95)], 0) },
      "serve",
      "above_threshold",
      null,
    ],
    ["abstains on too few features", { features: [1, 1] }, "abstain", "bad_features", null],
    [
      "abstains on features that aren't finite",
      { features: pairFeatureNames.map(() => Number.NaN) },
      "abstain",
      "bad_features",
      null,
    ],
  ];
  test.each(cases)("%s", (_, question, decision, reason, index) => {
    expect(ask(question)).toMatchObject({ decision, reason, index });
  });

  test("says what it compared", () => {
    expect(ask({ neighbours: [near(0.95)] })).toMatchObject({ score: 0.95, minScore: 0.9 });
    expect(ask({ segment: "unsafe", neighbours: [near(0.95)] })).toMatchObject({
      score: null,
      minScore: null,
    });
  });

  test("falls back to the default segment where it is calibrated", () => {
    const rules = { policy: cachePolicy({ default: { level: "own", min_score: 0.5 } }), model: null };
    expect(ask({ segment: "unheard of", neighbours: [near(0.6)] }, rules)).toMatchObject({ minScore: 0.5 });
    expect(ask({ segment: undefined, neighbours: [near(0.6)] }, rules).decision).toBe("serve");
  });
});

describe("age", () => {
  const rules = { policy: cachePolicy({ faq: {} }, { ttl_s: 3_600 }), model: null };
  const aged = (cachedAt: GivenNeighbour["cachedAt"]) =>
    ask({ neighbours: [near(0.95, cachedPrompt, { cachedAt })] }, rules);

  test.each([now - 3_600_000, new Date(now - 60_000), "2026-03-01T11:30:00Z", now + 60_000, undefined, null])(
    "%s is young enough",
    (cachedAt) => {
      expect(aged(cachedAt).decision).toBe("serve");
    },
  );

  test.each([
    now - 3_600_001,
    new Date(0),
    "2026-02-28T12:00:00Z",
    Math.floor(now / 1000),
    "soon",
    new Date(Number.NaN),
    {} as Date,
  ])("%s is too old, or unreadable", (cachedAt) => {
    expect(aged(cachedAt)).toMatchObject({ decision: "miss", reason: "too_old" });
  });

  test("old entries are passed over, and places still count them", () => {
    const old = near(0.99, cachedPrompt, { cachedAt: 0 });
    const neighbours = [...Array.from({ length: 9 }, () => old), near(0.95)];
    expect(ask({ neighbours }, rules)).toMatchObject({ decision: "serve", index: 9 });
    expect(ask({ neighbours: [near(0.99, prompt, { cachedAt: 0 })] }, rules).reason).toBe("too_old");
  });
});

describe("decideCache on the same-answer score", () => {
  const neighbours = [
    near(0.9, "How do I change my password?", { answer: "change" }),
    near(0.88, "reset password", { answer: "reset" }),
    near(0.87, "password reset how", { answer: "reset" }),
  ];

  test("decides as calibration scores: the first servable neighbour, its features, the model", () => {
    const answer = ask({ neighbours }, paired({ learnt_answers: true }));
    const at = findServable(prompt, neighbours);
    const score = scorePair(model, pairFeatures(prompt, neighbours, at));
    expect(answer).toMatchObject({ index: at, score, minScore: 0.7 });
    expect(answer.decision).toBe(score >= 0.7 ? "serve" : "miss");
  });

  test("agreement of the neighbours decides", () => {
    const rules = paired({ learnt_answers: true });
    const agreed = neighbours.map((neighbour) => ({ ...neighbour, answer: "one" }));
    expect(ask({ neighbours: agreed }, rules).score!).toBeGreaterThan(ask({ neighbours }, rules).score!);
  });

  test("reads no answers where the score learnt without", () => {
    const agreed = neighbours.map((neighbour) => ({ ...neighbour, answer: "one" }));
    const unknown = neighbours.map(({ answer: _, ...neighbour }) => neighbour);
    expect(ask({ neighbours: agreed }, paired())).toEqual(ask({ neighbours: unknown }, paired()));
  });

  test("abstains without the answers that it learnt with, and without neighbours", () => {
    const unknown = neighbours.map(({ answer: _, ...neighbour }) => neighbour);
    expect(ask({ neighbours: unknown }, paired({ learnt_answers: true })).reason).toBe("answers_missing");
    expect(ask({ similarity: 0.99, cachedPrompt }, paired()).reason).toBe("neighbours_missing");
    expect(ask({}, paired()).reason).toBe("neighbours_missing");
    expect(ask({ similarity: 0.99, cachedPrompt: prompt }, paired()).reason).toBe("exact");
  });

  test("looks at eight neighbours", () => {
    const many = Array.from({ length: 8 }, (_, i) => near(0.9 - i / 100, cachedPrompt, { answer: "one" }));
    const ninth = near(0.8, "what is a password", { answer: "other" });
    const rules = paired({ learnt_answers: true });
    expect(ask({ neighbours: [...many, ninth] }, rules)).toEqual(ask({ neighbours: many }, rules));
  });
});

test("what is remembered of cached prompts changes no decision", () => {
  const memory = new PromptMemory();
  const pairs = poisonPairs(3, 3_000);
  for (let i = 0; i < 2 * pairs.length; i++) {
    const { a, b } = pairs[i % pairs.length]!;
    const question = {
      neighbours: [near(0.95, a), near(0.94, `${a} please`.repeat(1 + (i % 20)))],
      prompt: b,
    };
    expect(ask(question, { ...paired(), memory })).toEqual(ask(question, paired()));
  }
});

describe("hostile questions", () => {
  const reasons = new Set<string>(Object.values(CacheReason));
  const isKnown = (reason: string) => reasons.has(reason) || reason.startsWith("guard:");
  const loop: Record<string, unknown> = {};
  loop.neighbours = [loop];
  loop.prompt = loop;

  test.each<[string, unknown]>([
    ["a number", 5],
    ["a list", []],
    ["a cycle", loop],
    ["a list of a billion holes", { segment: "faq", prompt, neighbours: new Array(1e9) }],
    ["a million neighbours", { segment: "faq", prompt, neighbours: new Array(1e6).fill(near(0.99)) }],
    ["text for neighbours", { segment: "faq", prompt, neighbours: "no" }],
    ["numbers for prompts", { segment: "faq", prompt: 5, neighbours: [near(1)] }],
    ["an object for a segment", { segment: {}, prompt, neighbours: [near(1)] }],
    ["features of another kind", { segment: "faq", features: "eleven chars" }],
    ["big integers", { segment: "faq", prompt, neighbours: [{ similarity: 1n, prompt }] }],
  ])("%s is decided on, never served", (_, question) => {
    for (const rules of [cosine, paired(), paired({ learnt_answers: true })]) {
      const { decision, reason } = decideCache(rules, question as CacheQuestion, now);
      expect(isKnown(reason)).toBe(true);
      if (!String(_).startsWith("a million")) expect(decision).not.toBe("serve");
    }
  });

  test("texts that break naive readers are equal to themselves and to nothing else", () => {
    for (const text of hostileTexts) {
      expect(ask({ prompt: text, neighbours: [near(0.5, text)] }).reason).toBe("exact");
      expect(isKnown(ask({ prompt: text, neighbours: [near(0.95)] }).reason)).toBe(true);
    }
  });

  test("any JSON gets a known reason", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            segment: fc.constantFrom("faq", "exact", "none"),
            prompt: fc.oneof(fc.string(), fc.constant(prompt), fc.jsonValue()),
            neighbours: fc.oneof(
              fc.jsonValue(),
              fc.array(
                fc.record({
                  similarity: fc.oneof(fc.double(), fc.jsonValue()),
                  prompt: fc.oneof(fc.string(), fc.jsonValue()),
                }),
              ),
            ),
            similarity: fc.jsonValue(),
            features: fc.oneof(fc.constant(undefined), fc.array(fc.double())),
          },
          { requiredKeys: ["segment"] },
        ),
        (question) => {
          for (const rules of [cosine, paired()])
            expect(isKnown(decideCache(rules, question as CacheQuestion, now).reason)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
