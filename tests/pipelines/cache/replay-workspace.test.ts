import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pairFeatureNames } from "@signalbox/runtime";
import { afterAll, describe, expect, it } from "vitest";
import type { CacheCandidateRow } from "../../../datasets/cache-candidates.js";
import type { RequestRow } from "../../../datasets/request-log.js";
import { openTables, readManifest, resultPath, type Workspace } from "../../../datasets/workspace.js";
import { replayWorkspaceCache } from "../../../pipelines/cache/replay.js";
import { requestRow } from "../../support/request-row.js";
import { replayOptions, workspaceOf } from "./cache-workspace.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-cache-ws-"));
afterAll(() => rmSync(root, { recursive: true }));

const noon = Date.UTC(2026, 0, 5, 12) * 1000;
const hour = 3_600e6;

const asked = (request_id: string, user_text: string, fields: Partial<RequestRow> = {}) =>
  requestRow({
    request_id,
    user_text,
    content_state: "full",
    output_text: "In the app.",
    finish_reason: "stop",
    cost_reported_usd: 0.5,
    created_at: noon + Number(request_id) * hour,
    app: "help",
    ...fields,
  });

const password = "How can I change my password?";
const log = [
  asked("0", password),
  asked("1", password),
  asked("2", "How can I change my passwords?", { output_text: "On the website.", cost_reported_usd: 0.25 }),
  asked("3", "Do you sell gift cards?", { cost_reported_usd: null }),
  asked("4", "Do you sell gift cards?", { cost_reported_usd: null }),
  asked("5", "What is new today?"),
  asked("6", "Do you ship abroad?", { status: "error" }),
];

async function candidatesOf(workspace: Workspace): Promise<CacheCandidateRow[]> {
  const engine = await openTables(workspace);
  try {
    return await engine.rows<CacheCandidateRow>("SELECT * FROM cache_candidates ORDER BY request_id");
  } finally {
    engine.close();
  }
}

let made = 0;
const makeWorkspace = (rows: readonly RequestRow[] = log) => workspaceOf(join(root, `ws-${made++}`), rows);

describe("a workspace's replay", () => {
  it("adds up what hits save and what the cache costs", async () => {
    const result = await replayWorkspaceCache(await makeWorkspace(), replayOptions());
    const [exact, semantic] = result.curve;
    expect([exact!.exact_hits, exact!.saved_usd, exact!.hits_of_unknown_cost]).toEqual([2, 0.5, 1]);
    expect([semantic!.semantic_hits, semantic!.saved_usd, semantic!.hits_of_unknown_cost]).toEqual([
      1, 0.75, 1,
    ]);
    // a cent for each of 5 lookups, and for each entry written
    expect([exact!.operations_usd, semantic!.operations_usd]).toEqual([
      expect.closeTo(0.08, 9),
      expect.closeTo(0.07, 9),
    ]);
    expect(exact!.net_usd!.value).toBeCloseTo(0.42, 9);
    expect(semantic!.net_usd!.value).toBeCloseTo(0.68, 9);
    // mean billed cost of the cacheable requests with a known one: 1.25 / 3
    expect(semantic!.break_even_hit_rate).toBeCloseTo(0.07 / (1.25 / 3) / 6, 9);
    expect(result.left_out).toEqual([{ reason: "failed", requests: 1 }]);
    expect(result.never_cached).toEqual([{ reason: "time_sensitive", requests: 1 }]);
    expect([semantic!.answered_hits, semantic!.same_answer_hits]).toEqual([3, 2]);
    expect(result.by_segment.map(({ segment, requests }) => [segment, requests])).toEqual([["help", 6]]);
  });

  it("charges embedding for what the exact tier can't answer, and room for the life of an entry", async () => {
    const prices = { embeddingUsdPerMtok: 1e6, operationsUsdPerM: 0, storageUsdPerEntryDay: 24 };
    const rows = [asked("0", "hello world"), asked("1", "hello world"), asked("2", "other words here")];
    const { curve } = await replayWorkspaceCache(
      await makeWorkspace(rows),
      replayOptions({ prices, ttlS: 3_600 }),
    );
    // tokens of cl100k: 2 and 3; one entry lives its hour, the last no time at all
    expect(curve.map((row) => row.embedding_usd)).toEqual([0, 5]);
    expect(curve.map((row) => row.storage_usd)).toEqual([1, 1]);
  });

  it("knows no net saving where no cost is known, rather than 0", async () => {
    const unknown = log.map((row) => ({ ...row, cost_reported_usd: null, input_total_tokens: 5 }));
    const { curve } = await replayWorkspaceCache(await makeWorkspace(unknown), replayOptions());
    for (const row of curve) {
      expect([row.net_usd, row.break_even_hit_rate]).toEqual([null, null]);
      expect(row.hits_of_unknown_cost).toBe(row.exact_hits + row.semantic_hits);
    }
  });

  it("leaves a candidate for each request, nearest entry included", async () => {
    const workspace = await makeWorkspace();
    await replayWorkspaceCache(workspace, replayOptions());
    const rows = await candidatesOf(workspace);
    expect(rows.map((row) => [row.request_id, row.tier, row.reason, row.entry_id])).toEqual([
      ["0", "miss", null, null],
      ["1", "exact", null, "0"],
      ["2", "semantic", null, "0"],
      ["3", "semantic", null, expect.any(String)],
      ["4", "exact", null, "3"],
      ["5", "uncacheable", "time_sensitive", null],
    ]);
    expect(rows[1]!.similarity).toBe(1);
    expect(rows[2]!.similarity).toBeGreaterThan(0.8);
    expect(rows[3]!.similarity).toBeLessThan(0.8);
    expect(JSON.parse(rows[2]!.features_json!)).toHaveLength(pairFeatureNames.length);
    expect([rows[1]!.features_json, rows[5]!.features_json]).toEqual([null, null]);
    expect([rows[2]!.created_at, rows[2]!.saved_usd, rows[3]!.saved_usd]).toEqual([
      noon + 2 * hour,
      0.25,
      null,
    ]);
  });

  it("offers the nearest entry that the guard lets through, or none", async () => {
    const rows = [
      asked("0", "Plan a menu for 20 guests at home"),
      asked("1", "Plan a menu for 30 guests at home"),
      asked("2", "Plan a menu for 30 guests at my home"),
    ];
    const workspace = await makeWorkspace(rows);
    await replayWorkspaceCache(workspace, replayOptions());
    const offers = async () => (await candidatesOf(workspace)).map(({ tier, entry_id }) => [tier, entry_id]);
    expect(await offers()).toEqual([
      ["miss", null],
      ["miss", null],
      ["semantic", "1"],
    ]);
    await replayWorkspaceCache(workspace, replayOptions({ hasGuard: false }));
    expect((await offers())[1]).toEqual(["semantic", "0"]);
  });

  it("needs an ingested workspace, and a request that can be replayed", async () => {
    const failed = await makeWorkspace([asked("0", "a", { status: "error" })]);
    await expect(replayWorkspaceCache(failed, replayOptions())).rejects.toThrow(/none of 1 request/);
    rmSync(join(failed.path, "ingest.manifest.json"));
    await expect(replayWorkspaceCache(failed, replayOptions())).rejects.toThrow(/signalbox ingest/);
  });
});

describe("what a replay leaves", () => {
  it("is the same for the same log", async () => {
    const workspace = await makeWorkspace();
    const texts = [];
    for (let run = 0; run < 2; run++) {
      await replayWorkspaceCache(workspace, replayOptions());
      texts.push(readFileSync(resultPath(workspace, "cache_replay"), "utf8"));
    }
    expect(texts[0]).toBe(texts[1]);
    expect(readdirSync(join(workspace.path, "cache_candidates"))).toEqual(["replay.parquet"]);
    expect(readdirSync(join(workspace.path, "tmp"))).toEqual([]);
  });

  it("names its inputs and rows in a manifest that comes last", async () => {
    const workspace = await makeWorkspace();
    await replayWorkspaceCache(workspace, replayOptions());
    const manifest = readManifest(workspace, "cache-replay")!;
    expect(manifest.rows).toEqual({ requests: 6, cache_candidates: 6 });
    expect(manifest.inputs.map(({ path }) => path)).toEqual([join("requests", "rows.parquet")]);
    expect(manifest.versions.embedder).toBe("hashed-chars-512");
  });

  it("stays as it was when a later run fails while it replays", async () => {
    const workspace = await makeWorkspace();
    await replayWorkspaceCache(workspace, replayOptions());
    const before = [await candidatesOf(workspace), readManifest(workspace, "cache-replay")];
    const onProgress = ({ label }: { label: string }) => {
      if (label === "replaying") throw new Error("killed");
    };
    await expect(replayWorkspaceCache(workspace, replayOptions({ onProgress }))).rejects.toThrow("killed");
    expect([await candidatesOf(workspace), readManifest(workspace, "cache-replay")]).toEqual(before);
  });

  it("has no manifest when a run fails between table and result", async () => {
    const workspace = await makeWorkspace();
    await replayWorkspaceCache(workspace, replayOptions());
    rmSync(join(workspace.path, "results"), { recursive: true });
    writeFileSync(join(workspace.path, "results"), "in the way");
    await expect(replayWorkspaceCache(workspace, replayOptions())).rejects.toThrow();
    expect(existsSync(join(workspace.path, "cache-replay.manifest.json"))).toBe(false);
    expect(await candidatesOf(workspace)).toHaveLength(6);
  });
});
