import { expect, test } from "vitest";
import { readAzureTime } from "../../../datasets/sources/azure/read-azure-time.js";

test.each([
  ["2026-07-01T09:15:00.1234567Z", Date.UTC(2026, 6, 1, 9, 15, 0, 123) * 1000 + 456],
  ["7/1/2026, 9:15:00.123 AM", Date.UTC(2026, 6, 1, 9, 15, 0, 123) * 1000],
  ["12/31/2026, 12:05:00.000 AM", Date.UTC(2026, 11, 31, 0, 5) * 1000],
  ["12/31/2026, 12:05:00 PM", Date.UTC(2026, 11, 31, 12, 5) * 1000],
  ["7/1/2026 21:15:00", Date.UTC(2026, 6, 1, 21, 15) * 1000],
  ["13/1/2026, 9:15:00 AM", null],
  ["soon", null],
  [null, null],
])("reads %j", (text, micros) => {
  expect(readAzureTime(text)).toBe(micros);
});
