import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkNumber } from "../../datasets/check-number.js";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { InputError, StorageError } from "../../datasets/errors.js";
import { makeFolder } from "../../datasets/make-folder.js";
import { readJsonFile } from "../../datasets/read-json-file.js";
import { openOrCreateWorkspace, openWorkspace, writeFileAtomic } from "../../datasets/workspace.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-paths-"));
afterAll(() => rmSync(root, { recursive: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(root, name), text);
  return join(root, name);
};

test("makes a folder with those above it, and again without complaint", () => {
  const folder = join(root, "a/b/c");
  makeFolder(folder);
  makeFolder(folder);
  expect(existsSync(folder)).toBe(true);
});

test.each([
  ["a file in its place", () => file("plain", "")],
  ["a file above it", () => join(file("plain2", ""), "deeper/still")],
  ["a system that refuses it", () => "/proc/nowhere/deep"],
])("says of a folder why it can't be made: %s", (_, path) => {
  expect(() => makeFolder(path())).toThrow(InputError);
  expect(() => openOrCreateWorkspace(path())).toThrow(/this folder can't be made .*; name another one/);
});

test.each([
  ["cut off", '{"salt": "a'],
  ["a list", "[]"],
  ["null", "null"],
  ["empty", ""],
])("names a document that is %s, and the remedy", (_, text) => {
  expect(() => readJsonFile(file("document.json", text), "write it anew")).toThrow(
    /document\.json: not .*; write it anew$/,
  );
});

test("opens no workspace without its salt", () => {
  const { path } = openOrCreateWorkspace(join(root, "ws"));
  for (const text of ["{", "{}", '{"salt": 5}']) {
    writeFileSync(join(path, "workspace.json"), text);
    expect(() => openWorkspace(path)).toThrow(/workspace\.json: .*start a new workspace/);
  }
});

test("leaves nothing behind where a file can't be written", () => {
  const folder = join(root, "taken");
  makeFolder(folder);
  expect(() => writeFileAtomic(folder, "text")).toThrow(/taken: can't be written \(EISDIR/);
  expect(readdirSync(root).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("tells a damaged Parquet file from a faulty statement", async () => {
  const engine = await openDuckDb();
  const damaged = file("damaged.parquet", "PAR1 but no more than that");
  await expect(engine.rows(`SELECT * FROM read_parquet('${damaged}')`)).rejects.toThrow(StorageError);
  await expect(engine.rows("SELECT * FROM read_parquet('/nowhere.parquet')")).rejects.toThrow(StorageError);
  await expect(engine.rows("SELECT nothing FROM nowhere")).rejects.not.toThrow(StorageError);
  engine.close();
});

test.each([
  [2, { above: 0, to: 1 }, "retention is 2; give a number above 0 and at most 1"],
  [0, { above: 0, to: 1 }, "retention is 0; give a number above 0 and at most 1"],
  [Number.NaN, {}, "retention is not a number; give a number"],
  [1.5, { from: 1, isWhole: true }, "retention is 1.5; give a whole number from 1"],
  [Number.POSITIVE_INFINITY, {}, "retention is Infinity; give a number"],
])("refuses %s as an option in %o", (value, range, message) => {
  expect(() => checkNumber("retention", value, range)).toThrow(message);
});

test("takes a number inside its range", () => {
  checkNumber("retention", 1, { above: 0, to: 1 });
  checkNumber("seed", -3, { isWhole: true });
});
