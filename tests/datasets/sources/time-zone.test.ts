import { describe, expect, test } from "vitest";
import { inZone, readTimestamp } from "../../../datasets/sources/read-time.js";
import { type TimeZone, timeZone } from "../../../datasets/sources/time-zone.js";

function readIn(zone: string, text: unknown): string | null {
  const micros = inZone(timeZone(zone)!, () => readTimestamp(text));
  return micros === null ? null : new Date(micros / 1000).toISOString();
}

describe("a time without a zone", () => {
  test.each([
    ["winter", "Europe/Berlin", "2026-01-15 12:00:00", "2026-01-15T11:00:00.000Z"],
    ["summer", "Europe/Berlin", "2026-07-15T12:00:00.250", "2026-07-15T10:00:00.250Z"],
    ["the last second before the gap", "Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59.000Z"],
    [
      "in the gap, moved forward by its length",
      "Europe/Berlin",
      "2026-03-29 02:30:00",
      "2026-03-29T01:30:00.000Z",
    ],
    ["the first second behind the gap", "Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00.000Z"],
    [
      "the hour that comes twice, the first time",
      "Europe/Berlin",
      "2026-10-25 02:30:00",
      "2026-10-25T00:30:00.000Z",
    ],
    ["behind the overlap", "Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00.000Z"],
    ["west of Greenwich, gap", "America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00.000Z"],
    ["west of Greenwich, overlap", "America/New_York", "2026-11-01 01:30:00", "2026-11-01T05:30:00.000Z"],
    ["a half-hour change", "Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04T14:45:00.000Z"],
    ["a zone without changes", "Asia/Kolkata", "2026-05-01 00:00:00", "2026-04-30T18:30:00.000Z"],
    ["an offset", "+02:00", "2026-05-01 00:00:00", "2026-04-30T22:00:00.000Z"],
    ["an offset to the west", "-0330", "2026-05-01 00:00:00", "2026-05-01T03:30:00.000Z"],
    ["a date alone, at its midnight", "Asia/Tokyo", "2026-05-01", "2026-04-30T15:00:00.000Z"],
    ["in words", "Europe/Berlin", "15 Jul 2026 12:00:00", "2026-07-15T10:00:00.000Z"],
  ])("%s", (_, zone, text, expected) => {
    expect(readIn(zone, text)).toBe(expected);
  });
});

test.each([
  ["an offset", "2026-07-15T12:00:00+09:00", "2026-07-15T03:00:00.000Z"],
  ["Z", "2026-07-15 12:00:00Z", "2026-07-15T12:00:00.000Z"],
  ["UTC in words", "2026-07-15 12:00:00 UTC", "2026-07-15T12:00:00.000Z"],
  ["the common log format", "[15/Jul/2026:12:00:00 +0000]", "2026-07-15T12:00:00.000Z"],
  ["an epoch", 1_784_116_800, "2026-07-15T12:00:00.000Z"],
  ["an epoch as text", "1784116800000", "2026-07-15T12:00:00.000Z"],
])("a time with %s is the same in every zone", (_, text, expected) => {
  for (const zone of ["UTC", "Europe/Berlin", "-08:00"]) expect(readIn(zone, text)).toBe(expected);
});

test("the zone ends with the reading, though it fails", () => {
  const berlin: TimeZone = timeZone("Europe/Berlin")!;
  expect(() =>
    inZone(berlin, () => {
      throw new Error("broken");
    }),
  ).toThrow("broken");
  expect(readTimestamp("2026-07-15 12:00:00")).toBe(Date.UTC(2026, 6, 15, 12) * 1000);
});
