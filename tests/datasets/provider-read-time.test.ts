import fc from "fast-check";
import { expect, test } from "vitest";
import { readTimestamp } from "../../datasets/sources/read-time.js";

const noon = Date.UTC(2026, 3, 9, 12) * 1000;

test.each<[unknown, number]>([
  [noon / 1e6, noon],
  [noon / 1e3, noon],
  [noon, noon],
  [noon * 1e3, noon],
  [`${noon / 1e6}`, noon],
  [noon / 1e6 + 0.25, noon + 250_000],
  [BigInt(noon) * 1000n, noon],
  [621_355_968_000_000_000 + noon * 10, noon],
  ["2026-04-09T12:00:00Z", noon],
  ["2026-04-09T12:00:00.123456789Z", noon + 123_456],
  ["2026-04-09 12:00:00.5", noon + 500_000],
  ["2026-04-09 12:00:00.341000 UTC", noon + 341_000],
  ["2026-04-09T20:00:00+08:00", noon],
  ["2026-04-09T20:00:00+0800", noon],
  ["2026-04-09T12:00", noon],
  ["2026-04-09", noon - 43_200_000_000],
  ["Thu, 09 Apr 2026 12:00:00 GMT", noon],
  ["Thu Apr  9 12:00:00 2026", noon],
  ["09/Apr/2026:14:00:00 +0200", noon],
  [new Date(noon / 1000), noon],
])("%s is read", (value, micros) => {
  expect(readTimestamp(value)).toBe(micros);
});

test.each([
  null,
  undefined,
  "",
  "soon",
  "12",
  812.3,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  {},
  [],
  true,
  "2026-13-01T00:00:00Z",
  "2026-02-30",
  "2026-04-09T25:00:00Z",
  "1999-12-31T23:59:59Z",
  1e30,
  "9".repeat(100),
  "v4-2026-beta",
])("%j is no time", (value) => {
  expect(readTimestamp(value)).toBeNull();
});

test("any whole second since 2000 reads the same in every unit and as ISO text", () => {
  fc.assert(
    fc.property(fc.integer({ min: 946_684_800, max: 4_102_444_800 }), (seconds) => {
      const micros = seconds * 1e6;
      const texts = [new Date(seconds * 1000).toISOString(), new Date(seconds * 1000).toUTCString()];
      for (const value of [seconds, seconds * 1e3, micros, micros * 1e3, ...texts])
        expect(readTimestamp(value)).toBe(micros);
    }),
  );
});
