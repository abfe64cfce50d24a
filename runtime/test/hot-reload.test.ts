import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { type LoadRouterOptions, loadRouter, type RouterSource } from "../src/artifact/load-router.js";
import type { Reload } from "../src/life/reloader.js";
import type { Router } from "../src/router/router.js";
import { readFiles } from "./support/artifact-files.js";

let root: string;
let artifacts: string;
const routers: Router[] = [];

/** Four artifacts that are told apart by their ids and default models. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-reload-"));
  for (const [i, name] of ["a", "b", "c", "renamed"].entries()) {
    const folder = join(root, name);
    writeRandomArtifact(folder, {
      hidden: 0,
      seed: i + 1,
      id: name,
      renamed: name === "renamed" ? "-2" : "",
    });
  }
});
beforeEach(() => {
  artifacts = mkdtempSync(join(root, "artifacts-"));
});
afterEach(async () => {
  for (const router of routers.splice(0)) await router.close();
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function publish(name: string): void {
  cpSync(join(root, name), join(artifacts, name), { recursive: true });
  point(name);
}

function point(name: string): void {
  writeFileSync(join(artifacts, ".latest.tmp"), JSON.stringify({ artifact_id: name }));
  renameSync(join(artifacts, ".latest.tmp"), join(artifacts, "latest.json"));
}

/** A router whose background checks run when the test says so. */
async function watched(
  options: LoadRouterOptions = {},
  source: RouterSource = artifacts,
): Promise<{ router: Router<RouterSource>; look: () => Promise<void>; told: Reload[] }> {
  const checks: Array<() => Promise<unknown>> = [];
  const told: Reload[] = [];
  const router = await loadRouter(source, {
    watch: "poll",
    schedule: (check) => {
      checks.push(check);
      return () => checks.splice(checks.indexOf(check), 1);
    },
    onReload: (reload) => told.push(reload),
    ...options,
  });
  routers.push(router);
  const look = async () => {
    for (const check of checks) await check();
  };
  await look();
  return { router, look, told };
}

describe("watch", () => {
  test("swaps in the artifact that latest.json names now, and only then", async () => {
    publish("a");
    const { router, look, told } = await watched();
    await look();
    expect(router.stats()).toMatchObject({ artifact: "a", previousArtifact: null, reloads: { ok: 0 } });
    publish("b");
    expect(router.artifact).toBe("a");
    await look();
    await look();
    expect(router.stats()).toMatchObject({
      artifact: "b",
      previousArtifact: "a",
      reloads: { ok: 1, refused: 0, lastError: null },
    });
    expect(told).toEqual([{ outcome: "swapped", artifact: "b", error: null }]);
    expect(router.decide({ prompt: "x" }).artifact).toBe("b");
  });

  test.each<[string, RegExp, (folder: string) => void]>([
    ["half-written", /missing|not there/, (folder) => rmSync(join(folder, "manifest.json"))],
    ["cut off", /sha256/, (folder) => truncateSync(join(folder, "model.onnx"), 1_000)],
    ["emptied", /sha256/, (folder) => truncateSync(join(folder, "policy.json"), 0)],
    ["without its golden rows", /not there/, (folder) => rmSync(join(folder, "golden.jsonl"))],
    ["gone", /not there/, (folder) => rmSync(folder, { recursive: true })],
  ])(
    "refuses an artifact that is %s, goes on with the old one, and takes it once it is whole",
    async (_, why, damage) => {
      publish("a");
      const { router, look, told } = await watched();
      publish("b");
      damage(join(artifacts, "b"));
      await look();
      await look();
      expect(router.stats()).toMatchObject({ artifact: "a", reloads: { ok: 0, refused: 1 } });
      expect(router.stats().reloads.lastError).toMatch(why);
      expect(told).toMatchObject([{ outcome: "refused", artifact: "a", error: { name: "ArtifactError" } }]);
      expect(router.decide({ prompt: "x" }).reasons[0]).not.toMatch(/error|unavailable/);
      publish("b");
      await look();
      expect(router.stats()).toMatchObject({
        artifact: "b",
        reloads: { ok: 1, refused: 1, lastError: null },
      });
    },
  );

  test("finds a change in place, in an artifact's own folder", async () => {
    const folder = join(artifacts, "current");
    cpSync(join(root, "a"), folder, { recursive: true });
    const { router, look } = await watched({}, folder);
    cpSync(join(root, "b"), folder, { recursive: true, preserveTimestamps: false });
    await look();
    expect(router.artifact).toBe("b");
  });

  test("finds what was published while the first artifact was loading", async () => {
    publish("a");
    let isFirst = true;
    const { router } = await watched({
      engine: async ({ model }) => {
        if (isFirst) publish("b");
        isFirst = false;
        const { createKernel } = await import("../src/model/kernel.js");
        return createKernel(model);
      },
    });
    expect(router.artifact).toBe("b");
  });

  test("touching files without a change swaps nothing and tells nobody", async () => {
    publish("a");
    const { router, look, told } = await watched();
    publish("a");
    await look();
    expect(router.stats()).toMatchObject({
      artifact: "a",
      previousArtifact: null,
      reloads: { ok: 0, refused: 0 },
    });
    expect(told).toEqual([]);
  });

  test("starts without an artifact and takes the first good one", async () => {
    const { router, look } = await watched({ onError: "default", defaultModel: "safe" });
    expect(router.decide({ prompt: "x" })).toMatchObject({
      model: "safe",
      reasons: ["artifact_unavailable"],
    });
    expect(router.stats()).toMatchObject({ off: "artifact_unavailable", reloads: { refused: 1 } });
    publish("a");
    await look();
    expect(router.decide({ prompt: "x" })).toMatchObject({ artifact: "a" });
    expect(router.stats()).toMatchObject({ off: null, reloads: { ok: 1, lastError: null } });
  });

  test("the file system's own events are enough", async () => {
    publish("a");
    const swapped = new Promise<Reload>((resolve) => {
      void watched({ watch: true, schedule: () => () => {}, onReload: resolve }).then(() => publish("b"));
    });
    expect(await swapped).toEqual({ outcome: "swapped", artifact: "b", error: null });
  });

  test("close ends every check", async () => {
    publish("a");
    const { router, look } = await watched({ killSwitchFile: join(artifacts, "off") });
    await router.close();
    publish("b");
    writeFileSync(join(artifacts, "off"), "");
    await look();
    expect(router.stats()).toMatchObject({ artifact: "a", off: null });
    expect(router.decide({ prompt: "x" }).artifact).toBe("a");
  });

  test("a callback that throws stops nothing", async () => {
    publish("a");
    const { router, look } = await watched({
      onReload: () => {
        throw new Error("no");
      },
    });
    publish("b");
    await look();
    publish("c");
    await look();
    expect(router.stats()).toMatchObject({ artifact: "c", reloads: { ok: 2 } });
  });
});

describe("reload and rollback", () => {
  test("rollback is instant, and holds until a newer artifact or a reload", async () => {
    publish("a");
    const { router, look } = await watched();
    expect(router.rollback()).toBe(false);
    publish("b");
    await look();
    expect(router.rollback()).toBe(true);
    expect(router.decide({ prompt: "x" }).artifact).toBe("a");
    publish("b");
    await look();
    expect(router.artifact).toBe("a");
    expect(await router.reload()).toEqual({ outcome: "swapped", artifact: "b", error: null });
    expect(router.rollback()).toBe(true);
    publish("c");
    await look();
    expect(router.stats()).toMatchObject({ artifact: "c", previousArtifact: "a" });
  });

  test("rollback twice is where it started", async () => {
    publish("a");
    const { router } = await watched();
    publish("b");
    await router.reload();
    router.rollback();
    router.rollback();
    expect(router.stats()).toMatchObject({ artifact: "b", previousArtifact: "a" });
  });

  test("reload takes another source: a folder, or bytes", async () => {
    const { router } = await watched({ watch: false }, readFiles(join(root, "a")));
    expect(await router.reload(readFiles(join(root, "b")))).toMatchObject({
      outcome: "swapped",
      artifact: "b",
    });
    expect(await router.reload(join(root, "c"))).toMatchObject({ outcome: "swapped", artifact: "c" });
    expect(await router.reload(new Uint8Array(10))).toMatchObject({
      outcome: "refused",
      artifact: "c",
      error: { fault: "bad_archive" },
    });
    expect(await router.reload()).toMatchObject({ outcome: "swapped", artifact: "a" });
  });

  test("reloads at the same time run one after another", async () => {
    publish("a");
    const { router } = await watched();
    const sources = ["b", "c", "b", "c"].map((name) => join(root, name));
    const reloads = await Promise.all(sources.map((source) => router.reload(source)));
    expect(reloads.map(({ artifact }) => artifact)).toEqual(["b", "c", "b", "c"]);
    expect(router.stats()).toMatchObject({ artifact: "c", previousArtifact: "b", reloads: { ok: 4 } });
  });

  test("decisions go on through a reload, each on one artifact whole", async () => {
    publish("a");
    const { router } = await watched();
    const seen = new Set<string>();
    let isDone = false;
    const reload = router.reload(join(root, "renamed")).then(() => {
      isDone = true;
    });
    let during = 0;
    while (!isDone) {
      const { artifact, model } = router.decide({
        prompt: `question ${during}`,
        sessionId: `s${during % 5}`,
      });
      seen.add(`${artifact} ${model.endsWith("-2")}`);
      during += 1;
      await new Promise(setImmediate);
    }
    await reload;
    const after = router.decide({ prompt: "question", sessionId: "s1" });
    seen.add(`${after.artifact} ${after.model.endsWith("-2")}`);
    expect(during).toBeGreaterThan(1);
    expect([...seen].sort()).toEqual(["a false", "renamed true"]);
    expect(router.stats().errors).toEqual({});
  });

  test("a session of a model that the new artifact doesn't have starts afresh", async () => {
    publish("a");
    const { router } = await watched();
    const turn = {
      sessionId: "s",
      messages: [
        { role: "user", content: "Write an essay about canals." },
        { role: "assistant", content: "Here." },
        { role: "user", content: "yes" },
      ],
    };
    router.decide({ sessionId: "s", prompt: "Write an essay about canals." });
    await router.reload(join(root, "renamed"));
    expect(router.decide(turn)).toMatchObject({ artifact: "renamed", model: "large-2" });
  });
});

describe("the kill file", () => {
  test("switches off within a look, without touching the disk in a decision, and on again", async () => {
    publish("a");
    const killSwitchFile = join(artifacts, "off");
    const { router, look } = await watched({ killSwitchFile });
    writeFileSync(killSwitchFile, "");
    expect(router.stats().off).toBeNull();
    await look();
    expect(router.decide({ prompt: "x" })).toMatchObject({ model: "large", reasons: ["disabled:file"] });
    expect(router.stats().off).toBe("disabled:file");
    expect(router.cacheDecision({ similarity: 1 }).reason).toBe("disabled");
    rmSync(killSwitchFile);
    await router.reload();
    expect(router.stats().off).toBeNull();
  });

  test("is seen at load, and named by the environment as well", async () => {
    publish("a");
    const killSwitchFile = join(artifacts, "off");
    vi.stubEnv("SIGNALBOX_KILL_FILE", killSwitchFile);
    const { router, look } = await watched({ killSwitchFile: join(artifacts, "other") });
    expect(router.stats().off).toBeNull();
    mkdirSync(killSwitchFile);
    await look();
    expect(router.stats().off).toBe("disabled:file");
    const second = await watched();
    expect(second.router.decide({ prompt: "x" }).reasons).toEqual(["disabled:file"]);
  });
});
