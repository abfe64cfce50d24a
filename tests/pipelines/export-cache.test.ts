import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CachePolicy, type GoldenCacheRow, pairFeatureNames } from "@signalbox/runtime";
import { afterAll, describe, expect, test } from "vitest";
import type { CacheCalibrationResult, CacheSegmentThreshold } from "../../datasets/cache-calibration.js";
import { DataError } from "../../datasets/errors.js";
import { openOrCreateWorkspace, type Workspace, writeResult } from "../../datasets/workspace.js";
import { cacheSection } from "../../pipelines/export/cache-card.js";
import { exportCache } from "../../pipelines/export/export-cache.js";
import { probeIsolation } from "../../pipelines/export/probe-isolation.js";
import { writeLines } from "../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-export-cache-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const threshold = (segment: string, changes: Partial<CacheSegmentThreshold> = {}): CacheSegmentThreshold => ({
  segment,
  level: "own",
  min_score: 0.8,
  alpha: 0.02,
  delta: 0.1,
  n: 400,
  errors: 2,
  allowed_errors: 4,
  usr_high: 0.018,
  fhr: null,
  least_labels: 114,
  note: "certified on its own labels",
  ...changes,
});

/** A model that the cosine alone convinces, so that only the guard stands between a planted twin and its answer. */
const trusting = {
  features: [...pairFeatureNames],
  weights: pairFeatureNames.map((_, i) => (i === 0 ? 9 : 0)),
  bias: 0,
};

function calibration(changes: Partial<CacheCalibrationResult> = {}): CacheCalibrationResult {
  return {
    schema_version: 1,
    source: { kind: "stream", path: null },
    alpha: 0.02,
    delta: 0.1,
    seed: 7,
    embedder: { id: "hashed-chars-512", sha256: "a".repeat(64), dim: 512 },
    score: "pair_model",
    model: trusting,
    reads_answers: true,
    learnt_from: "answers",
    labels_from: "answer_key",
    is_simulated: false,
    labels: 500,
    labels_for_score: 0,
    judge_accepts_high: null,
    max_entries: 10_000,
    ttl_s: 86_400,
    segments: [threshold("faq"), threshold("rare", { level: "exact_only", min_score: null, usr_high: null })],
    later: null,
    notes: [],
    ...changes,
  };
}

function workspaceWith(name: string, result: CacheCalibrationResult | null): Workspace {
  const workspace = openOrCreateWorkspace(join(root, name));
  if (result !== null) writeResult(workspace, "cache_calibration", result);
  return workspace;
}

function stream(
  name: string,
  items: ReadonlyArray<{ text: string; segment?: string }>,
): CacheCalibrationResult["source"] {
  const path = writeLines(
    join(root, name),
    items.map((item, i) => ({ id: `${name}-${i}`, ...item })),
  );
  return { kind: "stream", path };
}

const policyIn = (files: Record<string, string | Uint8Array>) =>
  JSON.parse(String(files["cache.json"])) as CachePolicy;

const ordinary = [
  "How do I reset the password of my account?",
  "Can I pay 40 dollars in two parts?",
  "Which trams run from the station to the harbour on Friday?",
  "How long does a transfer from Lisbon to Oslo take?",
  "Please turn on dark mode",
  "Is it 5 km or 5 miles to the depot?",
];

describe("exportCache", () => {
  test("without a calibration: a policy that serves nothing, no model, no report", async () => {
    const { files, report } = await exportCache(workspaceWith("none", null));
    expect(Object.keys(files)).toEqual(["cache.json"]);
    expect(policyIn(files).segments.default).toMatchObject({ level: null, min_score: null });
    expect(report).toBeNull();
  });

  test("a calibration becomes thresholds, a model and golden rows, once its own prompts were flipped and none was served", async () => {
    const source = stream("faq.jsonl", [
      ...ordinary.map((text) => ({ text, segment: "faq" })),
      ...ordinary.map((text) => ({ text, segment: "rare" })),
    ]);
    const { files, report } = await exportCache(workspaceWith("faq", calibration({ source })));
    expect(Object.keys(files).sort()).toEqual(["cache-model.onnx", "cache.json", "golden-cache.jsonl"]);
    const policy = policyIn(files);
    expect(policy).toMatchObject({
      score: "pair_model",
      ttl_s: 86_400,
      max_entries: 10_000,
      learnt_answers: true,
    });
    expect(policy.segments.faq).toMatchObject({
      min_score: 0.8,
      unsafe: null,
      min_similarity: null,
      level: "own",
    });
    expect(policy.segments.rare).toMatchObject({ min_score: null, level: "exact_only", unsafe: null });
    const [faq, rare] = report!.segments;
    expect(faq!.probes).toMatchObject({ own_prompts: ordinary.length, served: 0, examples: [] });
    expect(Object.keys(faq!.probes!.by_kind).sort()).toEqual([
      "currency",
      "date",
      "direction",
      "entity",
      "negation",
      "number",
      "polarity",
      "unit",
    ]);
    expect(faq!.probes!.planted).toBeGreaterThan(800);
    expect(rare!.probes).toBeNull();
    const rows = String(files["golden-cache.jsonl"])
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as GoldenCacheRow);
    expect(rows.some(({ at }) => at > 0)).toBe(true);
    expect(rows.some(({ at, guard }) => at === -1 && guard.length > 0)).toBe(true);
    expect(rows.every(({ score, at }) => at < 0 === (score === null))).toBe(true);
  });

  test("a segment that serves a flipped prompt of its own loses its threshold, and nobody's prompt leaves the workspace", async () => {
    // Half of its words have capitals, so the guard takes none of them for a name.
    const leak = "Find me Sports in New York.";
    const source = stream("leak.jsonl", [
      { text: leak, segment: "news" },
      { text: ordinary[0]!, segment: "faq" },
    ]);
    const segments = [threshold("faq"), threshold("news")];
    const { files, report } = await exportCache(workspaceWith("leak", calibration({ source, segments })));
    const { faq, news } = policyIn(files).segments;
    expect(faq).toMatchObject({ min_score: 0.8, unsafe: null });
    expect(news).toMatchObject({ min_score: null, usr_high: null, level: "own" });
    expect(news!.unsafe).toMatch(/^1 of \d+ planted near-duplicates were served \(entity 1 of \d+\)$/);
    const row = report!.segments[1]!;
    expect(row).toMatchObject({ calibrated_min_score: 0.8, min_score: null });
    expect(row.probes!.examples).toMatchObject([{ kind: "entity", cached: leak }]);
    expect(Object.values(files).map(String).join("")).not.toContain("Sports");
    const card = cacheSection(report!).join("\n");
    expect(card).toContain("**news is off: 1 of");
    expect(card).not.toContain("Sports");
  });

  test("a cosine calibration keeps its threshold where readers of format 1.1 look", async () => {
    const { files } = await exportCache(
      workspaceWith("cosine", calibration({ score: "cosine", model: null, learnt_from: "nothing" })),
    );
    expect(Object.keys(files).sort()).toEqual(["cache.json", "golden-cache.jsonl"]);
    const policy = policyIn(files);
    expect(policy.learnt_answers).toBe(false);
    expect(policy.segments.faq).toMatchObject({ min_score: 0.8, min_similarity: 0.8 });
  });

  test("says when the stream is gone: only templates were planted", async () => {
    const source = { kind: "stream" as const, path: join(root, "gone.jsonl") };
    const { report } = await exportCache(workspaceWith("gone", calibration({ source })));
    expect(report!.notes[0]).toMatch(/gone\.jsonl isn't there any more/);
    expect(report!.segments[0]!.probes).toMatchObject({ own_prompts: 0, planted: 800, served: 0 });
  });

  test("refuses a score over other features", async () => {
    const model = { ...trusting, features: ["cosine"] };
    const failed = exportCache(workspaceWith("other", calibration({ model })));
    await expect(failed).rejects.toThrow(DataError);
    await expect(failed).rejects.toThrow(/run again: signalbox cache calibrate/);
  });
});

test("no two spellings of a tenant share a scope", () => {
  const { requests, tenants, pairs, shared } = probeIsolation(["hi", "What is the fee?"]);
  expect(pairs).toBe((requests * tenants * (tenants - 1)) / 2);
  expect(shared).toBe(0);
});
