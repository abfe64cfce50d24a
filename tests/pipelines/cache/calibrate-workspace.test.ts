import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CacheCandidateRow } from "../../../datasets/cache-candidates.js";
import { plantedCacheTraffic } from "../../../datasets/synthetic/cache-traffic.js";
import { openTables, readManifest, type Workspace } from "../../../datasets/workspace.js";
import {
  type CacheCalibrateOptions,
  cacheCalibrateDefaults,
} from "../../../pipelines/cache/calibrate-options.js";
import { calibrateWorkspaceCache } from "../../../pipelines/cache/calibrate-workspace.js";
import { importPairs } from "../../../pipelines/cache/pairs/import-pairs.js";
import { replayWorkspaceCache } from "../../../pipelines/cache/replay.js";
import { requestRow } from "../../support/request-row.js";
import { replayOptions, workspaceOf } from "./cache-workspace.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-calibrate-ws-"));
afterAll(() => rmSync(root, { recursive: true }));

const options: CacheCalibrateOptions = {
  ...cacheCalibrateDefaults,
  embedder: null,
  encoder: null,
  tokenizer: null,
  learnFrom: null,
  alpha: 0.03,
};
const requests = 8_000;
const items = [...plantedCacheTraffic({ requests, seed: 5, questions: 300, tenants: 1, changing: 0 })];
const truthOf = new Map(items.map(({ id, answer_key }) => [id, answer_key]));
let workspace: Workspace;

/** A log whose answers are canned texts, and human verdicts of every third offer of its replay. */
beforeAll(async () => {
  const rows = items.map(({ id, text, answer_key, created_at }) =>
    requestRow({
      request_id: id,
      user_text: text,
      content_state: "full",
      output_text: `Canned answer ${answer_key}.`,
      finish_reason: "stop",
      created_at: created_at!,
    }),
  );
  workspace = await workspaceOf(join(root, "ws"), rows);
  await replayWorkspaceCache(workspace, replayOptions({ ttlS: null }));
  const offered = (await candidates()).filter(({ tier }) => tier === "semantic");
  const verdicts = offered
    .filter((_, i) => i % 3 === 0)
    .map(({ request_id, entry_id }) => ({
      request_id,
      entry_id,
      is_same: truthOf.get(request_id) === truthOf.get(entry_id!),
    }));
  const file = join(root, "verdicts.jsonl");
  writeFileSync(file, verdicts.map((row) => `${JSON.stringify(row)}\n`).join(""));
  await importPairs(workspace, file);
}, 240_000);

async function candidates(): Promise<CacheCandidateRow[]> {
  const engine = await openTables(workspace);
  try {
    return await engine.rows<CacheCandidateRow>("SELECT * FROM cache_candidates");
  } finally {
    engine.close();
  }
}

describe("a calibration on judged pairs", () => {
  it("rests on the offers of the third quarter, and looks at the last one", async () => {
    expect(await candidates()).toHaveLength(requests / 4);
    const { later, segments, score, learnt_from, labels_from, notes } = await calibrateWorkspaceCache(
      workspace,
      options,
    );
    expect([score, learnt_from, labels_from]).toEqual(["pair_model", "answers", "pairs"]);
    expect(segments[0]!.level).toBe("own");
    expect(later!.requests).toBe(requests / 4);
    expect(later!.usr).toBeNull();
    expect(notes.join(" ")).toContain("Exact hits are not judged");
    expect(readManifest(workspace, "cache-calibrate")!.inputs.map(({ path }) => path)).toContain(
      join("cache_candidates", "replay.parquet"),
    );
  });

  it("keeps its promise by the known truth", async () => {
    const { segments, model } = await calibrateWorkspaceCache(workspace, options);
    const { min_score } = segments[0]!;
    const score = (row: CacheCandidateRow) => {
      const features = JSON.parse(row.features_json!) as number[];
      return (
        1 / (1 + Math.exp(-features.reduce((sum, value, i) => sum + value * model!.weights[i]!, model!.bias)))
      );
    };
    const all = await candidates();
    const served = all.filter((row) => row.tier === "semantic" && score(row) >= min_score!);
    const wrong = served.filter(
      ({ request_id, entry_id }) => truthOf.get(request_id) !== truthOf.get(entry_id!),
    );
    expect(served.length).toBeGreaterThan(0);
    expect(wrong.length / all.length).toBeLessThanOrEqual(0.03);
  });

  it("refuses another embedder than the replay's", async () => {
    await expect(calibrateWorkspaceCache(workspace, { ...options, encoder: "use-lite" })).rejects.toThrow(
      /the replay's embedder is hashed-chars-512, not/,
    );
  });

  it("needs a replay first", async () => {
    const bare = await workspaceOf(join(root, "bare"), []);
    await expect(calibrateWorkspaceCache(bare, options)).rejects.toThrow(/signalbox cache replay/);
  });
});
