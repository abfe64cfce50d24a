import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  openOrCreateWorkspace,
  type Workspace,
  writeManifest,
  writeResult,
} from "../../datasets/workspace.js";
import type { TrainingItem } from "../../pipelines/train/read-training-items.js";
import { correctedOutcomes } from "../../pipelines/trust/corrected-outcomes.js";

let workspace: Workspace;

afterEach(() => rmSync(workspace.path, { recursive: true, force: true }));

function newWorkspace(): void {
  workspace = openOrCreateWorkspace(mkdtempSync(join(tmpdir(), "signalbox-corrected-")));
}

function item(id: number, quality: number, isJudged = true): TrainingItem {
  const outcomes = new Map([["mini", { quality, costUsd: null, outputTokens: null, isJudged }]]);
  return { id: String(id), outcomes, weight: 1 } as unknown as TrainingItem;
}

function labelled(at: string): void {
  writeManifest(workspace, {
    stage: "label",
    completed_at: at,
    versions: {},
    inputs: [],
    rows: {},
    seed: 1,
    seconds: 1,
    notes: [],
  });
}

function calibrate(labelledAt: string, ratings: ReadonlyArray<readonly [number, number, number]>): void {
  writeResult(workspace, "judge_calibration", {
    labelled_at: labelledAt,
    overall: { kappa: { value: 0.7 } },
    ratings: ratings.map(([id, quality, inclusion]) => ({
      request_id: String(id),
      candidate: "mini",
      quality,
      inclusion_probability: inclusion,
    })),
  });
}

/** Eight judged sufficient, of which four were rated and three confirmed; one imported outcome. */
const items = [...Array.from({ length: 8 }, (_, id) => item(id, 1)), item(8, 0.25, false)];
const ratings = [
  [0, 1, 0.5],
  [1, 1, 0.5],
  [2, 1, 0.5],
  [3, 0, 0.5],
] as const;

test("judged quality is corrected by the ratings, imported quality stays", () => {
  newWorkspace();
  labelled("2026-03-01");
  calibrate("2026-03-01", ratings);
  const { corrected, note } = correctedOutcomes(workspace, items, ["mini"]);
  expect([...corrected!.quality.get("mini")!]).toEqual([
    1.25, 1.25, 1.25, -0.75, 0.75, 0.75, 0.75, 0.75, 0.25,
  ]);
  expect(corrected).toMatchObject({ lossUnit: 2, ratings: 4 });
  expect(note).toMatch(/corrected for the judge's errors by 4 human ratings \(kappa 0\.70\)/);
});

test.each([
  ["without a calibration", () => labelled("2026-03-01"), /judge's own.*label calibrate/],
  [
    "by a calibration of other labels",
    () => {
      labelled("2026-03-02");
      calibrate("2026-03-01", ratings);
    },
    /calibration is of other labels/,
  ],
])("quality stays raw %s, and says so", (_, prepare, message) => {
  newWorkspace();
  prepare();
  const { corrected, note } = correctedOutcomes(workspace, items, ["mini"]);
  expect(corrected).toBeNull();
  expect(note).toMatch(message);
});

test("outcomes that nobody judged need no note", () => {
  newWorkspace();
  expect(correctedOutcomes(workspace, [item(0, 1, false)], ["mini"])).toEqual({
    corrected: null,
    note: null,
  });
});
