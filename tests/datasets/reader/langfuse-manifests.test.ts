import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { listFiles } from "../../../datasets/reader/list-files.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-manifests-"));
afterAll(() => rmSync(root, { recursive: true }));

function write(path: string, content = "{}"): void {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
}

test("reads of a Langfuse export what its manifests list, and says why not the rest", () => {
  const key = "some/prefix/p-1/observations/2026-06-05T09-00-00.jsonl";
  write("p-1/observations/2026-06-05T09-00-00.jsonl");
  write("p-1/observations/2026-06-05T10-00-00.jsonl");
  write("p-1/observations/2026-04-01T09-00-00.jsonl");
  write("p-1/notes/export.jsonl");
  write(
    "p-1/manifests/2026-06-05T09-00-00.json",
    JSON.stringify({ version: 1, tables: ["observations"], files: [{ key, table: "observations" }] }),
  );
  write("p-1/manifests/2026-06-05T10-00-00.json", '{"version":1,"tab');
  const { files, skipped } = listFiles([root]);
  expect(files.map((path) => relative(root, path))).toEqual([
    "p-1/notes/export.jsonl",
    // Written before Langfuse wrote manifests.
    "p-1/observations/2026-04-01T09-00-00.jsonl",
    "p-1/observations/2026-06-05T09-00-00.jsonl",
  ]);
  expect(skipped.map(({ path, why }) => [relative(root, path), why])).toEqual([
    ["p-1/manifests/2026-06-05T09-00-00.json", "manifest of a Langfuse export"],
    ["p-1/manifests/2026-06-05T10-00-00.json", "manifest of a Langfuse export"],
    [
      "p-1/observations/2026-06-05T10-00-00.jsonl",
      "in no manifest of its Langfuse export: a run that didn't end",
    ],
  ]);
});

test("reads all of a folder without manifests, or whose manifests are something else's", () => {
  write("p-2/observations/a.jsonl");
  write("p-3/observations/a.jsonl");
  write("p-3/manifests/kubernetes.json", '{"kind":"Deployment"}');
  expect(listFiles([join(root, "p-2")]).files).toHaveLength(1);
  expect(listFiles([join(root, "p-3")]).files).toHaveLength(2);
});
