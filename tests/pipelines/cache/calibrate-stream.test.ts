import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CacheCalibrationResult } from "../../../datasets/cache-calibration.js";
import type { StreamItem } from "../../../datasets/cache-stream.js";
import { type CacheTrafficOptions, plantedCacheTraffic } from "../../../datasets/synthetic/cache-traffic.js";
import { openOrCreateWorkspace, readManifest, resultPath } from "../../../datasets/workspace.js";
import {
  type CacheCalibrateOptions,
  cacheCalibrateDefaults,
} from "../../../pipelines/cache/calibrate-options.js";
import { calibrateStreamCache } from "../../../pipelines/cache/calibrate-stream.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-calibrate-"));
afterAll(() => rmSync(root, { recursive: true }));

const base: CacheCalibrateOptions = {
  ...cacheCalibrateDefaults,
  embedder: null,
  encoder: null,
  tokenizer: null,
  learnFrom: null,
  ttlS: null,
  alpha: 0.02,
};

function calibrate(
  items: Iterable<Partial<StreamItem>>,
  options: Partial<CacheCalibrateOptions> = {},
  workspace: string | null = null,
): Promise<CacheCalibrationResult> {
  const path = join(root, "stream.jsonl");
  writeFileSync(path, [...items].map((item) => `${JSON.stringify(item)}\n`).join(""));
  const left = workspace === null ? null : openOrCreateWorkspace(workspace);
  return calibrateStreamCache(path, left, { ...base, ...options });
}

const inSegments = (given: Partial<CacheTrafficOptions> = {}) =>
  plantedCacheTraffic({ requests: 6_000, seed: 3, questions: 300, tenants: 1, changing: 0, ...given });

/** The same in one segment. */
const planted = (given: Partial<CacheTrafficOptions> = {}) =>
  [...inSegments(given)].map((item) => ({ ...item, segment: null }));

/** Traffic for what doesn't hang on how much there is of it. */
const half = { requests: 3_000 };

describe("a calibration on a stream of known answers", () => {
  it("keeps its promise on the later part, and serves more than equal requests", async () => {
    const { segments, later, labels, score, learnt_from, max_entries } = await calibrate(planted());
    expect([labels, score, learnt_from, max_entries]).toEqual([1_000, "pair_model", "answers", 3_000]);
    expect(segments).toHaveLength(1);
    expect(segments[0]).toMatchObject({ segment: "default", level: "own", alpha: 0.02, delta: 0.1 });
    expect(segments[0]!.usr_high).toBeLessThanOrEqual(0.02);
    expect(later!.usr!.low).toBeLessThanOrEqual(0.02);
    expect(later!.semantic_hits).toBeGreaterThan(0);
    expect(later!.hit_rate.value).toBeGreaterThan(later!.exact_only_hit_rate.value);
  });

  it("can pay for the score with a part of the labels, or do without one", async () => {
    const paid = await calibrate(planted(), { learnFrom: "labels" });
    expect([paid.learnt_from, paid.labels, paid.labels_for_score]).toEqual(["labels", 1_000, 300]);
    const cosine = await calibrate(planted(half), { learnFrom: "nothing" });
    expect([cosine.score, cosine.model, cosine.learnt_from]).toEqual(["cosine", null, "nothing"]);
  });

  it("is off with too few labels, and says how many it takes", async () => {
    const { segments, later } = await calibrate(planted(half), { labels: 40 });
    expect(segments[0]).toMatchObject({ level: "exact_only", min_score: null, usr_high: null });
    expect(segments[0]!.least_labels).toBeGreaterThan(40);
    expect(segments[0]!.note).toMatch(/not certifiable with 40 labels, at least \d+ are needed/);
    expect(later!.semantic_hits).toBe(0);
  });

  it("has a threshold per segment, and says what vouches for it", async () => {
    const { segments, later } = await calibrate(inSegments(), { labels: 2_000, alpha: 0.03 });
    expect(segments.map(({ segment }) => segment)).toEqual(later!.by_segment.map(({ segment }) => segment));
    expect(segments.length).toBeGreaterThan(2);
    expect(new Set(segments.map(({ delta }) => delta))).toEqual(new Set([0.05]));
    for (const { level, min_score } of segments) expect(min_score === null).toBe(level === "exact_only");
  });

  it("never serves across tenants", async () => {
    const { later } = await calibrate(planted({ ...half, tenants: 3 }));
    expect(later!.cross_tenant_hits).toBe(0);
    expect(later!.semantic_hits).toBeGreaterThan(0);
  });

  it("warns of equal requests that need different answers", async () => {
    const items = Array.from({ length: 800 }, (_, i) => ({
      id: `${i}`,
      text: "How much is it?",
      answer_key: `${i % 7}`,
    }));
    const { segments, later, notes } = await calibrate(items);
    expect(segments[0]!.level).toBe("exact_only");
    expect(later!.exact_only_usr!.value).toBeGreaterThan(0.8);
    expect(notes.join()).toContain("EQUAL REQUESTS ALONE are answered wrongly in 8");
  });

  it("gives the same document for the same stream and seed, and leaves it in a workspace", async () => {
    const path = join(root, "ws");
    const texts = [];
    for (let run = 0; run < 2; run++) {
      await calibrate(planted(half), {}, path);
      texts.push(readFileSync(resultPath(openOrCreateWorkspace(path), "cache_calibration"), "utf8"));
    }
    expect(texts[0]).toBe(texts[1]);
    const manifest = readManifest(openOrCreateWorkspace(path), "cache-calibrate")!;
    expect(manifest.seed).toBe(1);
    expect(manifest.versions.embedder).toBe("hashed-chars-1024");
  });
});

describe("a stream that can't be calibrated on", () => {
  it("lacks the right answers", async () => {
    await expect(
      calibrate([
        { id: "a", text: "x" },
        { id: "b", text: "y" },
        { id: "c", text: "z" },
        { id: "d", text: "z" },
      ]),
    ).rejects.toThrow(/"a" has no answer_key.*signalbox cache pairs plan/);
  });

  it.each([
    [{ alpha: 0 }, /--alpha/],
    [{ delta: 1 }, /--delta/],
    [{ labels: 0 }, /--labels/],
    [{ calibrationShare: 0 }, /--calibration-share/],
  ])("or is asked for %o", async (options, message) => {
    await expect(calibrate(planted({ requests: 10 }), options)).rejects.toThrow(message);
  });

  it("is too short", async () => {
    await expect(calibrate(planted({ requests: 2 }))).rejects.toThrow(/2 requests are too few/);
  });
});
