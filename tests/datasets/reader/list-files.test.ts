import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InputError } from "../../../datasets/errors.js";
import { hashFile } from "../../../datasets/reader/hash-file.js";
import { listFiles } from "../../../datasets/reader/list-files.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-list-"));
  mkdirSync(join(folder, "b"));
  for (const name of [
    "b/2.jsonl",
    "a.jsonl",
    "c.json.gz",
    "README.md",
    ".hidden",
    "x.tmp",
    "payload.schema.json",
  ]) {
    writeFileSync(join(folder, name), "abc");
  }
  writeFileSync(join(folder, "zero.jsonl"), "");
  symlinkSync(folder, join(folder, "b", "circle"));
  symlinkSync(join(folder, "nowhere"), join(folder, "b", "dangling"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("walks folders in name order and says what it left out", () => {
  const { files, skipped } = listFiles([folder]);
  expect(files.map((file) => file.slice(folder.length + 1))).toEqual(["a.jsonl", "b/2.jsonl", "c.json.gz"]);
  expect(skipped.map(({ path }) => basename(path)).sort()).toEqual([
    ".hidden",
    "README.md",
    "dangling",
    "payload.schema.json",
    "x.tmp",
    "zero.jsonl",
  ]);
});

test("takes a named file whatever its name, and each file once", () => {
  const readme = join(folder, "README.md");
  expect(listFiles([readme]).files).toEqual([readme]);
  const twice = listFiles([join(folder, "a.jsonl"), folder]);
  expect(twice.files.filter((file) => file.endsWith("a.jsonl"))).toHaveLength(1);
  expect(twice.skipped).toContainEqual({
    path: join(folder, "a.jsonl"),
    why: "same file as one listed before",
  });
});

test("refuses a path that isn't there, by name", () => {
  expect(() => listFiles([join(folder, "absent")])).toThrow(InputError);
});

test("hashes a file's bytes", async () => {
  expect(await hashFile(join(folder, "a.jsonl"))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
