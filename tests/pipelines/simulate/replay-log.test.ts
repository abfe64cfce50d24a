import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { DataError, StorageError } from "../../../datasets/errors.js";
import { packageRoot } from "../../../datasets/package-root.js";
import type { ReplayModelRow, ReplayRow } from "../../../datasets/replay.js";
import type { RequestRow } from "../../../datasets/request-log.js";
import type { SimulateResult } from "../../../datasets/results.js";
import { openTables, readManifest, type Workspace } from "../../../datasets/workspace.js";
import { simulate } from "../../../pipelines/simulate/simulate.js";
import {
  replayArtifact,
  replayableRow,
  replayPool,
  replayWorkspace,
} from "../../support/replay-workspace.js";

/** A log with one attempt of every kind that is left apart. */
const kinds: ReadonlyArray<[fields: Partial<RequestRow>, evidence: string, reason: string | null]> = [
  [{ session_id: "a" }, "replayed", null],
  [{ session_id: "a", user_text: "yes" }, "replayed", null],
  [{ model: "gpt-4.1-nano", cost_list_usd: 0.00003 }, "replayed", null],
  [{ is_batch: true, n_images: 1e9, n_tools: 1e9 }, "replayed", null],
  [
    {
      status: "error",
      error_class: "rate_limit",
      cost_list_usd: null,
      output_total_tokens: 0,
      input_total_tokens: 0,
    },
    "measured",
    "failed attempts",
  ],
  [{ status: "error", error_class: "server" }, "measured", "failed attempts"],
  [{ status: "error", cost_list_usd: null }, "unknown", "no known price"],
  [{ endpoint: "embeddings" }, "measured", "embeddings"],
  [{ model: "claude-sonnet-4-5", provider: "anthropic" }, "measured", "outside the router's pool"],
  [{ user_text: null, content_state: "none" }, "measured", "no prompt text"],
  [{ cost_list_usd: null }, "unknown", "no known price"],
  [{ input_uncached_tokens: null, input_total_tokens: null }, "measured", "no token counts"],
  [{ history_json: "[{" }, "measured", "earlier turns"],
  [{ history_json: "7" }, "measured", "earlier turns"],
  [
    { created_at: Date.UTC(1971, 0, 1) * 1000, user_text: "\ud83d\u0000 first select first then" },
    "replayed",
    null,
  ],
];

let workspace: Workspace;
let artifact: string;
let result: SimulateResult;
let rows: ReplayRow[];
let models: ReplayModelRow[];

beforeAll(async () => {
  workspace = await replayWorkspace(kinds.map(([fields], place) => replayableRow(place, fields)));
  artifact = replayArtifact();
  result = await simulate(workspace, { artifact });
  const engine = await openTables(workspace);
  rows = await engine.rows<ReplayRow>("FROM replay ORDER BY row");
  models = await engine.rows<ReplayModelRow>("FROM replay_models");
  engine.close();
});

test("every attempt of the log is one row, in order of time, with what is known of it", () => {
  expect(rows.map(({ row }) => row)).toEqual(kinds.map((_, i) => i));
  expect(rows[0]!.request_id).toBe("r00014");
  const byId = new Map(rows.map((row) => [row.request_id, row]));
  kinds.forEach(([, evidence, reason], place) => {
    const row = byId.get(`r${String(place).padStart(5, "0")}`)!;
    expect([place, row.evidence], row.left_reason ?? "").toEqual([place, evidence]);
    if (reason === null) expect(row.left_reason).toBeNull();
    else expect(row.left_reason).toContain(reason);
  });
});

test("attempts of one session share a number, in order of first appearance", () => {
  const numbers = rows.map(({ session }) => session);
  expect(numbers[1]).toBe(numbers[2]);
  expect([...new Set(numbers)]).toEqual([...new Set(numbers)].sort((a, b) => a - b));
});

test("a replayed attempt has a cost on every model, as billed on the one that answered", () => {
  const replayed = rows.filter(({ evidence }) => evidence === "replayed");
  expect(models).toHaveLength(replayed.length * replayPool.length);
  expect(models.map(({ model, row }) => [model, row])).toEqual(
    replayPool.flatMap((_, model) => replayed.map(({ row }) => [model, row])),
  );
  for (const { row, served, billed_usd: billed, chosen } of replayed) {
    const own = models.find((entry) => entry.row === row && entry.model === served)!;
    expect(own.usd).toBe(billed);
    expect(chosen).toBeGreaterThanOrEqual(0);
  }
  // 100 input and 50 output tokens at $0.10 and $0.40 per million
  const nano = models.find((entry) => entry.model === 0 && entry.row === 1)!;
  expect(nano.usd).toBeCloseTo((100 * 0.1 + 50 * 0.4) / 1e6, 12);
});

test("coverage adds up to the log, in attempts and in dollars", () => {
  const { coverage, covered, requests } = result.traffic!;
  expect(coverage.reduce((sum, line) => sum + line.requests, 0)).toBe(rows.length);
  const billed = rows.reduce((sum, row) => sum + (row.billed_usd ?? 0), 0);
  expect(coverage.reduce((sum, line) => sum + line.usd, 0)).toBeCloseTo(billed, 12);
  expect(requests).toBe(rows.filter(({ evidence }) => evidence === "replayed").length);
  const shares = Object.values(covered!);
  expect(shares.reduce((sum, share) => sum + share.requests, 0)).toBeCloseTo(1, 12);
  expect(shares.reduce((sum, share) => sum + share.usd, 0)).toBeCloseTo(1, 12);
});

test("without outcomes the bandit and the oracle are unknown, and say why", () => {
  expect(result.traffic!.unknown!.map(({ strategy }) => strategy)).toEqual(["oracle", "bandit"]);
  expect(result.traffic!.strategies.map(({ strategy }) => strategy)).not.toContain("oracle");
});

test("the manifest comes with the tables and counts their rows", () => {
  expect(readManifest(workspace, "simulate")!.rows).toEqual({
    replay: rows.length,
    replay_models: models.length,
  });
  expect(readdirSync(join(workspace.path, "tmp"))).toEqual([]);
});

test("the same log gives the same bytes again, whatever the number of parts", async () => {
  const before = hashes(workspace);
  await simulate(workspace, { artifact, workers: 3 });
  expect(hashes(workspace)).toEqual(before);
});

test("one and two worker threads write the same tables and documents, sessions interleaved", async () => {
  const compiled = join(packageRoot, "dist/pipelines/simulate/simulate.js");
  expect(existsSync(join(packageRoot, "dist/pipelines/simulate/decide-worker.js")), "run npm run build").toBe(
    true,
  );
  const run = ((await import(pathToFileURL(compiled).href)) as { simulate: typeof simulate }).simulate;
  const log = Array.from({ length: 300 }, (_, place) =>
    replayableRow(place, {
      session_id: place % 3 === 0 ? null : `s${(place * 7) % 40}`,
      user_text:
        place % 5 === 0 ? "yes" : `Prove that ${place} is no matrix of ${(place * 31) % 97} theorems.`,
    }),
  );
  const threaded = await replayWorkspace(log);
  await run(threaded, { artifact, workers: 1 });
  const one = hashes(threaded);
  await run(threaded, { artifact, workers: 2 });
  expect(hashes(threaded)).toEqual(one);
}, 180_000);

test("a log without a single attempt leaves empty tables and no traffic", async () => {
  const empty = await replayWorkspace([]);
  const nothing = await simulate(empty, { artifact });
  expect(nothing.traffic).toBeNull();
  expect(readManifest(empty, "simulate")!.rows).toEqual({ replay: 0, replay_models: 0 });
});

test("attempts that share an id, but not their line, stay apart; a row that is stored twice is refused", async () => {
  const twins = [replayableRow(0), replayableRow(1, { request_id: "r00000" })];
  const shared = await replayWorkspace(twins);
  await simulate(shared, { artifact });
  expect(readManifest(shared, "simulate")!.rows.replay).toBe(2);
  const twice = await replayWorkspace([replayableRow(0), replayableRow(0)]);
  await expect(simulate(twice, { artifact })).rejects.toThrow(DataError);
  expect(existsSync(join(twice.path, "replay", "replay.parquet"))).toBe(false);
});

test("a damaged log is refused as such, in a thread too, and older tables stay", async () => {
  const log = Array.from({ length: 50 }, (_, place) => replayableRow(place));
  const damaged = await replayWorkspace(log);
  await simulate(damaged, { artifact });
  const before = hashes(damaged);
  const path = join(damaged.path, "requests", "log.parquet");
  writeFileSync(path, readFileSync(path).subarray(0, 4_000));
  for (const workers of [1, 2]) {
    await expect(simulate(damaged, { artifact, workers })).rejects.toThrow(StorageError);
  }
  expect(hashes(damaged)).toEqual(before);
  expect(readManifest(damaged, "simulate")).not.toBeNull();
  expect(readdirSync(join(damaged.path, "tmp"))).toEqual([]);
});

function hashes({ path }: Workspace): Record<string, string> {
  const results = readdirSync(join(path, "results"))
    .filter((name) => name !== "simulate-timing.json")
    .map((name) => join("results", name));
  const files = ["replay/replay.parquet", "replay_models/replay_models.parquet", ...results];
  const hash = (file: string) =>
    createHash("sha256")
      .update(readFileSync(join(path, file)))
      .digest("hex");
  return Object.fromEntries(files.map((file) => [file, hash(file)]));
}
