import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { generateTraffic } from "../../datasets/synthetic/traffic.js";
import { demoTraffic } from "../../scripts/demo/run-demo.js";
import { collectVerbs } from "../../scripts/docs/collect-verbs.js";
import { prepareExamples } from "../support/cli/example-folder.js";
import { type LoopbackVendors, startLoopbackVendors } from "../support/cli/loopback-vendors.js";
import { runInProcess, runUntilAnswered } from "../support/cli/run-in-process.js";
import { splitWords } from "../support/cli/split-words.js";

// A batch is looked at every 30 seconds; the simulated vendor's is ready at the second look.
vi.mock("node:timers/promises", async (importOriginal) => {
  const timers = await importOriginal<typeof import("node:timers/promises")>();
  return { ...timers, setTimeout: (ms?: number) => timers.setTimeout(Math.min(ms ?? 0, 5)) };
});

/** Verbs that run until they are stopped. */
const servers = new Set(["serve", "open"]);

/** Examples that end with 1 because that is what they show. */
const refused: Record<string, [string, number]> = {
  "signalbox claims check examples/claims/mechanisms.json": [
    "signalbox: examples/claims/mechanisms.json: 10 of 16 claims don't add up; correct their inputs or figures, or go on with --fail-on nothing",
    1,
  ],
};

const verbs = collectVerbs();
const demoExample = verbs.find(({ words }) => words[0] === "demo")!.examples[0]!;
const start = process.cwd();
const root = mkdtempSync(join(tmpdir(), "signalbox-examples-"));
const prepared = join(root, "prepared");
let vendors: LoopbackVendors;
let demoCode = -1;

beforeAll(async () => {
  const requests = Number(/--requests (\d+)/.exec(demoExample)![1]);
  const world = generateTraffic({ ...demoTraffic, requests, seed: 1 });
  vendors = await startLoopbackVendors(world);
  vi.stubGlobal("fetch", vendors.fetch);
  vi.stubEnv("OPENAI_API_KEY", "none");
  vi.stubEnv("ANTHROPIC_API_KEY", "none");
  demoCode = await prepareExamples({ folder: prepared, demoExample, world });
}, 300_000);
afterAll(async () => {
  process.chdir(start);
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  await vendors.close();
  rmSync(root, { recursive: true, force: true });
});

test("every verb has an example, or verbs of its own that have", () => {
  const has = (words: readonly string[]) =>
    verbs.some((verb) => verb.examples.length > 0 && words.every((word, i) => verb.words[i] === word));
  expect(verbs.filter(({ words }) => !has(words))).toEqual([]);
});

describe.each(verbs.filter(({ examples }) => examples.length > 0))(
  "examples of signalbox $words",
  ({ words, examples }) => {
    beforeAll(() => {
      const folder = join(root, words.join("-"));
      cpSync(prepared, folder, { recursive: true });
      process.chdir(folder);
    });

    test.each(examples)("%s", async (example) => {
      if (example === demoExample) return expect(demoCode).toBe(0);
      const typed = splitWords(example);
      const run = await (servers.has(words[0]!) ? runUntilAnswered(typed) : runInProcess(typed));
      const error = /^signalbox: .*/m.exec(run.stderr)?.[0] ?? "no error";
      expect([error, run.code]).toEqual(refused[example] ?? ["no error", 0]);
      if ("status" in run) expect(run.status).toBeLessThan(500);
      const out = typed[typed.findIndex((word) => /^--out(put)?$/.test(word)) + 1]!;
      expect(run.stdout !== "" || existsSync(out)).toBe(true);
    });
  },
);
