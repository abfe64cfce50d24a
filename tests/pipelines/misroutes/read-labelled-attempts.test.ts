import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import { writeParquet } from "../../../datasets/engine/write-parquet.js";
import type { FairnessResult } from "../../../datasets/fairness-result.js";
import { labels } from "../../../datasets/labels.js";
import type { MisroutesResult } from "../../../datasets/misroutes-result.js";
import { outcomeItems, outcomes } from "../../../datasets/outcomes.js";
import {
  openTables,
  readResult,
  resultPath,
  tableFolder,
  type Workspace,
  writeResult,
} from "../../../datasets/workspace.js";
import { misroutes } from "../../../pipelines/misroutes/misroutes.js";
import { readLabelledAttempts } from "../../../pipelines/misroutes/read-labelled-attempts.js";
import { openReplay } from "../../../pipelines/replay/open-replay.js";
import { simulate } from "../../../pipelines/simulate/simulate.js";
import {
  replayArtifact,
  replayableRow,
  replayPool,
  replayWorkspace,
} from "../../support/replay-workspace.js";

const [nano, mini, strong] = replayPool;
const idOf = (i: number) => `r${String(i).padStart(5, "0")}`;

let workspace: Workspace;
let artifact: string;

/** Forty calls, of which every second is labelled: the strong model answered, a judge compared both others. One item isn't in the log. */
beforeAll(async () => {
  workspace = await replayWorkspace(
    Array.from({ length: 40 }, (_, i) => replayableRow(i, { app: `app ${i % 2}` })),
  );
  artifact = replayArtifact();
  const items = [...Array.from({ length: 20 }, (_, i) => idOf(2 * i)), "elsewhere"];
  const engine = await openDuckDb();
  const write = (name: string) => (table: Parameters<typeof tableFolder>[1], rows: ReadonlyArray<object>) =>
    writeParquet(engine, table, rows as never, join(tableFolder(workspace, table), name));
  await write("judged.parquet")(
    outcomeItems,
    items.map((item_id, i) => ({ item_id, messages_json: "[]", weight: 1 + (i % 3) })),
  );
  await write("judged.parquet")(
    outcomes,
    items.flatMap((item_id, i) => [
      { item_id, model: nano, quality: Number(i % 4 === 0), origin: "judged" },
      { item_id, model: mini, quality: Number(i % 2 === 0), origin: "judged" },
      { item_id, model: strong, quality: 1, origin: "judged" },
    ]),
  );
  await write("run.parquet")(
    labels,
    items.flatMap((request_id) =>
      [nano, mini].map((candidate_model) => ({
        label_id: `${request_id} ${candidate_model}`,
        request_id,
        kind: "sufficiency",
        rubric: "r",
        judge: "j",
        is_simulated: false,
        candidate_model,
        answer_order: "reference_first",
        verdict: "sufficient",
        inclusion_probability: 0.5,
      })),
    ),
  );
  engine.close();
  await simulate(workspace, { artifact });
});

it("labels are joined to the attempts of the log", async () => {
  const read = await readLabelledAttempts(workspace, replayPool);
  const engine = await openTables(workspace);
  const rows = await engine.rows<{ row: number; request_id: string }>("SELECT row, request_id FROM replay");
  engine.close();
  const names = new Map(rows.map(({ row, request_id }) => [row, request_id]));
  expect(Array.from(read.rows, (row) => names.get(row)).sort()).toEqual(
    Array.from({ length: 20 }, (_, i) => idOf(2 * i)),
  );
  read.rows.forEach((row, at) => {
    const i = Number(names.get(row)!.slice(1)) / 2;
    expect(read.weights[at]).toBe(1 + (i % 3));
    expect([0, 1, 2].map((model) => read.quality[model * 20 + at])).toEqual([
      Number(i % 4 === 0),
      Number(i % 2 === 0),
      1,
    ]);
  });
  expect(Array.from(read.isRelative)).toEqual(new Array(20).fill(1));
  expect(read.corrected).toBeNull();
  expect(read.note).toMatch(/^UNCORRECTED: no human ratings/);
});

it("a bare simulate leaves both documents", () => {
  const audit = readResult<MisroutesResult>(workspace, "misroutes")!;
  expect(audit.labels.labelled).toBe(20);
  expect(audit.labels.is_judged).toBe(true);
  expect(audit.quoted!.evidence).toBe("combined");
  expect(audit.measured!.none_sufficient).toBeNull();
  expect(readResult<FairnessResult>(workspace, "fairness")!.everyone!.attempts).toBe(40);
});

it("human ratings correct the judge, and a calibration of other labels doesn't", async () => {
  const calibration = {
    schema_version: 1,
    labelled_at: null as string | null,
    overall: { kappa: null },
    // Humans find that the cheap models' answers were never good enough.
    ratings: Array.from({ length: 20 }, (_, i) =>
      [nano, mini].map((candidate) => ({
        request_id: idOf(2 * i),
        candidate,
        quality: 0,
        inclusion_probability: 1,
      })),
    ).flat(),
  };
  writeResult(workspace, "judge_calibration", calibration);
  const audit = await misroutes(await openReplay(workspace, artifact));
  expect(audit.labels).toMatchObject({ is_corrected: true, ratings: 40 });
  expect(audit.measured!.overkill.value).toBe(0);
  expect(audit.measured!.overkill.high).toBeCloseTo(0.161, 3);
  expect(audit.measured!.overkill.method).toContain("corrected by human ratings");
  writeResult(workspace, "judge_calibration", { ...calibration, labelled_at: "2020-01-01T00:00:00Z" });
  const stale = await misroutes(await openReplay(workspace, artifact));
  expect(stale.labels.is_corrected).toBe(false);
  expect(stale.labels.note).toContain("of other labels");
  expect(existsSync(resultPath(workspace, "misroutes"))).toBe(true);
});
