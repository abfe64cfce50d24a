import { describe, expect, it } from "vitest";
import { type ChainStep, chainOutcome } from "../../../models/reliability/chain-outcome.js";

const step = (changes: Partial<ChainStep> = {}): ChainStep => ({
  failure: 0.25,
  failedUsd: 0.1,
  failedMs: 1_000,
  answeredUsd: 2,
  answeredMs: 400,
  waitMs: 100,
  ...changes,
});

describe("the outcome of a chain", () => {
  it("follows failures down two steps, worked out by hand", () => {
    const totals = chainOutcome([
      {
        answered: 80,
        answeredUsd: 1,
        answeredMs: 500,
        failures: [
          { count: 20, usd: 0.5, ms: 2_000, steps: [step(), step({ failure: 0.6, answeredUsd: 3 })] },
        ],
      },
    ]);
    // 20 fail; 15 are answered by the second attempt, 5 ask a third time: 2 are answered, 3 are not
    expect(totals).toEqual({
      requests: 100,
      attempts: 80 + 20 + 20 + 5,
      answered: 97,
      usd: 80 * 1 + 20 * 0.5 + (15 * 2 + 5 * 0.1) + (2 * 3 + 3 * 0.1),
      answeredMs: 80 * 500 + 15 * 2_500 + 2 * 3_600,
      recovered: 17,
      recoveredMs: 15 * 2_500 + 2 * 3_600,
    });
  });

  it("lets a failure stand that has no steps", () => {
    const totals = chainOutcome([
      { answered: 3, answeredUsd: 1, answeredMs: 1, failures: [{ count: 1, usd: 0, ms: 9, steps: [] }] },
    ]);
    expect(totals).toMatchObject({ requests: 4, answered: 3, attempts: 4, recovered: 0 });
  });

  it("needs no figures of what never happens, and passes on what isn't known", () => {
    const never = step({ failure: 1, answeredUsd: Number.NaN, answeredMs: Number.NaN });
    const failures = [{ count: 1, usd: 0, ms: 10, steps: [never] }];
    const cell = { answered: 0, answeredUsd: Number.NaN, answeredMs: Number.NaN, failures };
    expect(chainOutcome([cell]).usd).toBeCloseTo(0.1, 12);
    const unknown = { ...cell, failures: [{ ...failures[0]!, steps: [step({ answeredUsd: Number.NaN })] }] };
    expect(chainOutcome([unknown]).usd).toBeNaN();
    expect(chainOutcome([unknown]).answered).toBe(0.75);
  });

  it("has no requests without cells", () => {
    expect(chainOutcome([]).requests).toBe(0);
  });
});
