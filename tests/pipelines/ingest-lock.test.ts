import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { lockWorkspace } from "../../pipelines/ingest/ingest-lock.js";
import { KnownIds } from "../../pipelines/ingest/known-ids.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-lock-"));
const workspace = openOrCreateWorkspace(join(root, "ws"));
const lock = join(workspace.path, "ingest.lock");
afterAll(() => rmSync(root, { recursive: true }));

test("a second writer is told who holds the workspace, and gets it afterwards", () => {
  const release = lockWorkspace(workspace);
  expect(() => lockWorkspace(workspace)).toThrow(new RegExp(`being written by process ${process.pid}`));
  release();
  lockWorkspace(workspace)();
  expect(existsSync(lock)).toBe(false);
});

test("the lock of a process that died is taken over", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(lock, JSON.stringify({ pid, host: hostname() }));
  lockWorkspace(workspace)();
});

test.each([
  ["of another machine", JSON.stringify({ pid: 1, host: "elsewhere" }), /process 1 on elsewhere/],
  ["that can't be read", "", /another process/],
])("a lock %s is respected", (_, content, message) => {
  writeFileSync(lock, content);
  expect(() => lockWorkspace(workspace)).toThrow(message);
  rmSync(lock);
});

test("known ids are never forgotten, however many", () => {
  const known = new KnownIds();
  for (let i = 0; i < 50_000; i++) expect(known.add(`request-${i}`, 1)).toBe(true);
  for (let i = 0; i < 50_000; i++) expect(known.add(`request-${i}`, 1)).toBe(false);
  expect(known.add("request-1", 2)).toBe(true);
});

test("ids that SQL hashed are known to JavaScript, whatever their letters", async () => {
  const known = new KnownIds();
  const engine = await openDuckDb();
  const ids = ["a", "", "naïve 🚦", "x".repeat(300), "quote ' and \\0"];
  const rows = ids.map((id) => `('${id.replaceAll("'", "''")}', 1)`);
  await known.addStored(engine, `(VALUES ${rows.join(", ")}) AS v(request_id, attempt_no)`);
  engine.close();
  expect(ids.map((id) => known.add(id, 1))).toEqual(ids.map(() => false));
  expect(known.add("a", 2)).toBe(true);
});
