import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import type { ArtifactManifest, GoldenRow, Policy } from "../src/artifact/artifact.js";
import { ArtifactError, type ArtifactFault } from "../src/artifact/artifact-error.js";
import type { EngineFactory } from "../src/artifact/load-artifact.js";
import { loadRouter } from "../src/artifact/load-router.js";
import { loadRouterBytes } from "../src/artifact/load-router-bytes.js";
import { createKernel } from "../src/model/kernel.js";
import { packFolder, readFiles } from "./support/artifact-files.js";
import { writeTar } from "./support/write-tar.js";

let root: string;
let good: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-load-"));
  good = join(root, "good");
  writeRandomArtifact(good, { hidden: 2 });
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

function edit<T>(folder: string, name: string, change: (document: T) => void): void {
  const document = JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
  change(document);
  writeFileSync(join(folder, name), JSON.stringify(document));
}

/** Put the right hash of a changed file into the manifest, so that only its content is at fault. */
function rehash(folder: string, name: string): void {
  edit<ArtifactManifest>(folder, "manifest.json", (manifest) => {
    manifest.files[name]!.sha256 = createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  });
}

function editPolicy(folder: string, change: (policy: Policy) => void): void {
  edit(folder, "policy.json", change);
  rehash(folder, "policy.json");
}

function editGolden(folder: string, change: (row: GoldenRow) => void): void {
  const path = join(folder, "golden.jsonl");
  const rows = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as GoldenRow);
  change(rows[1]!);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  rehash(folder, "golden.jsonl");
}

function flipByte(path: string, share: number): void {
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length * share)]! ^= 1;
  writeFileSync(path, bytes);
}

const files = ["model.onnx", "policy.json", "cache.json", "golden.jsonl"];

describe("loadRouter", () => {
  test("loads a whole artifact", async () => {
    const router = await loadRouter(good);
    expect(router.artifact).toBe("random-00000000");
  });

  test.each<[string, ArtifactFault, (folder: string) => void]>([
    ["an absent folder", "missing_file", (folder) => rmSync(folder, { recursive: true })],
    ["a manifest that is no JSON", "bad_json", (folder) => truncateSync(join(folder, "manifest.json"), 40)],
    ["a list for a manifest", "bad_json", (folder) => writeFileSync(join(folder, "manifest.json"), "[]")],
    [
      "a later major version",
      "unsupported_version",
      (folder) => editManifest(folder, { schema_version: "2.0" }),
    ],
    ["no version", "bad_manifest", (folder) => editManifest(folder, { schema_version: undefined })],
    ["no heads", "bad_manifest", (folder) => editManifest(folder, { heads: [] })],
    [
      "another featuriser",
      "featuriser_mismatch",
      (folder) => editManifest(folder, { featuriser: { version: 1, hash: "0" } }),
    ],
    [
      "other heads than the model's",
      "bad_model",
      (folder) => editManifest(folder, { heads: [{ kind: "stakes" }] }),
    ],
    [
      "a file name that leaves the folder",
      "bad_manifest",
      (folder) =>
        edit<ArtifactManifest>(folder, "manifest.json", (manifest) => {
          manifest.files["../x"] = { sha256: "0".repeat(64), bytes: 1 };
        }),
    ],
    [
      "a manifest without the model",
      "bad_manifest",
      (folder) =>
        edit<ArtifactManifest>(folder, "manifest.json", (manifest) => {
          delete manifest.files["model.onnx"];
        }),
    ],
    ...files.flatMap(
      (name): Array<[string, ArtifactFault, (folder: string) => void]> => [
        [`${name} missing`, "missing_file", (folder) => rmSync(join(folder, name))],
        [`${name} cut off`, "bad_hash", (folder) => truncateSync(join(folder, name), 10)],
        [`${name} empty`, "bad_hash", (folder) => truncateSync(join(folder, name), 0)],
        [`one bit of ${name} flipped`, "bad_hash", (folder) => flipByte(join(folder, name), 0.6)],
      ],
    ),
    [
      "weights that are not the exporter's",
      "golden_mismatch",
      (folder) => {
        const other = join(root, "other");
        writeRandomArtifact(other, { hidden: 2, seed: 99 });
        cpSync(join(other, "model.onnx"), join(folder, "model.onnx"));
        rehash(folder, "model.onnx");
      },
    ],
    [
      "a model that is no ONNX",
      "bad_model",
      (folder) => {
        writeFileSync(join(folder, "model.onnx"), "hello");
        rehash(folder, "model.onnx");
      },
    ],
    [
      "golden probabilities that differ",
      "golden_mismatch",
      (folder) =>
        editGolden(folder, (row) => {
          row.probabilities[0]! += 1e-4;
        }),
    ],
    [
      "a golden model that differs",
      "golden_mismatch",
      (folder) =>
        editGolden(folder, (row) => {
          row.model = row.model === "small" ? "large" : "small";
        }),
    ],
    [
      "golden features that differ",
      "golden_mismatch",
      (folder) => editGolden(folder, (row) => row.ids.reverse()),
    ],
    [
      "a golden row that is none",
      "golden_mismatch",
      (folder) => {
        writeFileSync(join(folder, "golden.jsonl"), "null\n");
        rehash(folder, "golden.jsonl");
      },
    ],
    [
      "no golden rows",
      "golden_mismatch",
      (folder) => {
        writeFileSync(join(folder, "golden.jsonl"), "");
        rehash(folder, "golden.jsonl");
      },
    ],
    [
      "a policy without models",
      "bad_policy",
      (folder) => editPolicy(folder, (policy) => policy.models.splice(0)),
    ],
    [
      "a strong model that is not among the models",
      "bad_policy",
      (folder) =>
        editPolicy(folder, (policy) => {
          policy.strong_model = "other";
        }),
    ],
    [
      "a threshold that is no number",
      "bad_policy",
      (folder) =>
        editPolicy(folder, (policy) => {
          policy.thresholds.small!.min_sufficiency = "high" as never;
        }),
    ],
    [
      "bounds of another length",
      "bad_policy",
      (folder) =>
        editPolicy(folder, (policy) => {
          policy.in_distribution = { dense_low: [0], dense_high: [1] };
        }),
    ],
    [
      "a rarity table of another size",
      "bad_policy",
      (folder) =>
        editPolicy(folder, (policy) => {
          policy.in_distribution!.score!.rarity = "AAAA";
        }),
    ],
    [
      "a limit that is no limit",
      "bad_policy",
      (folder) =>
        editPolicy(folder, (policy) => {
          policy.in_distribution!.score!.text_limit = 0;
        }),
    ],
    [
      "a variance that can be zero",
      "bad_policy",
      (folder) =>
        editPolicy(folder, (policy) => {
          policy.in_distribution!.score!.text_variance = [0, 1];
        }),
    ],
    [
      "a range of another length",
      "bad_policy",
      (folder) =>
        editPolicy(folder, (policy) => {
          policy.dense_range = { low: [0], high: [1] };
        }),
    ],
    [
      "a golden score that differs",
      "golden_mismatch",
      (folder) =>
        editGolden(folder, (row) => {
          row.ood = 0.25;
        }),
    ],
    [
      "a shadow rate above 1",
      "bad_policy",
      (folder) =>
        editPolicy(folder, (policy) => {
          policy.shadow.rate = 10;
        }),
    ],
  ])("refuses %s (%s)", async (_, fault, damage) => {
    const folder = damaged(damage);
    const error = await loadRouter(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ArtifactError);
    expect((error as ArtifactError).fault).toBe(fault);
    expect((error as ArtifactError).message).toMatch(/^\/.+: .+(;|:) .+/);
    for (const bytes of existsSync(folder) ? [readFiles(folder), packFolder(folder)] : []) {
      for (const load of [loadRouter, loadRouterBytes])
        await expect(load(bytes)).rejects.toMatchObject({ fault });
    }
    await expect(loadRouter(folder, { onError: "default" })).rejects.toThrow(ArtifactError);
    const router = await loadRouter(folder, { onError: "default", defaultModel: "safe" });
    expect(router.artifact).toBeNull();
    expect(router.decide({ prompt: "Hi" })).toMatchObject({
      model: "safe",
      reasons: ["artifact_unavailable"],
    });
    expect(router.cacheDecision({ similarity: 1 }).decision).toBe("abstain");
    expect(router.stats()).toMatchObject({ decisions: 1, defaults: 1, errors: {} });
  });

  test("loads the artifact that latest.json names, and refuses a name that leaves the folder", async () => {
    writeFileSync(join(root, "latest.json"), '{ "artifact_id": "good" }');
    expect((await loadRouter(root)).artifact).toBe("random-00000000");
    writeFileSync(join(root, "latest.json"), '{ "artifact_id": "../good" }');
    await expect(loadRouter(root)).rejects.toThrow(/artifact_id is not usable/);
  });

  test("decides the same from a folder, its files and an archive of it", async () => {
    const routers = [
      await loadRouter(good),
      ...(await Promise.all(
        [readFiles(good), packFolder(good), packFolder(good, "")].map((bytes) => loadRouter(bytes)),
      )),
      ...(await Promise.all([readFiles(good), packFolder(good)].map((bytes) => loadRouterBytes(bytes)))),
    ];
    const decided = routers.map((router) => {
      const { tookUs, ...decision } = router.decide({ prompt: "Why is the sky blue?", requestId: "r1" });
      return decision;
    });
    expect(decided[0]!.artifact).toBe("random-00000000");
    for (const decision of decided) expect(decision).toEqual(decided[0]);
  });

  test.each<[string, RegExp, unknown]>([
    ["no files", /holds 0 of manifest/, {}],
    ["nothing", /no Uint8Array and no record/, null],
    ["another view", /no Uint8Array and no record/, new Float32Array(4_000_000)],
    ["a bare buffer", /no Uint8Array and no record/, new ArrayBuffer(4_000_000)],
    ["a list", /no Uint8Array and no record/, [new Uint8Array(1)]],
    [
      "two artifacts",
      /holds 2 of manifest/,
      { "a/manifest.json": new Uint8Array(1), "b/manifest.json": new Uint8Array(1) },
    ],
    ["text for bytes", /no file's name with a Uint8Array/, { "manifest.json": "{}" }],
    ["a name that leads out", /no file's name/, { "../manifest.json": new Uint8Array(1) }],
    ["an archive without an artifact", /holds 0 of manifest/, writeTar([{ name: "x", content: "y" }])],
  ])("refuses bytes that are %s", async (_, message, bytes) => {
    for (const load of [loadRouter, loadRouterBytes])
      await expect(load(bytes as never)).rejects.toMatchObject({
        fault: "bad_archive",
        message: expect.stringMatching(message),
      });
  });

  test("accepts a later minor version, and fields and files that it doesn't know", async () => {
    const folder = damaged((copy) => {
      editManifest(copy, { schema_version: "1.7", later: true });
      writeFileSync(join(copy, "extra.txt"), "x");
    });
    expect((await loadRouter(folder)).artifact).toBe("random-00000000");
  });

  test("loads an artifact of format 1.0, which has no score", async () => {
    const folder = damaged((copy) => {
      editManifest(copy, { schema_version: "1.0" });
      editPolicy(copy, ({ in_distribution }) => {
        delete in_distribution!.score;
      });
      const golden = readFileSync(join(copy, "golden.jsonl"), "utf8").replace(/"ood":[^,]+,/g, "");
      writeFileSync(join(copy, "golden.jsonl"), golden);
      rehash(copy, "golden.jsonl");
    });
    expect((await loadRouter(folder)).decide({ prompt: "Hi" }).ood).toBeNull();
  });

  test("replays golden rows though the policy is switched off", async () => {
    const folder = damaged((copy) =>
      editPolicy(copy, (policy) => {
        policy.enabled = false;
      }),
    );
    expect((await loadRouter(folder)).decide({ prompt: "x" }).reasons).toEqual(["disabled:policy"]);
  });
});

function editManifest(folder: string, changes: Record<string, unknown>): void {
  edit<Record<string, unknown>>(folder, "manifest.json", (manifest) => Object.assign(manifest, changes));
}

test("warms up on the engine itself, unless told not to, and counts none of it", async () => {
  const counted = (warmUp: boolean) => {
    let predictions = 0;
    const engine: EngineFactory = ({ model }) => {
      const kernel = createKernel(model);
      return {
        ...kernel,
        predict: (features) => {
          predictions += 1;
          return kernel.predict(features);
        },
      };
    };
    return loadRouter(good, { engine, warmUp }).then((router) => ({ router, predictions }));
  };
  const cold = await counted(false);
  const warm = await counted(true);
  expect(cold.predictions).toBe(4);
  expect(warm.predictions).toBeGreaterThan(8);
  expect(warm.predictions).toBeLessThanOrEqual(404);
  expect(warm.router.stats()).toMatchObject({ decisions: 0, byModel: {}, errors: {} });
});
