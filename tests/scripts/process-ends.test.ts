import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateTraffic } from "../../datasets/synthetic/traffic.js";
import { writeTraffic } from "../../datasets/synthetic/write-traffic.js";
import { plantedItems } from "../pipelines/planted-outcomes.js";
import { type CliRun, runInProcess } from "../support/cli/run-in-process.js";
import { writeLines } from "../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-interrupt-"));
const workspace = join(root, "ws");
const logs = join(root, "logs");
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const here = (...verb: string[]) => runInProcess([...verb, "--workspace", workspace]);

beforeAll(async () => {
  writeTraffic(generateTraffic({ seed: 3, requests: 3_000, days: 5, from: "2026-09-01" }), logs);
  const items = writeLines(join(root, "items.jsonl"), plantedItems(600));
  await here("outcomes", "import", items);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Run a verb in a process of its own and press Ctrl-C when a file of the workspace says that it has begun. */
async function interrupted(verb: readonly string[], begun: () => boolean): Promise<CliRun> {
  const child = spawn(process.execPath, [
    file("../support/run-typescript.mjs"),
    file("../../scripts/cli.ts"),
    ...verb,
    ...["--workspace", workspace],
  ]);
  const run = { code: -1, stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk) => {
      run[name] += String(chunk);
    });
  const look = setInterval(() => {
    if (begun()) child.kill("SIGINT");
  }, 10);
  run.code = await new Promise((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  clearInterval(look);
  return run;
}

const has = (...names: string[]) => existsSync(join(workspace, ...names));

describe("Ctrl-C", () => {
  test.each<[string, string[], () => boolean]>([
    ["ingest", [logs], () => has("ingest.lock")],
    ["train", [], () => has("progress", "train.json")],
    ["simulate", [], () => has("progress", "simulate.json")],
  ])("ends %s with 130 and one line; the same command again completes", async (verb, words, begun) => {
    if (verb === "simulate") expect((await here("export")).code).toBe(0);
    const { code, stdout, stderr } = await interrupted([verb, ...words], begun);
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/^signalbox: stopped; .*the same command again goes on or starts anew\n$/);
    expect(has(`${verb}.manifest.json`)).toBe(false);
    expect((await here(verb, ...words)).code).toBe(0);
    expect(has(`${verb}.manifest.json`)).toBe(true);
    const left = readdirSync(workspace, { recursive: true }).map(String);
    expect(left.filter((name) => name.endsWith(".tmp") || name.endsWith(".lock"))).toEqual([]);
    expect((await here("audit")).code).toBe(0);
  });
});

describe.skipIf(process.platform === "win32")("standard output", () => {
  const typed = [file("../support/run-typescript.mjs"), file("../../scripts/cli.ts"), "claims", "kinds"];
  const shell = (behind: string) =>
    spawnSync("bash", ["-c", `"$0" "$@" ${behind}`, process.execPath, ...typed], { encoding: "utf8" });

  test("that nobody reads to its end is no error", () => {
    const { stdout, stderr, status } = shell('| head -n 1; exit "$PIPESTATUS"');
    expect([status, stderr, stdout.trimEnd().split("\n").length]).toEqual([0, "", 1]);
  });

  test.skipIf(!existsSync("/dev/full"))("that is full is said in one line", () => {
    const { stderr, status } = shell("> /dev/full");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^signalbox: standard output can't be written \(ENOSPC[^\n]*\n$/);
  });
});
