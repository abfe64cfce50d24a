import { expect, test } from "vitest";
import { DataError } from "../../datasets/errors.js";
import type { ConfounderReport, FlipStatus, SliceReport } from "../../datasets/model-evidence.js";
import { refuseSwayed, refuseWeakSlices } from "../../pipelines/export/export-gates.js";

const estimate = (value: number) => ({
  value,
  low: value - 0.05,
  high: value + 0.05,
  method: "measured",
  n: 120,
});

function report(statuses: Record<string, FlipStatus>): ConfounderReport {
  return {
    requests: 400,
    not_cheapest: 120,
    source: "requests of the log that were not labelled",
    is_seen_in_training: false,
    families: Object.entries(statuses).map(([family, status]) => ({
      family,
      about: `about ${family}`,
      to_cheaper: estimate(0.4),
      to_dearer: null,
      budget: 0.25,
      status,
    })),
  };
}

test("passes what is within its budget, accepted or not judged", () => {
  expect(() =>
    refuseSwayed(report({ filler: "within", brevity: "accepted", base64: "not_judged" })),
  ).not.toThrow();
});

test.each([
  ["filler", "--max-flip-rate;"],
  ["searched_prefix", "--max-searched-flip-rate;"],
])("refuses %s over its budget: family, rate, interval, budget and what next", (family, option) => {
  const refuse = () => refuseSwayed(report({ brevity: "within", [family]: "over" }));
  expect(refuse).toThrow(DataError);
  expect(refuse).toThrow(`${family} (about ${family}) 40.0 % [35.0 %, 45.0 %] of 120, at most 25.0 %`);
  expect(refuse).toThrow(option);
  expect(refuse).not.toThrow("brevity");
});

test("refuses a slice below the floor, and leaves small slices alone", () => {
  const row = (slice: string, retention: number | null) => ({
    dimension: "group",
    slice,
    n: 120,
    sessions: 60,
    is_small: retention === null,
    retention: retention === null ? null : estimate(retention),
    strong_share: null,
    saving: null,
  });
  const slices: SliceReport = {
    least_rows: 30,
    least_sessions: 10,
    rows: [row("good", 0.97), row("bad", 0.9), row("tiny", null)],
    worst: null,
  };
  expect(() => refuseWeakSlices(slices, 0.95)).toThrow(
    /below 95\.0 % in group bad: 90\.0 % \[85\.0 %, 95\.0 %\] on 120 rows\..*--min-slice-retention/,
  );
  expect(() => refuseWeakSlices(slices, 0.9)).not.toThrow();
});
