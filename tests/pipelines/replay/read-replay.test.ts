import { beforeAll, expect, test } from "vitest";
import { StageError } from "../../../datasets/errors.js";
import type { ReplayModelRow, ReplayRow } from "../../../datasets/replay.js";
import { openTables, type Workspace } from "../../../datasets/workspace.js";
import { openReplay } from "../../../pipelines/replay/open-replay.js";
import type { ReplayData } from "../../../pipelines/replay/replay-data.js";
import { simulate } from "../../../pipelines/simulate/simulate.js";
import {
  replayArtifact,
  replayableRow,
  replayPool,
  replayWorkspace,
} from "../../support/replay-workspace.js";

let workspace: Workspace;
let artifact: string;
let replay: ReplayData;
let rows: ReplayRow[];
let models: ReplayModelRow[];

beforeAll(async () => {
  workspace = await replayWorkspace([
    replayableRow(0, { app: "b", tenant: "t", user_hash: "u", session_id: "s", ttft_ms: 80 }),
    replayableRow(1, { app: "a", prompt_hash: "hash-0", tenant: "t", session_id: "s" }),
    replayableRow(2, { prompt_hash: null, status: "error", error_class: "rate_limit" }),
    replayableRow(3, { cost_list_usd: null }),
  ]);
  artifact = replayArtifact();
  await simulate(workspace, { artifact });
  ({ replay } = await openReplay(workspace, artifact));
  const engine = await openTables(workspace);
  rows = await engine.rows<ReplayRow>("FROM replay ORDER BY row");
  models = await engine.rows<ReplayModelRow>("FROM replay_models");
  engine.close();
});

test("columns hold what the tables hold, place = row", () => {
  expect(replay.rows).toBe(rows.length);
  expect(replay.models).toEqual(replayPool);
  expect([...replay.billed]).toEqual(rows.map(({ billed_usd }) => billed_usd ?? Number.NaN));
  expect([...replay.createdAt]).toEqual(rows.map(({ created_at }) => created_at));
  expect([...replay.ttft]).toEqual(rows.map(({ ttft_ms }) => ttft_ms ?? Number.NaN));
  expect([...replay.isReplayed]).toEqual(rows.map(({ evidence }) => Number(evidence === "replayed")));
  expect([...replay.isUnknown]).toEqual([0, 0, 0, 1]);
  for (const { model, row, usd, sufficiency } of models) {
    expect(replay.usd[model * replay.rows + row]).toBe(usd);
    expect(replay.sufficiency[model * replay.rows + row]).toBe(sufficiency ?? Number.NaN);
  }
});

test("texts are places in lists, and what is not logged is -1", () => {
  expect(rows.map(({ app }) => app)).toEqual([...replay.app].map((place) => replay.apps[place] ?? null));
  expect(rows.map(({ error_class: name }) => name)).toEqual(
    [...replay.errorClass].map((place) => replay.errorClasses[place] ?? null),
  );
  expect(replay.prompt[0]).toBe(replay.prompt[1]);
  expect(replay.prompt[2]).toBe(-1);
  expect([replay.user[0]! >= 0, replay.user[1]]).toEqual([true, -1]);
  expect([replay.sessions, replay.session[0]]).toEqual([3, replay.session[1]]);
});

test("a replay through another artifact is refused, with the command that replays", async () => {
  const other = await replayWorkspace([replayableRow(0)]);
  await expect(openReplay(other, artifact)).rejects.toThrow(StageError);
});
