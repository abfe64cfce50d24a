import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ArtifactManifest,
  hashedEmbedder,
  loadRouter,
  type Policy,
  pairFeatureNames,
} from "@signalbox/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CacheExportResult } from "../../datasets/cache-export.js";
import type { ModelResult } from "../../datasets/results.js";
import {
  openOrCreateWorkspace,
  openWorkspace,
  readManifest,
  readResult,
  type Workspace,
} from "../../datasets/workspace.js";
import { evaluate } from "../../pipelines/evaluate/evaluate.js";
import { type ExportedArtifact, exportArtifact } from "../../pipelines/export/export-artifact.js";
import { importOutcomes } from "../../pipelines/outcomes/import-outcomes.js";
import { type ScoreRow, score } from "../../pipelines/score/score.js";
import { train } from "../../pipelines/train/train.js";
import { readUnseenLogits } from "../../pipelines/train/unseen-logits.js";
import { policyRule } from "../support/policy-rule.js";
import { writeLines } from "../support/write-lines.js";
import { type PlantedItem, plantedItems } from "./planted-outcomes.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-train-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const file = (name: string, rows: readonly unknown[]) => writeLines(join(root, name), rows);

async function workspaceOf(name: string, items: readonly PlantedItem[]): Promise<Workspace> {
  const workspace = openOrCreateWorkspace(join(root, name));
  await importOutcomes(workspace, file(`${name}.jsonl`, items));
  return workspace;
}

function readJsonLines<Row>(path: string): Row[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}

describe("a router trained on planted outcomes", () => {
  let workspace: Workspace;
  let artifact: ExportedArtifact;
  const test600 = plantedItems(600, 2).map((item) => ({
    ...item,
    id: `test-${item.id}`,
    session: `test-${item.session}`,
  }));

  beforeAll(async () => {
    workspace = await workspaceOf("planted", plantedItems(900));
    await train(workspace, { retention: 0.95 });
    cpSync(workspace.path, join(root, "operated"), { recursive: true });
    artifact = await exportArtifact(workspace);
  });

  test("names the models, certifies a threshold and finishes with a manifest", () => {
    const policy = (
      JSON.parse(readFileSync(join(workspace.path, "model/model.json"), "utf8")) as { policy: Policy }
    ).policy;
    expect(policy.strong_model).toBe("large");
    expect(policy.models.map(({ model }) => model)).toEqual(["small", "large"]);
    expect(policy.thresholds.small!.min_sufficiency).toBeGreaterThan(0.1);
    expect(policy.thresholds.small!.retention_low).toBeGreaterThanOrEqual(0.95);
    expect(readManifest(workspace, "train")).toMatchObject({
      stage: "train",
      rows: { items: 900, held_out: 900 },
      seed: 1,
    });
  });

  test("stores a dial whose point of the target is the threshold in force, and shows it in the card", () => {
    const policy = JSON.parse(readFileSync(join(artifact.path, "policy.json"), "utf8")) as Policy;
    const { dial } = readResult<ModelResult>(workspace, "model")!;
    expect(policy.dial!.map(({ retention }) => retention)).toEqual([
      0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995,
    ]);
    expect(policy.dial![0]!.min_sufficiency).toEqual({ small: policy.thresholds.small!.min_sufficiency });
    expect(dial).toMatchObject({ confidence: 0.95, in_force: 0.95, points: policy.dial! });
    const savings = dial!.points.map(({ saving }) => saving.value);
    expect(savings).toEqual([...savings].sort((a, b) => b - a));
    expect(savings[0]).toBeGreaterThan(0.3);
    for (const { min_sufficiency, saving, strong_share } of dial!.points) {
      if (min_sufficiency.small === null) expect([saving.value, strong_share.value]).toEqual([0, 1]);
    }
    expect(readFileSync(join(artifact.path, "README.md"), "utf8")).toMatch(
      /## The dial\n\nIn force: \*\*95 %\*\*[^\n]*by itself with 0\.95 confidence/,
    );
  });

  test("is exported with an operator's settings, under which its golden rows hold", async () => {
    const copy = openWorkspace(join(root, "operated"));
    const { path, dropped } = await exportArtifact(copy, {
      maxFlipRate: 1,
      operating: {
        retention: 0.97,
        rules: [policyRule("long", { min_chars: 100 }, { model: "large" })],
        max_cost_usd: 0.5,
        min_confidence: 0.6,
        epsilon: 0.1,
        ramp: 0.5,
        models: {
          small: { supports_tools: false, regions: ["eu"], input_usd_per_mtok: 1, output_usd_per_mtok: 2 },
        },
      },
    });
    expect(dropped).toEqual([]);
    const policy = JSON.parse(readFileSync(join(path, "policy.json"), "utf8")) as Policy;
    expect(policy).toMatchObject({
      retention_target: 0.97,
      ramp: { share: 0.5 },
      exploration: { epsilon: 0.1 },
      switching: { drops: "when_cheaper" },
    });
    expect(policy.models[0]).toMatchObject({ model: "small", supports_tools: false, regions: ["eu"] });
    const point = policy.dial!.find(({ retention }) => retention === 0.97)!;
    expect(policy.thresholds.small!.min_sufficiency).toBe(point.min_sufficiency.small);
    const router = await loadRouter(path);
    expect(router.decide({ prompt: `Please spell ${"x".repeat(100)}` }).rule).toBe("long");
    expect(router.decide({ prompt: "Please spell my letter number 7 for an email", tools: [{}] }).model).toBe(
      "large",
    );
    const card = readFileSync(join(path, "README.md"), "utf8");
    expect(card).toMatch(/In force: \*\*97 %\*\*/);
    expect(card).toMatch(/figures below the dial are those of 95 %/);
    expect(readResult<ModelResult>(copy, "model")).toMatchObject({
      retention_target: 0.95,
      dial: { in_force: 0.97 },
    });

    const plain = await exportArtifact(copy, { maxFlipRate: 1 });
    expect(plain.dropped).toEqual(["rules", "max_cost_usd", "min_confidence", "exploration", "ramp"]);
    expect(readResult<ModelResult>(copy, "model")!.dial!.in_force).toBe(0.95);
  });

  test("finds the planted difference on rows it never saw and keeps its promise", async () => {
    const input = file("test600.jsonl", test600);
    const scores = join(root, "scores.jsonl");
    await score(artifact.path, input, scores);
    const evaluation = evaluate(scores, input, { retention: 0.95 });
    const row = (name: string) => evaluation.rows.find(({ strategy }) => strategy === name)!;
    expect(evaluation).toMatchObject({ n: 600, sessions: 300, strong: "large", weak: "small" });
    expect(row("router").apgr!.value).toBeGreaterThan(0.7);
    expect(row("router").apgr!.low).toBeGreaterThan(row("length").apgr!.value);
    expect(row("router").cpt50!.value).toBeLessThan(row("random").cpt50!.value);
    expect(row("router").cpt80!.value).toBeGreaterThan(row("router").cpt50!.value);
    expect(row("always_strong").cpt50).toBeNull();
    expect(Math.abs(evaluation.routellm.apgr - row("router").apgr!.value)).toBeLessThan(0.05);
    expect(row("router").retention.value).toBeGreaterThanOrEqual(0.95);
    expect(row("router").cost_saving!.value).toBeGreaterThan(0.3);
    expect(row("always_strong").retention.value).toBe(1);
    expect(row("always_strong").cost_saving!.value).toBeCloseTo(0, 12);
    expect(row("always_weak").pgr.value).toBeCloseTo(0, 12);
    expect(row("oracle").retention.value).toBeGreaterThanOrEqual(1);
    expect(row("cost_matched_random").cost_saving!.value).toBeCloseTo(row("router").cost_saving!.value, 6);
    for (const { retention } of evaluation.rows) expect(retention.low).toBeLessThanOrEqual(retention.high);
  });

  test("stands beside baselines that spend as much, and beats prompt length", () => {
    const { heldout } = JSON.parse(
      readFileSync(join(workspace.path, "results/model.json"), "utf8"),
    ) as ModelResult;
    const row = (name: string) => heldout!.strategies.find(({ strategy }) => strategy === name)!;
    for (const name of ["cost_matched_random", "length", "knn"]) {
      expect(row(name).usd.value).toBeCloseTo(row("router").usd.value, 9);
    }
    expect(row("router").retention!.low).toBeGreaterThan(row("length").retention!.value);
    expect(row("knn").retention!.value).toBeGreaterThan(row("length").retention!.value);
    expect(row("oracle").retention!.value).toBeGreaterThanOrEqual(1);
    expect(row("oracle").usd.value).toBeLessThan(row("router").usd.value);
  });

  test("is certified on probabilities that match what happens", async () => {
    const input = file("calibration.jsonl", test600);
    const scores = join(root, "calibration-scores.jsonl");
    await score(artifact.path, input, scores);
    const needed = test600.map(({ outcomes }) =>
      Math.max(0, outcomes.large!.quality - outcomes.small!.quality),
    );
    const predicted = readJsonLines<ScoreRow>(scores).map((row) => row.score!);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(needed) - mean(predicted))).toBeLessThan(0.06);
  });

  test("is exported whole, loads, and three engines agree on it", async () => {
    expect(artifact.maxDiff).toBeLessThan(1e-5);
    for (const name of [
      "manifest.json",
      "model.onnx",
      "policy.json",
      "cache.json",
      "prices.json",
      "golden.jsonl",
      "README.md",
    ]) {
      expect(existsSync(join(artifact.path, name)), name).toBe(true);
    }
    expect(artifact.id).toMatch(/^\d{8}-[0-9a-f]{8}$/);
    const router = await loadRouter(artifact.path);
    expect(router.decide({ prompt: "Please spell my letter number 7 for an email" }).model).toBe("small");
    expect(router.decide({ prompt: "Please prove this theorem number 7 for the matrix" }).model).toBe(
      "large",
    );
    const golden = readFileSync(join(artifact.path, "golden.jsonl"), "utf8").trimEnd().split("\n");
    expect(golden.length).toBeGreaterThanOrEqual(32);
    const latest = JSON.parse(readFileSync(join(workspace.path, "artifact/latest.json"), "utf8")) as {
      artifact_id: string;
    };
    expect(latest.artifact_id).toBe(artifact.id);
  });

  test("takes a calibrated cache along, probed, with its score as a second graph", async () => {
    const name = "results/cache_calibration.json";
    const segment = { segment: "default", alpha: 0.02, delta: 0.1, n: 400, errors: 2, note: "certified" };
    writeFileSync(
      join(workspace.path, name),
      JSON.stringify({
        source: { kind: "workspace", path: null },
        seed: 1,
        embedder: { id: "hashed-chars-512", sha256: hashedEmbedder(512).sha256, dim: 512 },
        score: "pair_model",
        model: { features: pairFeatureNames, weights: pairFeatureNames.map(() => 1), bias: -2 },
        reads_answers: false,
        is_simulated: false,
        max_entries: 1_000,
        ttl_s: null,
        segments: [{ ...segment, level: "own", min_score: 0.7, usr_high: 0.015 }],
      }),
    );
    const withCache = await exportArtifact(workspace, { out: join(root, "with-cache") });
    rmSync(join(workspace.path, name));
    expect(withCache.unsafeCache).toEqual([]);
    const { files } = JSON.parse(
      readFileSync(join(withCache.path, "manifest.json"), "utf8"),
    ) as ArtifactManifest;
    expect(Object.keys(files)).toEqual(expect.arrayContaining(["cache-model.onnx", "golden-cache.jsonl"]));
    const router = await loadRouter(withCache.path);
    expect(router.embedder!.dim).toBe(512);
    const neighbours = [{ similarity: 0.9, prompt: "Spell my letter please" }];
    expect(router.cacheDecision({ prompt: "Please spell my letter", neighbours }).decision).toBe("serve");
    expect(readResult<CacheExportResult>(workspace, "cache_export")).toMatchObject({
      artifact_id: withCache.id,
      segments: [{ segment: "default", min_score: 0.7, unsafe: null, probes: { served: 0 } }],
      isolation: { shared: 0 },
    });
    expect(readFileSync(join(withCache.path, "README.md"), "utf8")).toContain("## Cached answers");
  });

  test("has a card and results that say how it does by slice, on strange requests and against wordings", () => {
    const result = readResult<ModelResult>(workspace, "model")!;
    expect(result.slices).toMatchObject({ rows: [], worst: null });
    expect(result.calibration!.map(({ head }) => head)).toEqual(["sufficiency of small"]);
    expect(result.distribution!.false_alarms.value).toBeLessThan(0.03);
    const flagged = Object.fromEntries(
      result.distribution!.planted.map(({ set, flagged }) => [set, flagged.value]),
    );
    expect(flagged).toMatchObject({ base64: 1, random_letters: 1, random_unicode: 1, other_scripts: 1 });
    expect(result.confounders).toMatchObject({ is_seen_in_training: true, requests: 400 });
    expect(result.confounders!.families.at(-1)).toMatchObject({ family: "searched_prefix", budget: 1 });
    const card = readFileSync(join(artifact.path, "README.md"), "utf8");
    for (const section of ["Data", "By slice", "Out of distribution", "What sways it", "Models", "Limits"])
      expect(card).toContain(`## ${section}`);
    const manifest = JSON.parse(
      readFileSync(join(artifact.path, "manifest.json"), "utf8"),
    ) as ArtifactManifest;
    expect(manifest.gates).toMatchObject({ max_flip_rate: 0.25, min_slice_retention: null, accepted: [] });
  });

  test("is refused over a budget, and the results keep what was measured", async () => {
    const before = readResult<ModelResult>(workspace, "model")!;
    await expect(exportArtifact(workspace, { maxSearchedFlipRate: 0 })).rejects.toThrow(
      /searched_prefix .*--max-searched-flip-rate/,
    );
    const refused = readResult<ModelResult>(workspace, "model")!;
    expect(refused.confounders!.families.at(-1)).toMatchObject({ status: "over", budget: 0 });
    expect(refused.artifact_path).toBe(before.artifact_path);
  });

  test.each([
    [{ maxFlipRate: 2 }, /max-flip-rate is 2/],
    [{ maxSearchedFlipRate: -1 }, /max-searched-flip-rate is -1/],
    [{ minSliceRetention: Number.NaN }, /min-slice-retention is not a number/],
  ])("is not exported with %j", async (options, message) => {
    await expect(exportArtifact(workspace, options)).rejects.toThrow(message);
  });

  test("puts none of the user's prompts into the artifact", () => {
    for (const name of ["golden.jsonl", "README.md", "policy.json", "manifest.json", "prices.json"]) {
      expect(readFileSync(join(artifact.path, name), "utf8")).not.toMatch(/Please (prove|spell|translate)/);
    }
  });

  test("scores bad lines in place, one line out for one line in", async () => {
    const input = file("hostile.jsonl", [
      { id: "a", prompt: "Please list the matrix" },
      "not json",
      "",
      "[1]",
      { id: 7, messages: [{ role: "user", content: null }] },
      { prompt: 12 },
      { id: "last", prompt: "\ud800" },
    ]);
    const output = join(root, "hostile-scores.jsonl");
    const summary = await score(artifact.path, input, output);
    const rows = readJsonLines<ScoreRow>(output);
    expect(rows.map(({ id }) => id)).toEqual(["a", null, null, null, "7", "6", "last"]);
    expect(rows.filter(({ error }) => error !== undefined).map(({ model }) => model)).toEqual([
      "large",
      "large",
      "large",
    ]);
    expect(summary).toMatchObject({ lines: 7, errors: 3 });
  });

  test("scores every line by itself, and takes only a line feed for its end", async () => {
    const lines = [
      { id: "first", prompt: "Please prove this theorem number 1 for a graph", session_id: "s" },
      { id: "second", prompt: "Please spell my letter number 7 for an email\u2028now", session_id: "s" },
      { id: "gemini", contents: [{ parts: [{ text: "Please spell my letter number 7 for an email" }] }] },
    ];
    const scored = async (name: string, some: readonly unknown[]) => {
      await score(artifact.path, file(`${name}.jsonl`, some), join(root, `${name}.out`));
      return readJsonLines<ScoreRow>(join(root, `${name}.out`));
    };
    const together = await scored("together", lines);
    expect(together.map(({ id }) => id)).toEqual(["first", "second", "gemini"]);
    expect(together[1]).toEqual((await scored("alone", [lines[1]]))[0]);
    expect(together[2]!.score).not.toBeNull();
  });

  test("scores neither onto its own input nor into a folder", async () => {
    const input = file("kept.jsonl", [{ prompt: "x" }]);
    await expect(score(artifact.path, input, input)).rejects.toThrow(/is the input too/);
    await expect(score(artifact.path, input, root)).rejects.toThrow(/is a folder/);
    await expect(score(artifact.path, input, join(input, "x"))).rejects.toThrow(/can't be written/);
    expect(readFileSync(input, "utf8")).toBe('{"prompt":"x"}\n');
  });

  test("is evaluated on the lines that can be joined; the others are counted", async () => {
    const items = test600.slice(0, 60);
    const input = file("joined.jsonl", items);
    const scores = join(root, "joined-scores.jsonl");
    await score(artifact.path, input, scores);
    const { id: _, ...withoutId } = items[0]!;
    const messy = file("messy.jsonl", [
      withoutId,
      ...items.slice(1),
      "not json",
      "null",
      { id: "no outcomes" },
      { ...items[1], outcomes: { large: { quality: "good" } } },
      { ...items[1], id: "never scored" },
    ]);
    expect(evaluate(scores, messy)).toMatchObject({ n: 59, unmatched: { outcomes: 2, unreadable: 4 } });
    const numbered = file("numbered-scores.jsonl", [
      { id: "1", score: 0.5, model: "large" },
      ...readJsonLines<ScoreRow>(scores).slice(1),
    ]);
    expect(evaluate(numbered, messy)).toMatchObject({ n: 60, unmatched: { scores: 0, outcomes: 1 } });
    expect(() => evaluate(root, messy)).toThrow(/can't be read .*name a JSONL file/);
  });

  test("the same data and seed give the same bytes", async () => {
    const again = await workspaceOf("again", plantedItems(900));
    await train(again, { retention: 0.95 });
    const hash = (path: string) =>
      createHash("sha256")
        .update(readFileSync(join(path, "model/weights.bin")))
        .digest("hex");
    expect(hash(again.path)).toBe(hash(workspace.path));
  });
});

test("few rows train a router whose threshold is not certified, and the note says how many rows it needs", async () => {
  const workspace = await workspaceOf("few", plantedItems(80));
  const result = await train(workspace);
  expect(result.notes.join("\n")).toMatch(/not certifiable with 80 rows/);
  expect(result.notes).toContain("fewer than 400 rows: strongly regularised linear model");
  const { path } = await exportArtifact(workspace);
  const router = await loadRouter(path);
  expect(router.decide({ prompt: "Please spell my letter number 7 for an email" })).toMatchObject({
    model: "large",
    reasons: ["not_certified"],
  });
});

test("enough dated rows are cut by time: thresholds rest on the latest quarter", async () => {
  const start = Date.UTC(2026, 0, 1);
  const items = plantedItems(3_000).map((item, i) => ({
    ...item,
    created_at: new Date(start + i * 60_000).toISOString(),
  }));
  const workspace = await workspaceOf("dated", items);
  const result = await train(workspace, { retention: 0.95 });
  expect(result.rows).toEqual({ train: 1_800, calibration: 450, threshold: 750 });
  expect(result.metrics.apgr).toMatchObject({ n: 750 });
  expect(result.metrics.apgr!.value).toBeGreaterThan(0.7);
  expect(result.metrics.retention!.value).toBeGreaterThanOrEqual(0.95);
  const unseen = readUnseenLogits(workspace);
  expect([unseen.itemIds.length, unseen.fittedIds.length]).toEqual([750, 2_250]);
  const { maxDiff } = await exportArtifact(workspace);
  expect(maxDiff).toBeLessThan(1e-5);
});

const always = (quality: number, cost: number | undefined) => ({
  quality,
  ...(cost !== undefined && { cost_usd: cost }),
});

test.each<[string, (i: number) => PlantedItem["outcomes"], RegExp]>([
  ["one model only", () => ({ large: always(1, 1) }), /two models/],
  [
    "a cheaper model that is better",
    (i) => ({ small: always(1, 0.1), large: always(i % 2, 1) }),
    /nothing to route to|no router is needed/,
  ],
  [
    "a cheaper model that never suffices",
    () => ({ small: always(0, 0.1), large: always(1, 1) }),
    /nothing to route/,
  ],
  [
    "an unknown cost",
    (i) => ({ "model-nobody-lists": always(i % 2, undefined), large: always(1, 1) }),
    /cost of model-nobody-lists is unknown/,
  ],
])("refuses %s, saying why", async (name, outcomes, message) => {
  const items = plantedItems(60).map((item, i) => ({ ...item, outcomes: outcomes(i) }));
  const workspace = await workspaceOf(`refused-${name.replaceAll(" ", "-")}`, items);
  await expect(train(workspace)).rejects.toThrow(message);
  expect(readManifest(workspace, "train")).toBeNull();
});

test("refuses an empty workspace, naming the ways to label", async () => {
  const workspace = openOrCreateWorkspace(join(root, "empty"));
  await expect(train(workspace)).rejects.toThrow(/outcomes import/);
  await expect(exportArtifact(workspace)).rejects.toThrow(/train has not run/);
});

test("leaves out a dominated model and names it", async () => {
  const items = plantedItems(200).map((item) => ({
    ...item,
    outcomes: { ...item.outcomes, vanity: { quality: item.outcomes.small!.quality, cost_usd: 0.01 } },
  }));
  const result = await train(await workspaceOf("dominated", items));
  expect(result.strong_model).toBe("large");
  expect(result.candidates.find(({ model }) => model === "vanity")!.status).toMatch(/dominated/);
});

test("refuses options that make no sense before any work", async () => {
  const workspace = openOrCreateWorkspace(join(root, "options"));
  for (const options of [
    { retention: 2 },
    { retention: 0 },
    { confidence: 1 },
    { seed: 1.5 },
    { retention: Number.NaN },
  ])
    await expect(train(workspace, options)).rejects.toThrow(/; give a (whole )?number/);
  await expect(exportArtifact(workspace, { rate: 2 })).rejects.toThrow(
    "rate is 2; give a number from 0 and at most 1",
  );
});

test("refuses items that can't be held out, because they are all one session or one prompt", async () => {
  const items = plantedItems(100);
  for (const [name, some] of [
    ["session", items.map((item) => ({ ...item, session: "the only one" }))],
    ["prompt", items.map((item, i) => ({ ...item, prompt: "the same", session: `s${i}` }))],
  ] as const)
    await expect(train(await workspaceOf(`one-${name}`, some))).rejects.toThrow(
      /1 sessions or distinct prompts; at least 10/,
    );
});

test("exports only the weights that were trained", async () => {
  const workspace = await workspaceOf("damaged", plantedItems(80));
  await train(workspace);
  const weights = join(workspace.path, "model/weights.bin");
  const bytes = readFileSync(weights);
  writeFileSync(weights, bytes.subarray(0, 1000));
  await expect(exportArtifact(workspace)).rejects.toThrow(/weights\.bin: not the weights .*signalbox train/);
  rmSync(weights);
  await expect(exportArtifact(workspace)).rejects.toThrow(/weights\.bin: not the weights/);
});
