import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import yargs, { type CommandModule } from "yargs";
import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import type { LoopbackJudge } from "../../datasets/synthetic/loopback-server.js";
import type { Workspace } from "../../datasets/workspace.js";
import { runLabels } from "../../pipelines/label/run-labels.js";
import { labelCalibrateCommand } from "../../scripts/commands/label/calibrate.js";
import { labelSheetCommand } from "../../scripts/commands/label/sheet.js";
import { labelWorkspace, removeWorkspace, startJudge } from "../pipelines/label/label-workspace.js";
import { runOptions } from "../pipelines/label/run-options.js";

let judge: LoopbackJudge;
let workspace: Workspace;
let printed = "";

beforeAll(async () => {
  judge = await startJudge();
  workspace = await labelWorkspace();
  await runLabels(workspace, runOptions(judge.url, { sample: 40 }));
});
afterAll(async () => {
  await judge.close();
  removeWorkspace(workspace);
});
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

async function run(verb: string, ...args: string[]): Promise<string> {
  await yargs([verb, "--workspace", workspace.path, ...args])
    .command([labelSheetCommand, labelCalibrateCommand] as unknown as CommandModule[])
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync();
  return printed;
}

test("a sheet is written, filled in and read back; the simulation is named", async () => {
  const sheet = join(workspace.path, "sheet.csv");
  expect(await run("sheet", "--out", sheet, "--n", "20")).toMatch(/20 of \d+ judged pairs/);
  const filled = readFileSync(sheet, "utf8").replaceAll(/("[AB]"),""/g, '$1,"sufficient"');
  writeFileSync(sheet, filled);
  printed = "";
  const text = await run("calibrate", "--human", sheet);
  expect(text).toMatch(/SIMULATED judge/);
  expect(text).toMatch(/20 of 20 rows are human verdicts on judged pairs: 20 pairs, 1 raters/);
  expect(text).toMatch(/corrected \(prediction-powered\)/);
  expect(text).toMatch(/Only 20 pairs were rated/);
  printed = "";
  const result = JSON.parse(await run("calibrate", "--human", sheet, "--json")) as JudgeCalibration;
  expect(result.ratings).toHaveLength(20);
});

test.each([
  [["sheet", "--out", "x.csv", "--n", "0"], /--n/],
  [["sheet"], /out/],
  [["calibrate"], /human/],
  [["calibrate", "--human", "nowhere.csv"], /nowhere\.csv: no such file; .*label sheet/],
])("refuses %j", async ([verb, ...args], message) => {
  await expect(run(verb!, ...args)).rejects.toThrow(message);
});
