import { describe, expect, it } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { jointFailure } from "../../../models/reliability/joint-failure.js";

describe("the joint failure of attempts in one window", () => {
  it.each([
    [10, 4, 0, 1],
    [10, 4, 1, 0.4],
    [10, 4, 2, (4 / 10) * (3 / 9)],
    [10, 1, 2, 0],
    [3, 3, 3, 1],
  ])("of %i attempts with %i failures, %i more: %d", (attempts, failures, asked, joint) => {
    expect(jointFailure({ attempts, failures }, asked)).toBeCloseTo(joint, 12);
  });

  it("can't be told from fewer attempts than are asked about", () => {
    expect(jointFailure({ attempts: 0, failures: 0 }, 1)).toBeNaN();
    expect(jointFailure({ attempts: 1, failures: 1 }, 2)).toBeNaN();
  });

  it("is unbiased for the mean square of the windows' rates, where the plain square is too high", () => {
    const random = createRandom(3);
    const windows = 20_000;
    let [unbiased, plain, truth] = [0, 0, 0];
    for (let w = 0; w < windows; w++) {
      const rate = random.uniform() < 0.1 ? 0.8 : 0.02;
      let failures = 0;
      for (let i = 0; i < 5; i++) failures += Number(random.uniform() < rate);
      unbiased += jointFailure({ attempts: 5, failures }, 2) / windows;
      plain += (failures / 5) ** 2 / windows;
      truth += rate ** 2 / windows;
    }
    expect(Math.abs(unbiased - truth)).toBeLessThan(0.002);
    expect(plain - truth).toBeGreaterThan(0.005);
  });
});
