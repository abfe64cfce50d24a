import { join } from "node:path";
import { featurise } from "@signalbox/runtime";
import { beforeAll, expect, test } from "vitest";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import { writeParquet } from "../../../datasets/engine/write-parquet.js";
import { outcomeItems, outcomes } from "../../../datasets/outcomes.js";
import type { SimulateResult } from "../../../datasets/results.js";
import { openTables, tableFolder, type Workspace } from "../../../datasets/workspace.js";
import { linUcbNeed } from "../../../models/policies/linucb-policy.js";
import { type LabelledPairs, labelledPairs } from "../../../pipelines/simulate/labelled-pairs.js";
import { simulate } from "../../../pipelines/simulate/simulate.js";
import {
  replayArtifact,
  replayableRow,
  replayPool,
  replayWorkspace,
} from "../../support/replay-workspace.js";

const [weak, , strong] = replayPool;
const easy = (i: number) => `hello there number ${i}`;
const hard = (i: number) => `prove by induction that the algorithm ${i} is optimal and derive its complexity`;

let workspace: Workspace;
let pairs: LabelledPairs;
let result: SimulateResult;

/** Two hundred labelled requests, of which the cheap model answers the easy half, and a log with as many of each kind. */
beforeAll(async () => {
  workspace = await replayWorkspace(
    Array.from({ length: 100 }, (_, i) => replayableRow(i, { user_text: i % 2 === 0 ? easy(i) : hard(i) })),
  );
  const items = Array.from({ length: 200 }, (_, i) => ({
    id: `i${i}`,
    text: i % 2 === 0 ? easy(i) : hard(i),
  }));
  const engine = await openDuckDb();
  await writeParquet(
    engine,
    outcomeItems,
    items.map(({ id, text }) => ({
      item_id: id,
      messages_json: JSON.stringify({ messages: [{ role: "user", content: text }] }),
      weight: 1,
    })),
    join(tableFolder(workspace, outcomeItems), "items.parquet"),
  );
  await writeParquet(
    engine,
    outcomes,
    items.flatMap(({ id }, i) => [
      { item_id: id, model: weak, quality: i % 2 === 0 ? 1 : 0, cost_usd: 0.001, origin: "imported" },
      { item_id: id, model: strong, quality: 1, cost_usd: 0.01, origin: "imported" },
    ]),
    join(tableFolder(workspace, outcomes), "outcomes.parquet"),
  );
  engine.close();
  const tables = await openTables(workspace);
  pairs = (await labelledPairs(tables, { weak, strong }))!;
  tables.close();
  result = await simulate(workspace, { artifact: replayArtifact() });
});

test("the bandit learns which requests need the strong model, from rows apart", () => {
  const mean = (isHard: boolean) => {
    const own = Array.from(pairs.needs.bandit).filter((_, row) => (pairs.weak[row] === 0) === isHard);
    return own.reduce((sum, need) => sum + need, 0) / own.length;
  };
  expect(mean(true) - mean(false)).toBeGreaterThan(0.3);
});

test("a request's need from its features alone is the difference of the two forecasts", () => {
  const needOf = linUcbNeed(pairs.bandit, { weak: 0, strong: 1 });
  const needHard = needOf(featurise({ messages: [{ role: "user", content: hard(150) }] }));
  const needEasy = needOf(featurise({ messages: [{ role: "user", content: easy(150) }] }));
  expect(needHard).toBeGreaterThan(needEasy + 0.3);
});

test("on the log each strategy that tells the kinds apart sends the hard half to the strong model", () => {
  const rows = Object.fromEntries(result.traffic!.strategies.map((row) => [row.strategy, row]));
  for (const strategy of ["bandit", "length", "rules"]) {
    expect(rows[strategy]!.strong_share, strategy).toBeGreaterThan(0.4);
    expect(rows[strategy]!.strong_share, strategy).toBeLessThan(0.6);
    expect(rows[strategy]!.measured_retention!.value, strategy).toBeGreaterThan(0.9);
    expect(rows[strategy]!.measured_retention!.method).toMatch(/^measured/);
  }
  expect(result.traffic!.unknown!.map(({ strategy }) => strategy)).toEqual(["oracle"]);
});
