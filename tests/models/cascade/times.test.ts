import { describe, expect, it } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { composeTimes, streamedShare } from "../../../models/cascade/compose-times.js";
import { timePoints } from "../../../models/cascade/time-points.js";
import { weightedTimes } from "../../../models/cascade/weighted-times.js";
import { quantilesOf } from "../../../models/statistics/quantiles.js";

const points = (total: number[], first: number[] = total.map(() => Number.NaN)) => timePoints(total, first)!;

describe("timePoints", () => {
  it("are the answers themselves where there are few", () => {
    const { total, first, mean } = points([300, 100, 200], [30, 10, 20]);
    expect([...total]).toEqual([100, 200, 300]);
    expect([...first]).toEqual([10, 20, 30]);
    expect(mean).toBeCloseTo(200, 12);
  });

  it("keep the mean where there are many, also when they don't divide evenly", () => {
    const times = Array.from({ length: 1001 }, (_, i) => (i * 37) % 1001);
    const { total, mean } = timePoints(times, times, 64)!;
    expect(total).toHaveLength(64);
    expect(mean).toBeCloseTo(500, 8);
  });

  it("are null without answers", () => {
    expect(timePoints([], [])).toBeNull();
  });
});

describe("streamedShare", () => {
  it.each([
    [50, 100, 300, 0],
    [200, 100, 300, 0.5],
    [400, 100, 300, 1],
    [100, 100, 100, 1],
    [99, 100, 100, 0],
  ])("at %d ms of an answer from %d to %d ms is %d", (moment, first, last, share) => {
    expect(streamedShare(moment, first, last)).toBe(share);
  });
});

describe("composeTimes", () => {
  it("composes two answers each by hand", () => {
    // word at 150 or 250; strong at 100 (first token at 50) or 400 (at 200)
    const composed = composeTimes(points([100, 200]), points([100, 400], [50, 200]), 50);
    expect(composed.accepted).toBeCloseTo(200, 12);
    expect(composed.sequential).toBeCloseTo(200 + 250, 12);
    expect(composed.race).toBeCloseTo((150 + 400 + 250 + 400) / 4, 12);
    expect(composed.streamed).toBeCloseTo((1 + 0 + 1 + 50 / 200) / 4, 12);
  });

  it("doesn't know what was streamed without first tokens", () => {
    expect(composeTimes(points([1]), points([1]), 0).streamed).toBeNaN();
  });

  it("agrees with a million drawn races within 1 %, in mean, median and 95th percentile", () => {
    const random = createRandom(11);
    const draw = (scale: number) => scale * Math.exp(0.5 * random.normal());
    const first = Array.from({ length: 3_000 }, () => draw(400));
    const strong = Array.from({ length: 3_000 }, () => draw(1_200));
    const ttft = strong.map((ms) => 0.2 * ms);
    const [escalated, gateMs] = [0.3, 100];
    const drawn = new Float64Array(1_000_000);
    let streamed = 0;
    for (let i = 0; i < drawn.length; i++) {
      const [a, j] = [first[random.below(3_000)]! + gateMs, random.below(3_000)];
      drawn[i] = random.uniform() < escalated ? Math.max(a, strong[j]!) : a;
      streamed += streamedShare(a, ttft[j]!, strong[j]!) / drawn.length;
    }
    const [cheap, dear] = [timePoints(first, first)!, timePoints(strong, ttft)!];
    const composed = composeTimes(cheap, dear, gateMs);
    const mean = (1 - escalated) * composed.accepted + escalated * composed.race;
    const mixture = weightedTimes();
    mixture.add(cheap, 1 - escalated, gateMs);
    mixture.addPairs(cheap, dear, escalated, (a, b) => Math.max(a + gateMs, b));
    const within = (value: number, truth: number) => expect(Math.abs(value / truth - 1)).toBeLessThan(0.01);
    within(mean, drawn.reduce((sum, ms) => sum + ms, 0) / drawn.length);
    within(composed.streamed, streamed);
    const [p50, p95] = quantilesOf(drawn, [0.5, 0.95]);
    const [ours50, ours95] = mixture.quantiles([0.5, 0.95]);
    within(ours50!, p50!);
    within(ours95!, p95!);
  });
});

describe("weightedTimes", () => {
  it("reads quantiles of the mixture, not means of its parts'", () => {
    const mixture = weightedTimes();
    mixture.add(points([100]), 3);
    mixture.add(points([1_000]), 1);
    expect(mixture.quantiles([0.5, 0.75, 0.76])).toEqual([100, 100, 1_000]);
  });

  it("has none without mass", () => {
    expect(weightedTimes().quantiles([0.5])).toEqual([Number.NaN]);
  });
});
