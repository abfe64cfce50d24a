import { expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatMilliseconds,
  formatShare,
  formatUsd,
} from "../../reports/format-numbers.js";
import { sortKey } from "../../reports/sort-key.js";

test.each([
  ["$1,200.00", 1200],
  ["at least $12.50", 12.5],
  ["−$0.000123", -0.000123],
  ["12.3\u00a0%", 12.3],
  ["−4", -4],
  ["61,204", 61_204],
  ["0.912", 0.912],
  ["unknown", null],
  ["never", null],
  ["", null],
] as const)("%s sorts by its number", (text, key) => {
  expect(sortKey(text)).toBe(key);
});

test.each([
  ["dollars", formatUsd, [-3, -0.02, 0, 0.000_04, 0.09, 0.1, 12, 1_234.5, 2_000_000]],
  ["shares", formatShare, [-0.5, 0, 0.013, 0.2, 1]],
  ["counts", formatCount, [0, 7, 1_000, 12_345_678]],
  ["times", formatMilliseconds, [3, 420, 999, 1_000, 90_000]],
  ["sizes", formatBytes, [12, 999, 1_500, 999_000, 3_000_000]],
] as const)("%s sort in the order of what was formatted", (_, format, values) => {
  const keys = values.map((value) => sortKey(format(value))!);
  expect(keys).toEqual([...keys].sort((a, b) => a - b));
  expect(new Set(keys).size).toBe(values.length);
});
