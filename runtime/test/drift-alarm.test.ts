import { expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { openDriftAlarm } from "../src/cache/drift-alarm.js";

const promise = { alpha: 0.01, delta: 0.05 };

/** Share of 400 watches in which the alarm is raised within so many checks, and the median of when. */
function watch(share: number, checks: number) {
  const delays: number[] = [];
  for (let seed = 0; seed < 400; seed++) {
    const random = createRandom(seed);
    const alarm = openDriftAlarm(promise);
    while (alarm.checked < checks && !alarm.check(random.uniform() < share));
    if (alarm.isRaised) delays.push(alarm.checked);
  }
  return { raised: delays.length / 400, median: delays.sort((a, b) => a - b)[delays.length >> 1] };
}

test("evidence is the mean over bets of the product of 1 + bet (wrong - alpha)", () => {
  const alarm = openDriftAlarm({ alpha: 0.5, delta: 0.1 });
  expect(alarm.evidence).toBe(1);
  alarm.check(true);
  const bets = [0.005, 0.01, 0.02, 0.05, 0.1, 0.3].map((share) => share / 0.5);
  expect(alarm.evidence).toBeCloseTo(bets.reduce((sum, bet) => sum + 1 + bet * 0.5, 0) / 6, 12);
});

test("a kept promise raises it in at most delta of watches, looked at after every check", () => {
  expect(watch(promise.alpha, 5_000).raised).toBeLessThanOrEqual(promise.delta);
});

test("four times the promised share raises it after some hundred checks", () => {
  const { raised, median } = watch(4 * promise.alpha, 5_000);
  expect(raised).toBeGreaterThan(0.99);
  expect(median).toBeLessThan(600);
});

test("it stays raised", () => {
  const alarm = openDriftAlarm(promise);
  for (let i = 0; i < 10; i++) alarm.check(true);
  expect(alarm.isRaised).toBe(true);
  for (let i = 0; i < 1_000; i++) alarm.check(false);
  expect([alarm.isRaised, alarm.evidence < 1]).toEqual([true, true]);
});
