import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openOrCreateWorkspace, writeManifest } from "../../datasets/workspace.js";
import { readDocuments } from "../../reports/documents.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-documents-"));
afterAll(() => rmSync(root, { recursive: true }));

test("the stages of a cache are among the manifests, in the order of the journey", () => {
  const workspace = openOrCreateWorkspace(join(root, "ws"));
  for (const stage of ["cache-calibrate", "cache-pairs", "cache-replay"]) {
    writeManifest(workspace, {
      stage,
      completed_at: "2026-01-06T00:00:00.000Z",
      versions: {},
      inputs: [],
      rows: {},
      seed: null,
      seconds: 0,
      notes: [],
    });
  }
  const { manifests } = readDocuments(workspace);
  expect(manifests.map(({ stage }) => stage)).toEqual(["cache-replay", "cache-pairs", "cache-calibrate"]);
});
