import { afterEach, beforeEach, expect, test, vi } from "vitest";
import yargs, { type CommandModule } from "yargs";
import type { LoopbackJudge } from "../../datasets/synthetic/loopback-server.js";
import type { Workspace } from "../../datasets/workspace.js";
import { labelCommand } from "../../scripts/commands/label.js";
import { labelWorkspace, removeWorkspace, startJudge } from "../pipelines/label/label-workspace.js";

let judge: LoopbackJudge;
let workspace: Workspace;
let printed = "";

beforeEach(async () => {
  judge = await startJudge();
  workspace = await labelWorkspace();
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await judge.close();
  removeWorkspace(workspace);
});

async function run(...args: string[]): Promise<string> {
  await yargs(["label", "--workspace", workspace.path, "--judge-model", "gpt-4.1", ...args])
    .command(labelCommand as unknown as CommandModule)
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync();
  return printed;
}

test("--dry-run shows items and price, and sends nothing", async () => {
  const text = await run(
    "--candidate",
    "gpt-4o-mini",
    "--sample",
    "30",
    "--dry-run",
    "--judge-url",
    judge.url,
  );
  expect(text).toMatch(/nothing was sent/);
  expect(text).toMatch(/30 of \d+ requests/);
  expect(text).toMatch(/Expected cost at list price: \$0\.\d+/);
  expect(judge.stats.requests).toBe(0);
});

test("--json prints one document that says that the judge is simulated", async () => {
  const text = await run(
    "--candidate",
    "gpt-4o-mini,claude-3-5-haiku-20241022",
    "--sample",
    "10",
    "--judge-url",
    judge.url,
    "--json",
  );
  const result = JSON.parse(text) as { is_simulated: boolean; candidates: string[] };
  expect(result).toMatchObject({
    is_simulated: true,
    candidates: ["gpt-4o-mini", "claude-3-5-haiku-20241022"],
  });
});

test("prints for people what was found, and that it is simulated", async () => {
  const text = await run("--candidate", "gpt-4o-mini", "--sample", "10", "--judge-url", judge.url);
  expect(text).toMatch(/SIMULATED/);
  expect(text).toMatch(/gpt-4o-mini +\d+/);
  expect(text).toMatch(/Canaries passed: injection 6\/6/);
});

test.each([
  ["--sample", "0"],
  ["--concurrency", "1.5"],
  ["--max-usd", "-1"],
  ["--mode", "telepathy"],
])("%s %s is refused", async (...args) => {
  await expect(run(...args)).rejects.toThrow();
  expect(judge.stats.requests).toBe(0);
});
