import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { measureLevers } from "../../../pipelines/levers/measure-levers.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";

const sessions = 80;

/** Sessions of 1 to 4 calls whose savings belong together: half the number of calls, times 0.4 or 1.6 for the whole session. The mean saving
 * of a session is (1 x .5 + 2 x 1 + 3 x 1.5 + 4 x 2) / 4 = $3.75. */
function drawLog(seed: number): ReplayedAttempt[] {
  const random = createRandom(seed);
  return Array.from({ length: sessions }, (_, session) => {
    const calls = 1 + random.below(4);
    const mean = calls / 2;
    const saving = mean * (random.uniform() < 0.5 ? 0.4 : 1.6);
    return Array.from({ length: calls }, () => ({ session, chosen: 0, usd: [1, 1 + saving] }));
  }).flat();
}

test("a step's interval holds the truth in about 95 % of 300 logs, sessions being what is drawn", () => {
  let held = 0;
  for (let seed = 0; seed < 300; seed++) {
    const attempts = drawLog(seed);
    const result = measureLevers(replayData(["small", "large"], attempts), { order: ["router"] });
    const { low, high } = result.waterfall[0]!.change;
    held += Number(low <= -3.75 * sessions && -3.75 * sessions <= high);
  }
  // the share's standard error is 1.3 points
  expect(held / 300).toBeGreaterThan(0.91);
  expect(held / 300).toBeLessThan(0.99);
});

test("one session has no interval", () => {
  const result = measureLevers(replayData(["small", "large"], [{ session: 0, chosen: 0, usd: [1, 2] }]), {
    order: ["router"],
  });
  expect(result.saving).toMatchObject({
    value: 1,
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
  });
});
