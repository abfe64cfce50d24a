import { expect, test } from "vitest";
import { groupSessions } from "../../../models/frontier/session-groups.js";

test("few sessions are groups of their own, in two halves of about the same size", () => {
  const { groupOf, count, half } = groupSessions(1000);
  expect([...groupOf]).toEqual([...Array(1000).keys()]);
  expect(count).toBe(1000);
  const second = half.reduce((sum, value) => sum + value, 0);
  expect(Math.abs(second - 500)).toBeLessThan(60);
});

test("many sessions share groups of about the same size, the same in every run", () => {
  const { groupOf, count } = groupSessions(100_000, 400);
  const sizes = new Float64Array(count);
  for (const group of groupOf) sizes[group]! += 1;
  expect(count).toBe(400);
  expect(Math.min(...sizes)).toBeGreaterThan(170);
  expect(Math.max(...sizes)).toBeLessThan(340);
  expect(groupSessions(100_000, 400).groupOf).toEqual(groupOf);
});

test("no sessions make no groups", () => {
  expect(groupSessions(0).count).toBe(0);
});
