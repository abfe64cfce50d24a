import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readBanking77 } from "../../../datasets/benchmarks/read-banking77.js";
import { readClinc150 } from "../../../datasets/benchmarks/read-clinc150.js";
import { readNluppPairs, readNluppQueries } from "../../../datasets/benchmarks/read-nlupp.js";
import { readSgdTurns } from "../../../datasets/benchmarks/read-sgd-turns.js";
import type { StreamItem } from "../../../datasets/cache-stream.js";
import { InputError } from "../../../datasets/errors.js";

const data = resolve(process.env.SIGNALBOX_DATA ?? "../shared/data");
const distinct = (values: ReadonlyArray<string | null>) => new Set(values).size;
const countBy = (items: readonly StreamItem[]) => {
  const counts: Record<string, number> = {};
  for (const { segment } of items) counts[String(segment)] = (counts[String(segment)] ?? 0) + 1;
  return counts;
};

describe.skipIf(!existsSync(join(data, "cache")))("published query sets (need SIGNALBOX_DATA)", () => {
  test("Banking77 has 13,083 queries of 77 intents in ten groups", () => {
    const items = readBanking77(data);
    expect(items).toHaveLength(13_083);
    expect(distinct(items.map(({ answer_key }) => answer_key))).toBe(77);
    expect(distinct(items.map(({ id }) => id))).toBe(13_083);
    const groups = countBy(items);
    expect(Object.keys(groups)).toHaveLength(10);
    expect(Math.min(...Object.values(groups))).toBeGreaterThan(400);
  });

  test("CLINC150 has 22,500 queries of 150 intents, and 1,200 with an answer of their own", () => {
    const items = readClinc150(data);
    expect(items).toHaveLength(23_700);
    const [own, shared] = [true, false].map((isOwn) =>
      items.filter(({ segment }) => (segment === "oos") === isOwn),
    );
    expect(distinct(shared!.map(({ answer_key }) => answer_key))).toBe(150);
    expect(own).toHaveLength(1_200);
    expect(distinct(own!.map(({ answer_key }) => answer_key))).toBeGreaterThan(1_190);
    expect(distinct(items.map(({ segment }) => segment))).toBe(11);
  });

  test("NLU++ has 1,927 answers, and pairs that differ in a value only", () => {
    const items = readNluppQueries(data);
    expect(items).toHaveLength(3_080);
    expect(distinct(items.map(({ answer_key }) => answer_key))).toBe(1_927);
    const pairs = readNluppPairs(data);
    expect(pairs).toHaveLength(2_218);
    expect(pairs.filter(({ is_same }) => is_same)).toHaveLength(1_660);
    expect(pairs.filter(({ kind }) => kind === "same_intent_diff_slot")).toHaveLength(510);
    expect(pairs.every(({ is_same, kind }) => is_same === (kind === "same_answer"))).toBe(true);
  });

  test("SGD's 12,094 turns with a service call have an answer, and the last message alone is ruinous", () => {
    const items = readSgdTurns(data);
    expect(items).toHaveLength(39_460);
    const answered = items.filter(({ answer_key }) => answer_key !== null);
    expect(answered).toHaveLength(12_094);
    expect(answered.every(({ history }) => history.length === 0 || history[0]!.role === "user")).toBe(true);

    const firstAnswers = new Map<string, string>();
    let hits = 0;
    let wrong = 0;
    for (const { text, answer_key } of answered) {
      const key = text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim();
      const cached = firstAnswers.get(key);
      if (cached === undefined) firstAnswers.set(key, answer_key!);
      else {
        hits += 1;
        wrong += Number(cached !== answer_key);
      }
    }
    expect(hits / answered.length).toBeCloseTo(0.178, 2);
    expect(wrong / hits).toBeCloseTo(0.94, 2);
  });
});

test.each([readBanking77, readClinc150, readNluppQueries, readNluppPairs, readSgdTurns])(
  "%o names the folder to give where the data is missing",
  (read) => {
    expect(() => read("/nonexistent")).toThrow(InputError);
  },
);
