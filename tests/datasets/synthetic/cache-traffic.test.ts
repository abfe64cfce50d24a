import { expect, test } from "vitest";
import type { StreamItem } from "../../../datasets/cache-stream.js";
import { createRandom } from "../../../datasets/random.js";
import {
  lookAlikeOf,
  plainQuestion,
  plainQuestions,
  writeQuestion,
} from "../../../datasets/synthetic/cache-questions.js";
import { type CacheTrafficOptions, plantedCacheTraffic } from "../../../datasets/synthetic/cache-traffic.js";
import { createZipf } from "../../../datasets/synthetic/zipf.js";

const generate = (options: Partial<CacheTrafficOptions> = {}) => [
  ...plantedCacheTraffic({ requests: 4_000, seed: 1, ...options }),
];
const still = { changing: 0, lookAlikes: 0, tenants: 1 };

/** Share of the requests with an equal text or question before them whose answer was another. */
function otherAnswers(items: readonly StreamItem[], keyOf: (item: StreamItem) => string): number {
  const last = new Map<string, string>();
  let repeats = 0;
  let other = 0;
  for (const item of items) {
    const key = keyOf(item);
    const answer = last.get(key);
    if (answer !== undefined) {
      repeats += 1;
      other += Number(answer !== item.answer_key);
    }
    last.set(key, item.answer_key!);
  }
  return other / repeats;
}

test("the same options give the same stream, another seed another one, and a longer one goes on from it", () => {
  const items = generate();
  expect(generate()).toEqual(items);
  expect(generate({ seed: 2 })).not.toEqual(items);
  expect(generate({ requests: 5_000 }).slice(0, 4_000)).toEqual(items);
});

test("ids and tenants say that it is synthetic, and time goes forward", () => {
  const items = generate({ tenants: 4 });
  expect(
    items.every(({ id, tenant }) => id.startsWith("synthetic-") && tenant!.startsWith("synthetic-")),
  ).toBe(true);
  expect(new Set(items.map(({ tenant }) => tenant)).size).toBe(4);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  items.slice(1).forEach(({ created_at }, i) => {
    expect(created_at!).toBeGreaterThanOrEqual(items[i]!.created_at!);
  });
});

test("without changing answers an equal text of one tenant has one answer, and an answer many texts", () => {
  const items = generate({ changing: 0, lookAlikes: 1 });
  expect(otherAnswers(items, ({ tenant, text }) => `${tenant}/${text}`)).toBe(0);
  const texts = new Set(items.map(({ text }) => text)).size;
  const answers = new Set(items.map(({ answer_key }) => answer_key)).size;
  expect(texts / answers).toBeGreaterThan(1.5);
});

test("an equal text of another tenant needs another answer", () => {
  const byText = new Map(generate(still).map(({ text, answer_key }) => [text, answer_key]));
  const other = generate({ ...still, seed: 1, tenants: 2 }).filter(
    ({ tenant }) => tenant === "synthetic-tenant-2",
  );
  expect(other.length).toBeGreaterThan(500);
  for (const { text, answer_key } of other) expect(answer_key).not.toBe(byText.get(text));
});

test("answers that change make old ones wrong, the more the shorter they live", () => {
  const share = (answerLifeS: number) =>
    otherAnswers(generate({ ...still, changing: 0.5, answerLifeS }), ({ text }) => text);
  expect(share(3_600)).toBeGreaterThan(0.15);
  expect(share(86_400)).toBeGreaterThan(0);
  expect(share(86_400)).toBeLessThan(share(3_600));
  expect(share(1e9)).toBeLessThan(0.01);
});

test("look-alikes appear where the drift is planted, and only from there on", () => {
  const items = generate({ ...still, driftAt: 2_000 });
  const calm = generate(still);
  expect(items.slice(0, 2_000)).toEqual(calm.slice(0, 2_000));
  const known = new Set(calm.map(({ answer_key }) => answer_key));
  const isNew = ({ answer_key }: StreamItem) => !known.has(answer_key);
  const share = items.slice(2_000).filter(isNew).length / 2_000;
  // 60 % of the questions have a look-alike then, which takes 40 % of their requests.
  expect(share).toBeGreaterThan(0.15);
  expect(share).toBeLessThan(0.35);
});

test("a look-alike differs in one place, and from every plain question", () => {
  const plain = Array.from({ length: plainQuestions }, (_, number) =>
    writeQuestion(plainQuestion(number), 0),
  );
  expect(new Set(plain).size).toBe(plainQuestions);
  const known = new Set(plain);
  for (const number of [0, 1, 500, 1_234, plainQuestions - 1]) {
    const text = writeQuestion(lookAlikeOf(plainQuestion(number)), 0);
    expect(known.has(text)).toBe(false);
    const words = new Set(plain[number]!.split(" "));
    expect(text.split(" ").filter((word) => !words.has(word)).length).toBeLessThanOrEqual(2);
  }
});

test("ranks are drawn in proportion to 1 / rank", () => {
  const random = createRandom(5);
  const draw = createZipf(100, 1);
  const counts = new Array<number>(100).fill(0);
  const draws = 50_000;
  for (let i = 0; i < draws; i++) counts[draw(random)]! += 1;
  const harmonic = Array.from({ length: 100 }, (_, i) => 1 / (i + 1)).reduce((sum, term) => sum + term);
  for (const rank of [0, 1, 9, 49]) {
    const expected = draws / (rank + 1) / harmonic;
    expect(Math.abs(counts[rank]! - expected)).toBeLessThan(4 * Math.sqrt(expected));
  }
});

test.each([0, plainQuestions + 1])("%d questions are refused", (questions) => {
  expect(() => generate({ questions })).toThrow(RangeError);
});
