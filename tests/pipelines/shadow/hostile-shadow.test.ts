import { describe, expect, test } from "vitest";
import { DataError, InputError } from "../../../datasets/errors.js";
import { plantShadow } from "../../../datasets/synthetic/planted-shadow.js";
import { analyzeShadow } from "../../../pipelines/shadow/analyze-shadow.js";
import { readPair } from "../../../pipelines/shadow/read-pair.js";
import { readShadowVerdict } from "../../../pipelines/shadow/read-shadow-verdict.js";
import { linesFile } from "../../support/shadow-files.js";

const { pairs, verdicts } = plantShadow({
  days: 2,
  sessionsPerDay: 40,
  discordance: 0.2,
  difference: 0,
  seed: 2,
});
const [pair] = pairs;
const now = Date.parse("2026-06-20T00:00:00Z");

test.each([
  [null, "not_an_object"],
  [[pair], "not_an_object"],
  ["pair", "not_an_object"],
  [{ ...pair, pair_id: 7 }, "bad_pair_id"],
  [{ ...pair, pair_id: "x".repeat(2_000) }, "bad_pair_id"],
  [{ ...pair, request_id: null }, "bad_request_id"],
  [{ ...pair, ts: "yesterday" }, "bad_ts"],
  [{ ...pair, ts: 1_780_000_000 }, "bad_ts"],
  [{ ...pair, ts: "0001-01-01T00:00:00Z" }, "bad_ts"],
  [{ ...pair, status: "toString" }, "bad_status"],
  [{ ...pair, baseline: [] }, "bad_baseline"],
  [{ ...pair, baseline: { model: {} } }, "bad_baseline"],
  [{ ...pair, candidate: null }, "bad_candidate"],
])("a line %o is no pair: %s", (line, reason) => {
  expect(readPair(line)).toEqual({ reason });
});

test("fields that hold nonsense count as unknown and are named", () => {
  const read = readPair({
    ...pair,
    bucket: 1.5,
    rate: "10 %",
    session_hash: 5,
    artifact: {},
    slices: { app: 3, locale: "de", other: "x", plan: "" },
    candidate: { ...pair!.candidate, latency_ms: -4, is_refusal: "no", usage: "many" },
  });
  expect(read).toMatchObject({
    bucket: null,
    rate: null,
    artifact: null,
    session: `request ${pair!.request_id}`,
    slices: { locale: "de" },
    candidate: { latencyMs: null, isRefusal: null },
    flaws: ["bad_candidate.latency_ms", "bad_session_hash", "bad_bucket", "bad_rate", "bad_artifact"],
  });
});

test.each([
  [7, "not_an_object"],
  [{ difference: 0 }, "bad_pair_id"],
  [{ pair_id: "p" }, "no_difference"],
  [{ pair_id: "p", difference: "0.5" }, "bad_difference"],
  [{ pair_id: "p", difference: 1.0001 }, "bad_difference"],
  [{ pair_id: "p", difference: Number.NaN }, "bad_difference"],
  [{ pair_id: "p", difference: Number.NEGATIVE_INFINITY }, "bad_difference"],
  [{ pair_id: "p", baseline_score: 0.5 }, "bad_score"],
  [{ pair_id: "p", baseline_score: 5, candidate_score: 4 }, "bad_score"],
])("a line %o is no verdict: %s", (line, reason) => {
  expect(readShadowVerdict(line)).toEqual({ reason });
});

describe("hostile files", () => {
  test("are read around: each bad line is counted by its reason, and the rest is analysed", async () => {
    const { response } = await analyzeShadow({
      pairs: [
        linesFile([
          ...pairs,
          "{broken",
          "\u0000\u0001",
          '{"pair_id": NaN}',
          "[".repeat(5_000),
          { ...pair, pair_id: "p2", status: "odd" },
          { ...pair, pair_id: "p3", ts: "2026-12-24T00:00:00Z" },
          { ...pair, pair_id: "__proto__", slices: { app: "constructor", locale: "</script>" } },
        ]),
      ],
      verdicts: [
        linesFile([
          ...verdicts,
          { pair_id: "__proto__", difference: null },
          { pair_id: pair!.pair_id, difference: 9 },
        ]),
      ],
      now,
    });
    const count = (reason: string) =>
      response!.rejected.filter((row) => row.reason === reason).reduce((sum, { rows }) => sum + rows, 0);
    expect(count("bad_status")).toBe(1);
    expect(count("future_ts")).toBe(1);
    expect(count("bad_difference")).toBe(1);
    expect(response!.joins.find(({ kind }) => kind === "verdict_without_value")!.rows).toBe(1);
    expect(response!.rejected.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThanOrEqual(7);
    expect(response!.looks.at(-1)!.pairs).toBe(verdicts.length);
    expect(response!.slices.rows.map(({ slice }) => slice)).not.toContain("constructor");
    expect(JSON.stringify(response)).not.toMatch(/NaN|Infinity/);
  });

  test("a number that overflows is no difference", async () => {
    const { response } = await analyzeShadow({
      pairs: [linesFile(pairs)],
      verdicts: [linesFile([...verdicts.slice(1), `{"pair_id": "${pair!.pair_id}", "difference": 1e999}`])],
      now,
    });
    expect(response!.rejected).toMatchObject([{ file: "verdicts", reason: "bad_difference", rows: 1 }]);
  });

  test("a file of something else is refused, with the first reason", async () => {
    await expect(analyzeShadow({ pairs: [linesFile([{ hello: 1 }])], now })).rejects.toThrow(DataError);
    await expect(analyzeShadow({ pairs: [linesFile([{ hello: 1 }])], now })).rejects.toThrow(
      /none of 1 records is a pair \(bad_pair_id at .*rows.jsonl:1\)/,
    );
  });

  test("an empty shadow log is no error: nothing happened yet", async () => {
    const { response } = await analyzeShadow({ pairs: [linesFile([])], now });
    expect(response!.verdict).toMatchObject({ action: "continue", reason: "no_pairs" });
    expect(response!.looks).toEqual([]);
  });

  test("nothing named, or a file that isn't there, says so", async () => {
    await expect(analyzeShadow({})).rejects.toThrow("nothing to analyse");
    await expect(analyzeShadow({ pairs: ["/nowhere/shadow.jsonl"] })).rejects.toThrow(InputError);
  });

  test("all pairs in one session certify nothing", async () => {
    const { response } = await analyzeShadow({
      pairs: [linesFile(pairs.map((row) => ({ ...row, session_hash: "one" })))],
      verdicts: [linesFile(verdicts)],
      now,
    });
    expect(response!.difference).toBeNull();
    expect(response!.looks.at(-1)).toMatchObject({ sessions: 1, low: null, upper: null });
    expect(response!.late_pairs).toBe(verdicts.length - response!.design.session_cap);
  });
});
