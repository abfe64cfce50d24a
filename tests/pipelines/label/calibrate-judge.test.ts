import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canonicalModel } from "../../../datasets/prices/canonical-model.js";
import { readRecords } from "../../../datasets/reader/read-records.js";
import type { LoopbackJudge } from "../../../datasets/synthetic/loopback-server.js";
import { generateTraffic } from "../../../datasets/synthetic/traffic.js";
import { openWorkspace, type Workspace } from "../../../datasets/workspace.js";
import { judgeAccuracy } from "../../../models/statistics/judge-accuracy.js";
import { planLabels } from "../../../pipelines/label/plan-labels.js";
import { runLabels } from "../../../pipelines/label/run-labels.js";
import { train } from "../../../pipelines/train/train.js";
import { allocateRatings } from "../../../pipelines/trust/allocate-ratings.js";
import { calibrateJudge } from "../../../pipelines/trust/calibrate-judge.js";
import { correctedShare } from "../../../pipelines/trust/corrected-share.js";
import { judgedRows } from "../../../pipelines/trust/judge-agreement.js";
import { type JudgedPair, readJudgedPairs } from "../../../pipelines/trust/judged-pairs.js";
import { exactRatings, settleRatings } from "../../../pipelines/trust/rated-pairs.js";
import { writeSheet } from "../../../pipelines/trust/write-sheet.js";
import { labelWorkspace, removeWorkspace, startJudge } from "./label-workspace.js";
import { runOptions } from "./run-options.js";

const world = generateTraffic({ seed: 11, requests: 450, days: 10, from: "2026-03-02" });
const truths = new Map(world.requests.map((request) => [request.id, request]));
let judge: LoopbackJudge;
let workspace: Workspace;

beforeAll(async () => {
  judge = await startJudge({ world, tpr: 0.92, tnr: 0.75, positionBias: 0.15 });
  workspace = await labelWorkspace({ world });
  await runLabels(workspace, runOptions(judge.url, { sample: 320 }));
});

afterAll(async () => {
  await judge.close();
  removeWorkspace(workspace);
});

/** Whether the candidate's answer would have done, as planted. */
function truthOf({ request_id, candidate }: Pick<JudgedPair, "request_id" | "candidate">): number {
  const { truth, model } = truths.get(request_id)!;
  const adequate = Object.entries(truth.isAdequate);
  const isAdequate = adequate.find(([name]) => canonicalModel(name) === candidate)![1];
  return Number(isAdequate || !truth.isAdequate[model.name]);
}

/** The sheet as humans who are never wrong would fill it in. */
async function filledSheet(n: number): Promise<string> {
  const path = join(workspace.path, `sheet-${n}.csv`);
  await writeSheet(workspace, { path, n, seed: 1 });
  const { pairs } = await readJudgedPairs(workspace);
  const byId = new Map(pairs.map((pair) => [pair.pair_id, pair]));
  const rows: object[] = [];
  for await (const records of readRecords(path)) {
    for (const { value } of records) {
      const row = value as Record<string, string>;
      const truth = truthOf(byId.get(row.pair_id!)!);
      rows.push({
        pair_id: row.pair_id,
        verdict: truth === 1 ? "sufficient" : "insufficient",
        rater: "planted",
      });
    }
  }
  const filled = join(workspace.path, `filled-${n}.jsonl`);
  writeFileSync(filled, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return filled;
}

describe("a calibrated judge", () => {
  test("is found to err as it was planted, in every way", async () => {
    const result = await calibrateJudge(workspace, [await filledSheet(180)]);
    const { overall, bias } = result;
    expect(result.is_simulated).toBe(true);
    expect(overall.pairs).toBe(180);
    // A flip is a tie, which counts half: .85 * .92 + .15 / 2, and so for the other.
    expect(overall.tpr!.low).toBeLessThan(0.857);
    expect(overall.tpr!.high).toBeGreaterThan(0.857);
    expect(overall.tnr!.low).toBeLessThan(0.7125);
    expect(overall.tnr!.high).toBeGreaterThan(0.7125);
    expect(bias.flip_rate!.low).toBeLessThan(0.15);
    expect(bias.flip_rate!.high).toBeGreaterThan(0.15);
    expect(bias.first_wins!.value).toBe(1);
    expect(result.advice.some((advice) => advice.includes("first place"))).toBe(true);
    expect(result.ratings).toHaveLength(180);
  });

  test("its corrected shares cover what its raw share misses", async () => {
    const { shares } = await calibrateJudge(workspace, [await filledSheet(180)]);
    const { pairs } = await readJudgedPairs(workspace);
    const total = pairs.reduce((sum, { weight }) => sum + weight, 0);
    const truth = pairs.reduce((sum, pair) => sum + pair.weight * truthOf(pair), 0) / total;
    const { raw, prediction_powered, rogan_gladen } = shares[0]!;
    for (const corrected of [prediction_powered!, rogan_gladen!]) {
      expect(corrected.low).toBeLessThan(truth);
      expect(corrected.high).toBeGreaterThan(truth);
    }
    expect(Math.abs(prediction_powered!.value - truth)).toBeLessThan(Math.abs(raw!.value - truth));
  });

  test("rows that can't be used are counted with their reason and place", async () => {
    const { pairs } = await readJudgedPairs(workspace);
    const { request_id, pair_id, candidate } = pairs[0]!;
    const file = join(workspace.path, "odd.csv");
    writeFileSync(
      file,
      [
        "pair_id,request_id,candidate_model,verdict,tier",
        `${pair_id},,,sufficient,2`,
        `,${request_id},${candidate},0,`,
        `,${request_id},,tie,`,
        `,${request_id},some-other-model,1,`,
        "nobody,,,1,",
        `${pair_id},,,,`,
        `${pair_id},,,good,`,
        `${pair_id},,,1,7`,
        ",,,1,",
      ].join("\n"),
    );
    const { human, overall } = await calibrateJudge(workspace, [file]);
    expect([human.rows, human.matched, overall.pairs]).toEqual([9, 3, 1]);
    expect(human.unused.map(({ reason, lines }) => [reason, lines])).toEqual([
      ["no judged pair of this request and candidate_model", ["odd.csv:5"]],
      ["no judged pair has this pair_id", ["odd.csv:6"]],
      ["no verdict: not filled in", ["odd.csv:7"]],
      ["verdict is none of sufficient, insufficient, tie, 1, 0, 0.5", ["odd.csv:8"]],
      ["tier is none of 0, 1, 2", ["odd.csv:9"]],
      ["neither pair_id nor request_id", ["odd.csv:10"]],
    ]);
  });

  test("with a kappa below 0.6 no claim may rest on it, and what next is said", async () => {
    const { pairs } = await readJudgedPairs(workspace);
    const file = join(workspace.path, "contrary.jsonl");
    const rows = pairs.slice(0, 120).map(({ pair_id }, i) => JSON.stringify({ pair_id, verdict: i % 2 }));
    writeFileSync(file, rows.join("\n"));
    const { is_trusted, advice } = await calibrateJudge(workspace, [file]);
    expect(is_trusted).toBe(false);
    expect(advice[0]).toMatch(/^No quality claim can be printed.*calibrate again/);
  });

  test.each([
    ["an empty sheet", "pair_id,verdict\nx,\n", /not filled in \(none\.csv:2\).*label sheet/],
    ["an empty file", "", /the files are empty/],
  ])("refuses %s", async (_, text, message) => {
    const file = join(workspace.path, "none.csv");
    writeFileSync(file, text);
    await expect(calibrateJudge(workspace, [file])).rejects.toThrow(message);
  });

  test("refuses a file that isn't there, and a workspace without judged pairs", async () => {
    await expect(calibrateJudge(workspace, ["nowhere.csv"])).rejects.toThrow(/no such file/);
    const other = await labelWorkspace({ world });
    await expect(calibrateJudge(other, ["nowhere.csv"])).rejects.toThrow(/no judged pairs/);
    removeWorkspace(other);
  });
});

describe("what follows a calibration", () => {
  test("training rests on corrected quality and says so; the next sample looks where the model is unsure", async () => {
    await calibrateJudge(workspace, [await filledSheet(180)]);
    const model = await train(workspace, { retention: 0.9 });
    expect(model.notes.join(" ")).toMatch(/corrected for the judge's errors by \d+ human ratings/);
    expect(model.metrics.retention!.method).toMatch(/corrected by \d+ human ratings/);
    const options = runOptions(judge.url, { sample: 60, focus: "uncertain" });
    const plan = await planLabels(workspace, options);
    expect(plan.items).toBe(60);
    expect(plan.run_id).not.toBe((await planLabels(workspace, { ...options, focus: "even" })).run_id);
    expect(plan.expected_width!.note).toMatch(/180 human ratings/);
    expect(plan.expected_width!.design_effect).toBeGreaterThan(1);
  });

  test("a model is needed to be unsure", async () => {
    const other = await labelWorkspace({ world });
    const options = runOptions(judge.url, { focus: "uncertain" });
    await expect(planLabels(other, options)).rejects.toThrow(/needs a first model.*signalbox train/);
    removeWorkspace(other);
  });
});

describe("a sheet", () => {
  test("is blind: no model, no verdict, no request id; a spreadsheet's copy of it is read as well", async () => {
    const path = join(workspace.path, "blind.csv");
    const { pairs } = await readJudgedPairs(openWorkspace(workspace.path));
    const summary = await writeSheet(workspace, { path, n: 60, seed: 3 });
    expect(summary.pairs).toBe(60);
    const text = readFileSync(path, "utf8");
    for (const { request_id, candidate } of pairs)
      for (const secret of [request_id, candidate]) expect(text).not.toContain(secret);
    const columns = "pair_id,request,answer_a,answer_b,judged_answer,verdict,tier,is_stakes,rater,comment";
    expect(text.slice(1).replaceAll('"', "")).toMatch(new RegExp(`^${columns}\r\n`));
    const judged = [...text.matchAll(/,"([AB])","",/g)].map(([, place]) => place);
    expect(judged.filter((place) => place === "A").length).toBeGreaterThan(15);
    expect(judged.filter((place) => place === "B").length).toBeGreaterThan(15);
    const saved = join(workspace.path, "saved.csv");
    writeFileSync(saved, text.replaceAll(/("[AB]"),""/g, '$1,"sufficient"'));
    expect((await calibrateJudge(workspace, [saved])).overall.pairs).toBe(60);
  });

  test("draws by the square root of each verdict's size, within what there is", () => {
    expect(allocateRatings([900, 100], 100)).toEqual([75, 25]);
    expect(allocateRatings([900, 3], 100)).toEqual([97, 3]);
    expect(allocateRatings([5, 5], 100)).toEqual([5, 5]);
    expect(allocateRatings([0, 10], 4)).toEqual([0, 4]);
  });
});

test("pairs that an exact check settled count as they are, without any rating", () => {
  const labelledPair = (i: number, quality: number, is_exact: boolean): JudgedPair =>
    ({ pair_id: String(i), candidate: "m", quality, is_exact, weight: 1, session: String(i) }) as JudgedPair;
  // 40 judged sufficient, of which humans confirm 15 of 20; 10 settled as insufficient.
  const judged = Array.from({ length: 40 }, (_, i) => labelledPair(i, 1, false));
  const exact = Array.from({ length: 10 }, (_, i) => labelledPair(40 + i, 0, true));
  const pairs = [...judged, ...exact];
  const rated = judged.slice(0, 20).map((pair, i) => ({
    pair,
    quality: Number(i < 15),
    tier: null,
    isStakes: null,
    inclusion: 0.5,
  }));
  const known = [...rated, ...exactRatings(pairs)];
  const share = correctedShare("m", pairs, known, judgeAccuracy(judgedRows(pairs, known)));
  expect(share).toMatchObject({ judged_pairs: 40, rated_pairs: 20 });
  expect(share.raw!.value).toBeCloseTo(0.8, 12);
  expect(share.prediction_powered!.value).toBeCloseTo(0.6, 12);
  expect(share.rogan_gladen!.value).toBeCloseTo(0.6, 12);
});

describe("settling ratings", () => {
  const pair = (pair_id: string, quality: number): JudgedPair =>
    ({ pair_id, candidate: "m", quality }) as JudgedPair;
  const rating = (of: JudgedPair, quality: number, inclusion: number | null = null) => ({
    pair: of,
    quality,
    tier: null,
    isStakes: null,
    rater: "r",
    inclusion,
  });

  test("takes the majority, and the chance of being rated from the judge's verdict", () => {
    const pairs = [pair("a", 1), pair("b", 1), pair("c", 1), pair("d", 0)];
    const settled = settleRatings(pairs, [
      rating(pairs[0]!, 1),
      rating(pairs[0]!, 1),
      rating(pairs[0]!, 0),
      rating(pairs[3]!, 1),
      rating(pairs[3]!, 0),
    ]);
    expect(settled.map(({ quality, inclusion }) => [quality, inclusion])).toEqual([
      [1, 1 / 3],
      [0.5, 1],
    ]);
  });

  test("believes a stated probability", () => {
    const pairs = [pair("a", 1), pair("b", 1)];
    expect(settleRatings(pairs, [rating(pairs[0]!, 1, 0.25)])[0]!.inclusion).toBe(0.25);
  });
});
