import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { ClassLengths, lengthClass, lengthClassesOf } from "../../../models/latency/length-classes.js";
import { timesByLength } from "../../../models/latency/times-by-length.js";

const classes = [0, 100];

function logged(lengths: number[], timeOf: (tokens: number, i: number) => number) {
  return {
    answers: Int32Array.from(lengths.keys()),
    times: Float64Array.from(lengths, timeOf),
    lengths: Int32Array.from(lengths),
    classOf: lengthClassesOf(classes, Int32Array.from(lengths)),
  };
}

const short = Array.from({ length: 40 }, (_, i) => 10 + i);

test("a class with 20 answers has its own, as they are", () => {
  const [own] = timesByLength(
    logged(short, (tokens) => tokens),
    Float64Array.of(30, 500),
  );
  expect([...own!.answers]).toEqual([...short.keys()]);
  expect(new Set(own!.factors)).toEqual(new Set([1]));
});

test("a class with fewer takes all of the model's, each stretched along the line to the class's mean length", () => {
  const line = logged(short, (tokens) => 200 + 3 * tokens);
  const [, rare] = timesByLength(line, Float64Array.of(30, 500));
  for (let i = 0; i < 40; i++) expect(rare!.factors[i]! * line.times[i]!).toBeCloseTo(1700, 6);
});

test("nothing is stretched to a length that isn't known, from lengths that aren't, or where times don't grow", () => {
  const line = logged(short, (tokens) => 200 + 3 * tokens);
  const unknown = { ...line, lengths: new Int32Array(40).fill(-1) };
  for (const [answers, to] of [
    [line, Float64Array.of(30, Number.NaN)],
    [unknown, Float64Array.of(30, 500)],
    [{ ...line, lengths: null }, Float64Array.of(30, 500)],
  ] as const)
    expect(new Set(timesByLength(answers, to)[1]!.factors)).toEqual(new Set([1]));
});

test("without an answer every class is empty", () => {
  for (const { answers } of timesByLength(
    logged([], () => 0),
    Float64Array.of(30, 500),
  ))
    expect(answers.length).toBe(0);
});

test("an answer's error is how far the stretched times move with it", () => {
  const random = createRandom(3);
  const noise = short.map(() => random.normal());
  const stretchedMean = (shift: number) => {
    const line = logged(short, (tokens, i) => 200 + 3 * tokens + noise[i]! + (i === 35 ? shift : 0));
    const { factors } = timesByLength(line, Float64Array.of(30, 500))[1]!;
    return factors.reduce((sum, factor) => sum + Math.log(factor), 0) / factors.length;
  };
  const line = logged(short, (tokens, i) => 200 + 3 * tokens + noise[i]!);
  const { errorOf } = timesByLength(line, Float64Array.of(30, 500))[1]!;
  const byShift = (stretchedMean(1e-4) - stretchedMean(-1e-4)) / 2e-4;
  const more = logged(short, (tokens, i) => 200 + 3 * tokens + noise[i]! + (i === 35 ? 10 : 0));
  const moved = timesByLength(more, Float64Array.of(30, 500))[1]!.errorOf(35) - errorOf(35);
  // of the 10 ms, the line itself takes a part away again
  expect(moved).toBeGreaterThan(7 * byShift);
  expect(moved).toBeLessThan(10.5 * byShift);
  const sum = short.reduce((all, _, i) => all + errorOf(i), 0);
  expect(Math.abs(sum)).toBeLessThan(1e-9);
});

test("mean lengths leave out what isn't known", () => {
  const lengths = new ClassLengths(2);
  for (const tokens of [10, 20, -1, 300]) lengths.add(lengthClass(classes, tokens), tokens);
  expect([...lengths.means()]).toEqual([15, 300]);
  expect(new ClassLengths(1).means()[0]).toBeNaN();
});
