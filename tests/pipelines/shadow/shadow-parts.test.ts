import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import { shadowVerdicts } from "../../../datasets/shadow-verdicts.js";
import { plantShadow } from "../../../datasets/synthetic/planted-shadow.js";
import { createTableSql, emptyRow } from "../../../datasets/table.js";
import { openOrCreateWorkspace, tableFolder, writeResult } from "../../../datasets/workspace.js";
import { analyzeShadow } from "../../../pipelines/shadow/analyze-shadow.js";
import { judgeError } from "../../../pipelines/shadow/judge-error.js";
import { dayOf, lookTimes, weekendDay } from "../../../pipelines/shadow/look-times.js";
import { pairsToGo } from "../../../pipelines/shadow/test-quality.js";
import { linesFile } from "../../support/shadow-files.js";

const rate = (value: number, low: number) => ({ value, low, high: 1, method: "measured", n: 100 });

function calibration(tpr: [number, number], tnr: [number, number]) {
  return {
    judges: ["gpt-4.1"],
    is_trusted: true,
    overall: {
      pairs: 100,
      kappa: null,
      tpr: rate(...tpr),
      tnr: rate(...tnr),
      tpr_wilson: null,
      tnr_wilson: null,
      confusion: [],
    },
  };
}

describe("the judge's errors", () => {
  const known = calibration([0.95, 0.9], [0.85, 0.7]);

  test("shrink the margin by the lower ends of both rates", () => {
    const { factor, judge_error } = judgeError(["gpt-4.1", "human:ann"], known);
    expect(factor).toBeCloseTo(0.6, 12);
    expect(judge_error).toMatchObject({ state: "corrected" });
    expect(judge_error.youden).toBeCloseTo(0.8, 12);
  });

  test.each([
    [["gpt-4.1"], null, "uncorrected", 1],
    [["gpt-4.1", "claude-haiku-4-5"], known, "uncorrected", 1],
    [["import"], known, "uncorrected", 1],
    [["human:ann", "check:json"], null, "none", 1],
    [["gpt-4.1"], calibration([0.9, 0.6], [0.6, 0.3]), "unusable", null],
  ])("of %j are %#: stated for what they are", (judges, given, state, factor) => {
    const bearing = judgeError(judges, given);
    expect(bearing.judge_error.state).toBe(state);
    expect(bearing.factor).toBe(factor);
  });

  test("blur a harm that a clear judge would show: the same pairs certify at the plain margin only", async () => {
    const workspace = openOrCreateWorkspace(join(mkdtempSync(join(tmpdir(), "signalbox-blur-")), "ws"));
    // a true difference of 3 points shows as 1.5 with a judge of TPR + TNR - 1 = 0.5
    const { pairs, verdicts } = plantShadow({
      days: 10,
      sessionsPerDay: 700,
      discordance: 0.2,
      difference: 0.015,
      rate: 0.9,
      seed: 4,
    });
    const files = {
      pairs: [linesFile(pairs)],
      verdicts: [linesFile(verdicts.map((row) => ({ ...row, judge: "gpt-4.1" })))],
      design: { margin: 0.03 },
      now: Date.parse("2026-06-20"),
    };
    expect((await analyzeShadow(files)).response!.verdict.reason).toBe("certified");
    writeResult(workspace, "judge_calibration", calibration([0.75, 0.74], [0.75, 0.74]));
    const { verdict, design } = (await analyzeShadow({ ...files, workspace })).response!;
    expect(design.judged_margin).toBeCloseTo(0.03 * 0.48, 12);
    expect(verdict.reason).not.toBe("certified");
  });
});

test("verdicts of the workspace's table are read, and those of a named file go before them", async () => {
  const workspace = openOrCreateWorkspace(join(mkdtempSync(join(tmpdir(), "signalbox-verdicts-")), "ws"));
  const { pairs } = plantShadow({ days: 1, sessionsPerDay: 40, discordance: 0.2, difference: 0, seed: 3 });
  const engine = await openDuckDb();
  await engine.run(createTableSql(shadowVerdicts));
  await engine.append(
    shadowVerdicts.name,
    shadowVerdicts,
    pairs.map(({ pair_id }, i) => ({
      ...emptyRow(shadowVerdicts),
      pair_id,
      difference: i === 0 ? null : -1,
      judge: "gpt-4.1",
      is_simulated: true,
      cost_usd: i === 1 ? null : 0.01,
    })),
  );
  const folder = tableFolder(workspace, shadowVerdicts);
  mkdirSync(folder);
  await engine.run(`COPY ${shadowVerdicts.name} TO '${join(folder, "run.parquet")}' (FORMAT parquet)`);
  engine.close();
  const { response } = await analyzeShadow({
    pairs: [linesFile(pairs)],
    verdicts: [linesFile([{ pair_id: pairs[1]!.pair_id, difference: 1, judge: "human:ann" }])],
    workspace,
    now: Date.parse("2026-06-20"),
  });
  expect(response).toMatchObject({ judges: ["gpt-4.1", "human:ann"], is_simulated: true });
  expect(response!.spend).toMatchObject({ unpriced_verdicts: 1 });
  expect(response!.spend.judge_usd).toBeCloseTo(0.01 * (pairs.length - 1), 9);
  expect(response!.difference!.value).toBeCloseTo((1 - (pairs.length - 2)) / (pairs.length - 1), 12);
});

test("failures of the model that serves count against it, though the other one was not called", async () => {
  const { pairs } = plantShadow({
    days: 2,
    sessionsPerDay: 300,
    discordance: 0.2,
    difference: 0,
    candidateErrors: 0.1,
    rate: 0.9,
    seed: 8,
  });
  const failing = pairs.map((pair, i) =>
    i % 10 === 0 && pair.status === "paired"
      ? {
          ...pair,
          status: "baseline_failed" as const,
          candidate: null,
          baseline: { ...pair.baseline, error: "503" },
        }
      : pair,
  );
  const errors = async (rows: readonly unknown[]) =>
    (await analyzeShadow({ pairs: [linesFile(rows)], now: Date.parse("2026-06-20") })).response!
      .guardrails[0]!;
  expect((await errors(pairs)).status).toBe("stop");
  const both = await errors(failing);
  expect(both.status).toBe("ok");
  expect(both.baseline).toBeCloseTo(0.09, 1.7);
  expect(both.difference!.low).toBeLessThan(0.01);
});

test("days and weekends are those of UTC", () => {
  const us = (iso: string) => Date.parse(iso) * 1_000;
  expect(
    ["2026-06-06", "2026-06-07", "2026-06-08", "1970-01-03"].map((day) => weekendDay(dayOf(us(day)))),
  ).toEqual([6, 0, null, 6]);
  const times = ["2026-06-01T10:00:00Z", "2026-06-01T23:00:00Z", "2026-06-03T20:00:00Z"].map(us);
  const looks = lookTimes(times, { gapUs: 6 * 3.6e9, now: us("2026-07-01T00:00:00Z") });
  expect(looks.map((at) => new Date(Math.round(at / 1_000)).toISOString())).toEqual([
    "2026-06-02T00:00:00.000Z",
    "2026-06-04T00:00:00.000Z",
    "2026-06-04T02:00:00.000Z",
  ]);
  expect(lookTimes([], { gapUs: 1, now: 1 })).toEqual([]);
});

test("pairs to go follow from the evidence so far and its growth", () => {
  const growth = { gap: 0.02, second: 0.2, cap: 1 };
  const options = { margin: 0.02, alpha: 0.05, gap: 0.02 };
  // lambda 0.1: 0.1 * 0.02 - 0.01 * 0.2 / 2 = 0.001 a pair; ln 20 = 2.9957
  expect(pairsToGo({ logEvidence: 0, growth }, options)).toBe(2_996);
  expect(pairsToGo({ logEvidence: 2, growth }, options)).toBe(996);
  expect(pairsToGo({ logEvidence: 5, growth }, options)).toBe(0);
  expect(pairsToGo({ logEvidence: 0, growth }, { ...options, gap: 0 })).toBeNull();
  expect(pairsToGo({ logEvidence: 0, growth: null }, options)).toBeNull();
});
