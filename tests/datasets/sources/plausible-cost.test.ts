import { expect, test } from "vitest";
import { plausibleCostUsd } from "../../../datasets/sources/plausible-cost.js";
import { normaliseUsage } from "../../../datasets/tokens/normalise-usage.js";

const million = normaliseUsage({ prompt_tokens: 900_000, completion_tokens: 100_000 });
const usage = million !== null && "usage" in million ? million.usage : null;

test.each([
  ["a usual price", 5, usage, null, 5],
  ["the cheapest model", 0.01, usage, null, 0.01],
  ["the dearest model", 600, usage, null, 600],
  ["cents taken for dollars of the dearest", 60_000, usage, null, null],
  ["micro-dollars", 5_000_000, usage, null, null],
  ["dollars divided once too often", 0.005, usage, null, null],
  ["a zero for an unknown price", 0, usage, null, null],
  ["a zero for a hit in the gateway's cache", 0, usage, "hit", 0],
  ["a zero for a miss", 0, usage, "miss", null],
  ["anything without counts to hold it against", 3, null, null, 3],
  ["a zero without counts", 0, null, null, 0],
  ["no cost", null, usage, null, null],
] as const)("%s", (_, usd, counts, cacheStatus, expected) => {
  expect(plausibleCostUsd(usd, { usage: counts, cacheStatus })).toBe(expected);
});

test("leaves room for the fee of one call", () => {
  const few = normaliseUsage({ prompt_tokens: 10, completion_tokens: 0 });
  if (few === null || !("usage" in few)) throw new Error("no usage");
  expect(plausibleCostUsd(0.03, { usage: few.usage, cacheStatus: null })).toBe(0.03);
  expect(plausibleCostUsd(3, { usage: few.usage, cacheStatus: null })).toBeNull();
});
