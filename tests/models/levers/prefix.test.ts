import { describe, expect, test } from "vitest";
import { PrefixMemory } from "../../../models/levers/prefix-memory.js";
import { prefixValue, readSaving, writeSurcharge } from "../../../models/levers/prefix-value.js";
import { CompensatedSum } from "../../../models/statistics/compensated-sum.js";

describe("a provider's prompt cache", () => {
  const memory = new PrefixMemory(2, 300e6, 1024);

  test.each([
    { why: "nothing was read", tokens: 0, after: 0, held: 0 },
    { why: "a long prompt within the TTL", tokens: 2000, after: 300e6, held: 2000 },
    { why: "a long prompt after it", tokens: 2000, after: 300e6 + 1, held: 0 },
    { why: "the shortest prompt that is cached", tokens: 1024, after: 1, held: 1024 },
    { why: "a shorter one", tokens: 1023, after: 1, held: 0 },
  ])("holds $held tokens of $why", ({ tokens, after, held }) => {
    memory.forget();
    if (tokens > 0) memory.remember(1, 1e15, tokens, 0);
    expect(memory.held(1, 1e15 + after)).toBe(held);
    expect(memory.held(0, 1e15 + after)).toBe(0);
  });

  test("is empty in the next conversation", () => {
    memory.remember(0, 1e15, 5000, 5000);
    memory.forget();
    expect(memory.held(0, 1e15)).toBe(0);
  });
});

describe("the value of a prefix", () => {
  const claude = { input: 3e-6, cacheRead: 0.3e-6, cacheWrite: 3.75e-6 };
  const gpt = { input: 2.5e-6, cacheRead: 1.25e-6, cacheWrite: Number.NaN };
  const uncached = { input: 1e-6, cacheRead: Number.NaN, cacheWrite: Number.NaN };

  test.each([
    {
      name: "10,000 read, 10,000 written at a quarter more",
      prices: claude,
      read: 10_000,
      written: 10_000,
      usd: 0.027 - 0.0075,
    },
    { name: "the same, writing being free", prices: gpt, read: 10_000, written: 10_000, usd: 0.0125 },
    { name: "no cached price", prices: uncached, read: 10_000, written: 0, usd: 0 },
    { name: "more written than read is worth", prices: claude, read: 1000, written: 100_000, usd: 0 },
  ])("is $usd with $name", ({ prices, read, written, usd }) => {
    expect(prefixValue(read, written, prices)).toBeCloseTo(usd, 15);
  });

  test("has neither saving nor surcharge where the list has the same price for all", () => {
    const flat = { input: 1e-6, cacheRead: 1e-6, cacheWrite: 1e-6 };
    expect([readSaving(flat), writeSurcharge(flat)]).toEqual([0, 0]);
  });
});

test("a compensated sum keeps what plain addition loses", () => {
  const values = [1, 1e100, 1, -1e100];
  const sum = new CompensatedSum();
  for (const value of values) sum.add(value);
  expect(values.reduce((a, b) => a + b, 0)).toBe(0);
  expect(sum.total).toBe(2);
});
