import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodePairModel } from "../../models/onnx/encode-pair-model.js";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import type { ArtifactManifest, CachePolicy, GoldenCacheRow } from "../src/artifact/artifact.js";
import { ArtifactError, type ArtifactFault } from "../src/artifact/artifact-error.js";
import { loadRouter } from "../src/artifact/load-router.js";
import { readCachePolicy } from "../src/artifact/read-cache-policy.js";
import { pairFeatureNames } from "../src/cache/pair-features.js";
import { hashedEmbedder } from "../src/embed/hashed-embedder.js";
import { cachePolicy } from "./support/cache-policy.js";

const weights = Float32Array.from(pairFeatureNames, (_, i) => (i % 2 === 0 ? 1 : -0.5) / (i + 1));
const cacheModel = { weights, bias: 0.25 };
const cache = cachePolicy({ faq: { min_score: 0.6 } }, { score: "pair_model" });

let root: string;
let good: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-load-cache-"));
  good = join(root, "good");
  writeRandomArtifact(good, { hidden: 0, cache, cacheModel });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let copies = 0;
function damaged(damage: (folder: string) => void): string {
  copies += 1;
  const folder = join(root, `copy-${copies}`);
  cpSync(good, folder, { recursive: true });
  damage(folder);
  return folder;
}

/** Replace a file and put its hash into the manifest, so that only its content is at fault; null takes it out of both. */
function replace(folder: string, name: string, content: string | Uint8Array | null): void {
  const path = join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as ArtifactManifest;
  if (content === null) {
    rmSync(join(folder, name));
    delete manifest.files[name];
  } else {
    writeFileSync(join(folder, name), content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    manifest.files[name] = { sha256, bytes: Buffer.byteLength(content) };
  }
  writeFileSync(path, JSON.stringify(manifest));
}

function editPolicy(folder: string, changes: object): void {
  replace(folder, "cache.json", JSON.stringify({ ...cache, ...changes }));
}

function editGolden(folder: string, change: (rows: GoldenCacheRow[]) => void): void {
  const lines = readFileSync(join(folder, "golden-cache.jsonl"), "utf8").trim().split("\n");
  const rows = lines.map((line) => JSON.parse(line) as GoldenCacheRow);
  change(rows);
  replace(folder, "golden-cache.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
}

describe("loading an artifact with a cache", () => {
  test("gives its rules, its embedder and decisions", async () => {
    const router = await loadRouter(good);
    expect(router.cachePolicy).toMatchObject({ score: "pair_model", ttl_s: null });
    expect(router.embedder?.sha256).toBe(hashedEmbedder(64).sha256);
    const neighbours = [{ similarity: 0.97, prompt: "How can I reset my password?" }];
    const question = { segment: "faq", prompt: "How do I reset my password?", neighbours };
    expect(router.cacheDecision(question)).toMatchObject({ index: 0, minScore: 0.6 });
  });

  test.each<[string, ArtifactFault, (folder: string) => void]>([
    ["a model that is missing", "missing_file", (folder) => rmSync(join(folder, "cache-model.onnx"))],
    [
      "a model that the manifest doesn't list",
      "missing_file",
      (folder) => replace(folder, "cache-model.onnx", null),
    ],
    ["a model that is cut off", "bad_hash", (folder) => truncateSync(join(folder, "cache-model.onnx"), 40)],
    ["a model that is no ONNX", "bad_model", (folder) => replace(folder, "cache-model.onnx", "hello")],
    [
      "a model that isn't finite",
      "bad_model",
      (folder) => replace(folder, "cache-model.onnx", encodePairModel({ weights, bias: Number.NaN })),
    ],
    [
      "another model than the golden rows'",
      "golden_mismatch",
      (folder) => replace(folder, "cache-model.onnx", encodePairModel({ weights, bias: 0.26 })),
    ],
    ["no golden rows", "missing_file", (folder) => replace(folder, "golden-cache.jsonl", null)],
    [
      "an empty list of golden rows",
      "golden_mismatch",
      (folder) => replace(folder, "golden-cache.jsonl", "\n"),
    ],
    ["golden rows that are no JSON", "bad_json", (folder) => replace(folder, "golden-cache.jsonl", "{")],
    [
      "a golden row that is none",
      "golden_mismatch",
      (folder) => replace(folder, "golden-cache.jsonl", '{"prompt":"x"}'),
    ],
    [
      "a guard that said otherwise",
      "golden_mismatch",
      (folder) =>
        editGolden(folder, (rows) => {
          const row = rows.find(({ guard }) => guard.includes("numbers"))!;
          row.guard = row.guard.map(() => null);
        }),
    ],
    [
      "features that were others",
      "golden_mismatch",
      (folder) =>
        editGolden(folder, (rows) => {
          rows.find(({ features }) => features !== null)!.features![4]! += 1e-3;
        }),
    ],
    ["another score", "bad_policy", (folder) => editPolicy(folder, { score: "distance" })],
    ["another version of the scope", "bad_policy", (folder) => editPolicy(folder, { scope_version: 2 })],
    ["other neighbours", "bad_policy", (folder) => editPolicy(folder, { neighbours: 16 })],
    ["a life of no time", "bad_policy", (folder) => editPolicy(folder, { ttl_s: 0 })],
    [
      "an embedder without a hash",
      "bad_policy",
      (folder) => editPolicy(folder, { embedder: { id: "x", dim: 64 } }),
    ],
    [
      "an embedder that gives other vectors here",
      "bad_embedder",
      (folder) =>
        editPolicy(folder, { embedder: { id: "hashed-chars-64", sha256: "0".repeat(64), dim: 64 } }),
    ],
    [
      "a threshold that is a text",
      "bad_policy",
      (folder) => editPolicy(folder, { segments: { faq: { ...cache.segments.faq, min_score: "0.5" } } }),
    ],
    [
      "a level that it doesn't know",
      "bad_policy",
      (folder) => editPolicy(folder, { segments: { faq: { ...cache.segments.faq, level: "guess" } } }),
    ],
  ])("refuses %s (%s)", async (_, fault, damage) => {
    const error = await loadRouter(damaged(damage)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ArtifactError);
    expect((error as ArtifactError).fault).toBe(fault);
    expect((error as ArtifactError).message).toMatch(/^\/.+: .+(;|:) .+/);
  });

  test("an embedder that this package doesn't have is the caller's to bring", async () => {
    const embedder = { id: "minilm", sha256: "a".repeat(64), dim: 384 };
    const router = await loadRouter(damaged((folder) => editPolicy(folder, { embedder })));
    expect(router.embedder).toBeNull();
    expect(router.cachePolicy!.embedder).toEqual(embedder);
  });

  test("a cache of format 1.1 is read, and decides on cosines as it did", async () => {
    const old = {
      segments: {
        default: { min_similarity: null, alpha: null, delta: null, n: 0, note: "" },
        faq: { min_similarity: 0.9, alpha: 0.05, delta: 0.05, n: 500, note: "" },
      },
    };
    const folder = damaged((copy) => {
      replace(copy, "cache.json", JSON.stringify(old));
      replace(copy, "cache-model.onnx", null);
      replace(copy, "golden-cache.jsonl", null);
    });
    const router = await loadRouter(folder);
    const prompts = { prompt: "How do I reset my password?", cachedPrompt: "How can I reset my password?" };
    const reasonAt = (similarity: number, segment: string) =>
      router.cacheDecision({ similarity, segment, ...prompts }).reason;
    expect(reasonAt(0.9, "faq")).toBe("above_threshold");
    expect(reasonAt(0.89, "faq")).toBe("below_threshold");
    expect(reasonAt(1, "other")).toBe("no_threshold");
    expect(() => readCachePolicy('{"segments":{"x":{"min_similarity":"1"}}}', "cache.json")).toThrow(
      ArtifactError,
    );
  });

  test("every document that it wrote is read as it stands", () => {
    const written: CachePolicy[] = [
      cache,
      cachePolicy(),
      cachePolicy({ faq: { unsafe: "3 of 9 were served" } }),
    ];
    for (const policy of written)
      expect(readCachePolicy(JSON.stringify(policy), "cache.json")).toEqual(policy);
  });
});
