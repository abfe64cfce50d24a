import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { fitTimeLine, lineWeight, timeLineOf } from "../../../models/latency/fit-time-line.js";

const lengths = Int32Array.from({ length: 40 }, (_, i) => 5 * i);

test("finds the time to begin and the time per token of an exact line", () => {
  const line = fitTimeLine(
    lengths,
    Float64Array.from(lengths, (tokens) => 300 + 12 * tokens),
  );
  expect(line.start).toBeCloseTo(300, 8);
  expect(line.perToken).toBeCloseTo(12, 10);
});

test("long answers of a model that is hardly asked for them lie on its line, not at its mean", () => {
  const random = createRandom(4);
  const short = Array.from({ length: 500 }, () => 10 + random.below(200));
  const line = fitTimeLine(
    short,
    short.map((tokens) => (200 + 5 * tokens) * (0.9 + 0.2 * random.uniform())),
  );
  expect(Math.abs(line.start + 2000 * line.perToken - 10_200)).toBeLessThan(500);
});

test("with fewer than 20 answers, or answers of one length, it is their mean", () => {
  for (const tokens of [[1, 2, 3], new Array<number>(30).fill(7)]) {
    const line = fitTimeLine(
      tokens,
      tokens.map((_, i) => 100 + i),
    );
    expect(line.perToken).toBe(0);
    expect(line.start).toBeCloseTo(100 + (tokens.length - 1) / 2, 10);
  }
});

test("without answers nothing is known", () => {
  expect(fitTimeLine([], []).start).toBeNaN();
});

test("a total moves with one answer as its pull says", () => {
  const times = Float64Array.from(lengths, (tokens) => 300 + 12 * tokens + (tokens % 7));
  const total = ({ start, perToken }: { start: number; perToken: number }) => 3 * start + 500 * perToken;
  const before = fitTimeLine(lengths, times);
  times[11]! += 1;
  const after = fitTimeLine(lengths, times);
  expect(total(after) - total(before)).toBeCloseTo(before.pullOf(lengths[11]!, 3, 500), 9);
});

test("sums over the answers give the same line", () => {
  const random = createRandom(8);
  const tokens = Array.from({ length: 200 }, () => 1 + random.below(900));
  const times = tokens.map((length) => (150 + 6 * length) * (0.8 + 0.4 * random.uniform()));
  const sum = (of: (i: number) => number) => tokens.reduce((all, _, i) => all + of(i), 0);
  const line = fitTimeLine(tokens, times);
  const bySums = timeLineOf({
    answers: tokens.length,
    ms: sum((i) => times[i]!),
    weightedMs: sum((i) => lineWeight(tokens[i]!) * times[i]!),
    weight: sum((i) => lineWeight(tokens[i]!)),
    tokens: sum((i) => tokens[i]!),
  });
  expect(bySums.start).toBeCloseTo(line.start, 8);
  expect(bySums.perToken).toBeCloseTo(line.perToken, 10);
  expect(timeLineOf({ answers: 2, ms: 10, weightedMs: 1, weight: 0.1, tokens: 20 })).toEqual({
    start: 5,
    perToken: 0,
  });
});
