import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKernel, decodeOnnx, featurise, loadRouter } from "@signalbox/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelResult } from "../../datasets/results.js";
import {
  openOrCreateWorkspace,
  openWorkspace,
  readManifest,
  type Workspace,
} from "../../datasets/workspace.js";
import { apgr } from "../../models/metrics/apgr.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { exportArtifact } from "../../pipelines/export/export-artifact.js";
import { importOutcomes } from "../../pipelines/outcomes/import-outcomes.js";
import { addModel } from "../../pipelines/train/add-model.js";
import { readTrainedModel } from "../../pipelines/train/model-files.js";
import { train } from "../../pipelines/train/train.js";
import { writeLines } from "../support/write-lines.js";
import { type PlantedItem, plantedItems, withMedium } from "./planted-outcomes.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-add-model-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const old = plantedItems(450);
/** Items that the router was not trained on. */
const fresh = (n: number, seed: number) =>
  plantedItems(n, seed).map((item) => ({
    ...item,
    id: `fresh-${seed}-${item.id}`,
    session: `fresh-${seed}-${item.session}`,
  }));
/** 120 old items and 80 new ones with answers of the new model. */
const labelled = { old: withMedium(old.slice(0, 120), 5), new: withMedium(fresh(80, 6), 7) };

async function addOutcomes(workspace: Workspace, name: string, items: readonly PlantedItem[]): Promise<void> {
  await importOutcomes(workspace, writeLines(join(root, `${name}.jsonl`), items));
}

/** A copy of a workspace, so that one training serves many additions. */
function copyOf(workspace: Workspace, name: string): Workspace {
  cpSync(workspace.path, join(root, name), { recursive: true });
  return openWorkspace(join(root, name));
}

/** Probability of each sufficiency head on the test requests, as the exported graph computes it. */
function sufficiencyOf(workspace: Workspace, items: readonly PlantedItem[]): Map<string, number[]> {
  const { weights } = readTrainedModel(workspace);
  const kernel = createKernel(decodeOnnx(encodeOnnx(weights), "model.onnx"));
  const predictions = items.map(({ prompt }) => kernel.predict(featurise({ prompt })).probabilities);
  return new Map(
    weights.heads.flatMap((head, h) =>
      head.kind === "sufficiency" ? [[head.model, predictions.map((all) => all[h]!)] as const] : [],
    ),
  );
}

const unseen = withMedium(fresh(600, 9), 10);

/** Performance gap recovered by routing between medium and large on requests that nothing was fitted to. */
function mediumApgr(workspace: Workspace): number {
  return apgr({
    scores: sufficiencyOf(workspace, unseen)
      .get("medium")!
      .map((p) => 1 - p),
    strong: unseen.map(({ outcomes }) => outcomes.large!.quality),
    weak: unseen.map(({ outcomes }) => outcomes.medium!.quality),
  });
}

let trained: Workspace;

beforeAll(async () => {
  trained = openOrCreateWorkspace(join(root, "trained"));
  await addOutcomes(trained, "outcomes", old);
  await train(trained, { retention: 0.9 });
});

describe("a model added from 200 labels", () => {
  let workspace: Workspace;
  let before: Map<string, number[]>;
  let result: ModelResult;

  beforeAll(async () => {
    workspace = copyOf(trained, "added");
    before = sufficiencyOf(workspace, unseen);
    await addOutcomes(workspace, "outcomes", [...labelled.old, ...old.slice(120)]);
    await addOutcomes(workspace, "more", labelled.new);
    result = await addModel(workspace, "medium");
  });

  test("leaves the other heads the same bits", () => {
    const after = sufficiencyOf(workspace, unseen);
    expect([...after.keys()]).toEqual(["small", "medium"]);
    expect(after.get("small")).toEqual(before.get("small"));
  });

  test("leaves the other thresholds and rules as they were", () => {
    const { policy } = readTrainedModel(workspace);
    const { policy: was } = readTrainedModel(trained);
    expect(policy.models.map(({ model }) => model)).toEqual(["small", "medium", "large"]);
    expect(policy.thresholds.small).toEqual(was.thresholds.small);
    expect(policy).toMatchObject({
      strong_model: "large",
      default_model: "large",
      in_distribution: was.in_distribution,
      dense_range: was.dense_range,
    });
  });

  test("extends every setting of the dial, and leaves the other model's as they were", () => {
    const { policy } = readTrainedModel(workspace);
    const { policy: was } = readTrainedModel(trained);
    expect(policy.dial).toHaveLength(was.dial!.length);
    for (const [i, { retention, min_sufficiency }] of policy.dial!.entries()) {
      expect(min_sufficiency).toMatchObject(was.dial![i]!.min_sufficiency);
      expect(Object.keys(min_sufficiency).sort()).toEqual(["medium", "small"]);
      expect(result.dial!.points[i]).toMatchObject({ retention, min_sufficiency });
    }
    const target = policy.dial!.find(({ retention }) => retention === policy.retention_target)!;
    expect(target.min_sufficiency.medium).toBe(policy.thresholds.medium!.min_sufficiency);
    expect(result.dial!.points[0]!.saving.n).toBe(200);
  });

  test("ranks requests that nobody saw far better than chance", () => {
    expect(mediumApgr(workspace)).toBeGreaterThan(0.7);
    expect(result.added![0]!.apgr.low).toBeGreaterThan(0.5);
  });

  test("ranks nearly as well as a router that was trained again on all labels", async () => {
    const again = openOrCreateWorkspace(join(root, "again"));
    await addOutcomes(again, "again", withMedium(old));
    await train(again, { retention: 0.9 });
    expect(mediumApgr(workspace)).toBeGreaterThan(mediumApgr(again) - 0.05);
  });

  test("means by its probability what happens", () => {
    const predicted = sufficiencyOf(workspace, unseen).get("medium")!;
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const truth = unseen.map(
      ({ outcomes }) => 1 - Math.max(0, outcomes.large!.quality - outcomes.medium!.quality),
    );
    expect(Math.abs(mean(predicted) - mean(truth))).toBeLessThan(0.06);
  });

  test("says how it was added, and what it changes in cost and quality", () => {
    expect(result.added).toHaveLength(1);
    expect(result.added![0]).toMatchObject({
      model: "medium",
      rows: 200,
      new_items: 80,
      left_out: 0,
      certified_on: 200,
    });
    expect(result.notes[0]).toMatch(/medium was added after training from 200 labels, 80 of them on items/);
    expect(result.notes[1]).toMatch(/^medium: (certified on|not certifiable with) 200/);
    const { before: was, after } = result.added![0]!;
    expect(after!.usd.value).toBeLessThanOrEqual(was!.usd.value);
    expect(result.candidates.map(({ model }) => model)).toEqual(["small", "medium", "large"]);
    expect(result.calibration!.map(({ head }) => head)).toContain("sufficiency of medium");
    expect(readManifest(workspace, "train")!.rows).toMatchObject({ items: 450, added_medium: 200 });
  });

  test("is exported with the router, which three engines agree on and the runtime loads", async () => {
    const { path, maxDiff } = await exportArtifact(workspace);
    expect(maxDiff).toBeLessThan(1e-5);
    const router = await loadRouter(path);
    const { sufficiency } = router.decide({ prompt: "Please spell my letter number 7 for an email" });
    expect(Object.keys(sufficiency)).toEqual(["small", "medium"]);
    expect(sufficiency.medium).toBeGreaterThan(0.9);
    const card = readFileSync(join(path, "README.md"), "utf8");
    expect(card).toMatch(/small answers when its sufficiency .*\nmedium (answers when|never answers)/);
    const chosen = unseen.map(({ prompt }) => router.decide({ prompt }).model);
    const mean = (read: (item: PlantedItem, i: number) => number) =>
      unseen.reduce((sum, item, i) => sum + read(item, i), 0) / unseen.length;
    const routed = mean(({ outcomes }, i) => outcomes[chosen[i]!]!.quality);
    expect(routed / mean(({ outcomes }) => outcomes.large!.quality)).toBeGreaterThan(0.9);
    expect(mean(({ outcomes }, i) => outcomes[chosen[i]!]!.cost_usd!)).toBeLessThan(0.001);
  });

  test("the same labels and seed give the same bytes", async () => {
    const again = copyOf(trained, "added-again");
    await addOutcomes(again, "outcomes", [...labelled.old, ...old.slice(120)]);
    await addOutcomes(again, "more", labelled.new);
    await addModel(again, "medium");
    for (const name of ["weights.bin", "unseen.bin"]) {
      const bytes = (path: string) => readFileSync(join(path, "model", name));
      expect(bytes(again.path).equals(bytes(workspace.path)), name).toBe(true);
    }
  });

  test("can't be added twice, but another model can be added after it", async () => {
    await expect(addModel(workspace, "medium")).rejects.toThrow(/has medium already.*signalbox train/);
    const third = copyOf(workspace, "third");
    const items = fresh(150, 12).map((item, i) => ({
      ...item,
      outcomes: {
        ...withMedium([item], i)[0]!.outcomes,
        tiny: { quality: item.outcomes.small!.quality * Number(i % 9 > 0), cost_usd: 0.00004 },
      },
    }));
    await addOutcomes(third, "tiny", items);
    const both = await addModel(third, "tiny");
    expect(both.added!.map(({ model }) => model)).toEqual(["medium", "tiny"]);
    const after = sufficiencyOf(third, unseen);
    expect([...after.keys()]).toEqual(["tiny", "small", "medium"]);
    expect(after.get("medium")).toEqual(sufficiencyOf(workspace, unseen).get("medium"));
  });
});

test("thin labels give a head without a threshold, and say how many rows it would take", async () => {
  const workspace = copyOf(trained, "thin");
  await addOutcomes(workspace, "thin", labelled.new.slice(0, 60));
  const result = await addModel(workspace, "medium");
  expect(readTrainedModel(workspace).policy.thresholds.medium).toMatchObject({
    min_sufficiency: null,
    n: 60,
  });
  expect(result.notes.join("\n")).toMatch(/medium: not certifiable with 60 rows, need about \d+/);
  expect(result.added![0]!.after!.usd).toEqual(result.added![0]!.before!.usd);
});

test("items whose twins or sessions the router was fitted to are left out, and counted", async () => {
  const workspace = copyOf(trained, "twins");
  const twins = withMedium(old.slice(0, 10)).map((item) => ({
    ...item,
    id: `twin-${item.id}`,
    session: item.id,
  }));
  await addOutcomes(workspace, "twins", [...labelled.new, ...twins]);
  const result = await addModel(workspace, "medium");
  expect(result.added![0]).toMatchObject({ rows: 80, new_items: 80, left_out: 10 });
});

/** Outcomes of a model M made from an item's own. */
type Answer = (item: PlantedItem, i: number) => { quality: number; cost_usd?: number };

test.each<[string, number, Answer, RegExp]>([
  [
    "too few outcomes",
    40,
    ({ outcomes }) => ({ quality: outcomes.small!.quality, cost_usd: 0.00001 }),
    /40 items in 20 sessions have an outcome of M and of large: at least 50 .*Import more/,
  ],
  [
    "a model that is dearer than the strong one",
    80,
    () => ({ quality: 0, cost_usd: 1 }),
    /M is not cheaper than large, and not better on the 80 items.*not added/,
  ],
  [
    "a model that is better and dearer than the strong one, naming the way",
    80,
    () => ({ quality: 1, cost_usd: 1 }),
    /M is not cheaper than large, and better .*signalbox train --strong M/,
  ],
  [
    "a dominated model",
    80,
    ({ outcomes }) => ({ quality: outcomes.small!.quality, cost_usd: 0.0003 }),
    /M is dominated by small: not cheaper and not better on the 80 items/,
  ],
  ["an unknown cost", 80, ({ outcomes }) => ({ quality: outcomes.small!.quality }), /cost of M is unknown/],
])("refuses %s", async (name, n, answer, message) => {
  const workspace = copyOf(trained, `refused-${name.replaceAll(" ", "-")}`);
  const items = fresh(n, 20).map((item, i) => ({
    ...item,
    outcomes: { ...item.outcomes, M: answer(item, i) },
  }));
  await addOutcomes(workspace, `refused-${n}-${name.length}`, items);
  const weights = readFileSync(join(workspace.path, "model/weights.bin"));
  await expect(addModel(workspace, "M")).rejects.toThrow(message);
  expect(readFileSync(join(workspace.path, "model/weights.bin")).equals(weights)).toBe(true);
});

test("a model that looks dominated by chance is added, and a note leaves it open", async () => {
  const workspace = copyOf(trained, "unlucky");
  const items = fresh(80, 22).map((item, i) => {
    const small = item.outcomes.small!.quality;
    return {
      ...item,
      outcomes: { ...item.outcomes, M: { quality: i % 8 < 2 ? 1 - small : small, cost_usd: 0.0003 } },
    };
  });
  await addOutcomes(workspace, "unlucky", items);
  const { notes } = await addModel(workspace, "M");
  expect(notes.join("\n")).toMatch(/M may be dominated by small: not cheaper and not better on the 80 items/);
});

test("a cheaper model that is at least as good as the strong one is added, and that is said first", async () => {
  const workspace = copyOf(trained, "better");
  const items = fresh(80, 21).map((item) => ({
    ...item,
    outcomes: { ...item.outcomes, M: { quality: 1, cost_usd: 0.001 } },
  }));
  await addOutcomes(workspace, "better", items);
  const { notes, strong_model: strong } = await addModel(workspace, "M");
  expect(strong).toBe("large");
  expect(notes.join("\n")).toMatch(/M is cheaper than large and at least as good on 80 items/);
});

test("refuses a workspace without a router, a model without outcomes and a seed that isn't whole", async () => {
  const empty = openOrCreateWorkspace(join(root, "no-router"));
  await expect(addModel(empty, "M")).rejects.toThrow(/train has not run; run it first: signalbox train/);
  await expect(addModel(trained, "M")).rejects.toThrow(/no outcomes of M; there are: large, small/);
  await expect(addModel(trained, "M", { seed: 0.5 })).rejects.toThrow(/seed is 0.5; give a whole number/);
});

test.each<[string, (folder: string) => void, RegExp]>([
  [
    "features of another version",
    (folder) => {
      const path = join(folder, "model.json");
      const document = JSON.parse(readFileSync(path, "utf8")) as { shape: { featuriser: { hash: string } } };
      document.shape.featuriser.hash = "0".repeat(64);
      writeFileSync(path, JSON.stringify(document));
    },
    /trained on features of version 1, which are not those .*signalbox train/,
  ],
  [
    "no logits of unseen items",
    (folder) => rmSync(join(folder, "unseen.json")),
    /older version.*signalbox train/,
  ],
  [
    "damaged logits",
    (folder) => writeFileSync(join(folder, "unseen.bin"), "x"),
    /unseen\.bin: does not belong to the weights/,
  ],
])("refuses a router with %s", async (name, damage, message) => {
  const workspace = copyOf(trained, `damaged-${name.replaceAll(" ", "-")}`);
  damage(join(workspace.path, "model"));
  await expect(addModel(workspace, "medium")).rejects.toThrow(message);
});
