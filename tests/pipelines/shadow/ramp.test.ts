import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArtifactManifest, Policy } from "@signalbox/runtime";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ShadowVerdict } from "../../../datasets/shadow-result.js";
import { openOrCreateWorkspace, type Workspace, writeResult } from "../../../datasets/workspace.js";
import { revisePolicy } from "../../../pipelines/export/revise-policy.js";
import { decideRamp, type RampFacts } from "../../../pipelines/shadow/decide-ramp.js";
import { type RampOptions, rampArtifact } from "../../../pipelines/shadow/ramp-artifact.js";
import { writeRandomArtifact } from "../../../scripts/bench/random-artifact.js";

const first = "random-00000000";
const root = mkdtempSync(join(tmpdir(), "signalbox-ramp-"));
const exported = join(root, "exported");
let folder: string;
let workspace: Workspace;
let copies = 0;

beforeAll(() => {
  writeRandomArtifact(join(exported, first), { hidden: 2 });
  writeFileSync(join(exported, "latest.json"), JSON.stringify({ artifact_id: first, path: first }));
});
beforeEach(() => {
  copies += 1;
  folder = join(root, `copy-${copies}`);
  cpSync(exported, folder, { recursive: true });
  workspace = openOrCreateWorkspace(join(root, `ws-${copies}`));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const certified: ShadowVerdict = {
  action: "certify",
  reason: "certified",
  text: "Not worse.",
  is_robust: true,
  next_look: null,
};

/** Store a look of the shadow test. */
function look(verdict: Partial<ShadowVerdict>, asOf: Date, fields: Record<string, unknown> = {}): void {
  writeResult(workspace, "shadow", {
    schema_version: 2,
    response: {
      verdict: { ...certified, ...verdict },
      as_of: asOf.toISOString(),
      artifacts: [first],
      is_simulated: false,
      ...fields,
    },
  });
}

function ramp(options: Partial<RampOptions> = {}) {
  return rampArtifact(workspace, {
    artifact: folder,
    steps: [1, 5, 25, 100],
    maxAgeDays: 7,
    back: false,
    dryRun: false,
    ...options,
  });
}

function latest(): { policy: Policy; manifest: ArtifactManifest } {
  const read = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), "utf8"));
  const { artifact_id } = read("latest.json");
  return { policy: read(artifact_id, "policy.json"), manifest: read(artifact_id, "manifest.json") };
}

describe("a ramp on an artifact", () => {
  test("goes up one step per look, keeps its salt, and waits for a look after each step", async () => {
    look({}, new Date());
    expect(await ramp()).toMatchObject({ move: "up", from: null, to: 0.01, code: "certified" });
    const { salt } = latest().policy.ramp!;
    expect(latest().manifest.revision!.note).toContain("ramp: certified");
    expect(await ramp()).toMatchObject({ move: "stay", to: null, code: "no_look_since_step", revised: null });
    const later = Date.now() + 60_000;
    look({}, new Date(later));
    expect(await ramp({ now: later })).toMatchObject({ move: "up", from: 0.01, to: 0.05 });
    expect(latest().policy.ramp).toEqual({ share: 0.05, salt });
  });

  test("goes to nobody on a stop, or back one step where that is asked for", async () => {
    await revisePolicy({
      artifact: folder,
      change: (policy) => ({ ...policy, ramp: { share: 0.25, salt: "kept" } }),
      note: "by hand",
    });
    look({ action: "stop", reason: "harm" }, new Date(0));
    expect(await ramp({ back: true, dryRun: true })).toMatchObject({ move: "down", from: 0.25, to: 0.05 });
    expect(latest().policy.ramp).toEqual({ share: 0.25, salt: "kept" });
    expect(await ramp()).toMatchObject({ move: "down", to: 0 });
    expect(latest().policy.ramp).toEqual({ share: 0, salt: "kept" });
    expect(await ramp()).toMatchObject({ to: 0, revised: null });
  });

  test("stays where more than the ramp was changed since the shadow", async () => {
    await revisePolicy({
      artifact: folder,
      change: (policy) => ({ ...policy, retention_target: 0.9 }),
      note: "looser",
    });
    look({}, new Date(Date.now() + 60_000));
    expect(await ramp({ now: Date.now() + 60_000 })).toMatchObject({ move: "stay", code: "changed_policy" });
    expect(latest().policy.ramp).toBeUndefined();
  });

  test("needs a response shadow, and steps that ascend", async () => {
    await expect(ramp()).rejects.toThrow("no response shadow was analysed");
    look({}, new Date());
    for (const steps of [[], [5, 5], [10, 1], [0, 1], [50, 101], [Number.NaN]])
      await expect(ramp({ steps })).rejects.toThrow("--steps");
  });
});

describe("one step", () => {
  const facts: RampFacts = {
    verdict: certified,
    asOf: 1_000,
    artifacts: ["a"],
    isSimulated: false,
    lineage: [{ id: "a", createdAt: 0, isSameRouter: true }],
    share: null,
    steps: [0.01, 0.1, 1],
    maxAgeDays: 7,
    back: false,
    now: 1_000,
  };
  test.each<[string, Partial<RampFacts>]>([
    ["certified", {}],
    ["continue", { verdict: { ...certified, action: "continue", reason: "collecting" } }],
    ["stale", { now: 8 * 864e5 }],
    ["stale", { asOf: Number.NaN }],
    ["other_artifact", { artifacts: ["b"] }],
    ["other_artifact", { artifacts: ["a", "b"] }],
    ["other_artifact", { artifacts: [] }],
    ["other_artifact", { artifacts: ["b"], verdict: { ...certified, action: "stop", reason: "harm" } }],
    ["simulated", { isSimulated: true }],
    ["last_step", { share: 1 }],
    ["stop", { verdict: { ...certified, action: "stop", reason: "harm" }, now: 99 * 864e5 }],
  ])("is %s for %o", (code, changes) => {
    expect(decideRamp({ ...facts, ...changes }).code).toBe(code);
  });
});
