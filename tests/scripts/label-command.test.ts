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

function run(...args: string[]): Promise<string> {
  return runVerb([], "--judge-model", "gpt-4.1", ...args);
}

async function runVerb(verb: readonly string[], ...args: string[]): Promise<string> {
  printed = "";
  await yargs(["label", ...verb, "--workspace", workspace.path, ...args])
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
  expect(text).toMatch(/Nothing was sent/);
  expect(text).toMatch(/30 of \d+ requests/);
  expect(text).toMatch(/Expected cost at list price: \$0\.\d+/);
  expect(judge.stats.requests).toBe(0);
});

test("plan says how far a cap goes, and sends nothing", async () => {
  const options = ["--judge-model", "gpt-4.1", "--candidate", "gpt-4o-mini", "--judge-url", judge.url];
  const text = await runVerb(["plan"], ...options, "--sample", "30", "--max-usd", "0.01");
  expect(text).toMatch(/The cap pays for about \d+ of the 30 items/);
  expect(judge.stats.requests).toBe(0);
});

test("run is what a bare label does", async () => {
  const text = await runVerb(
    ["run"],
    ...["--judge-model", "gpt-4.1", "--judge-url", judge.url, "--judge-api", "anthropic"],
    ...["--sample", "5", "--json"],
  );
  expect(JSON.parse(text)).toMatchObject({ is_simulated: true, items: 5 });
});

test("answers wants the user's word, then counts what it fetched", async () => {
  const options = ["--model", "gpt-4o-mini", "--answers-url", judge.url, "--sample", "10"];
  await expect(runVerb(["answers"], ...options)).rejects.toThrow(/--send-content/);
  expect(await runVerb(["answers"], ...options, "--send-content")).toMatch(
    /SIMULATED[\s\S]*gpt-4o-mini +\d+/,
  );
});

test("cancel says that nothing is open", async () => {
  expect(await runVerb(["cancel"], "--poll-seconds", "0")).toMatch(/No batch is open/);
  const none = { batches: 0, lost: 0, kept: 0, given_up: 0 };
  expect(JSON.parse(await runVerb(["cancel"], "--json"))).toEqual(none);
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
  expect(text).toMatch(/injection +insufficient +6\/6 +100/);
});

test.each([
  ["--sample", "0"],
  ["--concurrency", "1.5"],
  ["--max-usd", "-1"],
  ["--mode", "telepathy"],
  ["--judge-api", "telegraph"],
])("%s %s is refused", async (...args) => {
  await expect(run(...args)).rejects.toThrow();
  expect(judge.stats.requests).toBe(0);
});
