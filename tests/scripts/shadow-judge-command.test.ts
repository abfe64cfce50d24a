import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LoopbackJudge } from "../../datasets/synthetic/loopback-server.js";
import type { Workspace } from "../../datasets/workspace.js";
import { createCli } from "../../scripts/create-cli.js";
import { removeWorkspace, startJudge } from "../pipelines/label/label-workspace.js";
import { plantPairs, shadowWorkspace } from "../pipelines/shadow/planted-shadow.js";

let judge: LoopbackJudge;
let planted: { workspace: Workspace; file: string };
let printed = "";

beforeEach(async () => {
  judge = await startJudge();
  planted = shadowWorkspace(plantPairs(20));
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await judge.close();
  removeWorkspace(planted.workspace);
});

async function run(...args: string[]): Promise<string> {
  printed = "";
  const { workspace, file } = planted;
  const given = ["--workspace", workspace.path, "--pairs", file, "--judge-model", "gpt-4.1", ...args];
  await createCli(["shadow", "judge", ...given], 110).parseAsync();
  return printed;
}

test("--plan says calls and dollars, and sends nothing", async () => {
  const text = await run("--plan", "--max-usd", "0.01");
  expect(text).toMatch(/Nothing was sent/);
  expect(text).toMatch(/20 of 20 pairs would be judged/);
  expect(text).toMatch(/Expected cost at list price: \$0\.\d+/);
  expect(text).toMatch(/The cap pays for about \d+ of the 20 pairs/);
  expect(judge.stats.requests).toBe(0);
});

test("judges, prints the difference with its interval, and --json is one document", async () => {
  const text = await run("--judge-url", judge.url, "--sample", "12");
  expect(text).toMatch(/SIMULATED judge/);
  expect(text).toMatch(/12 of 12 drawn pairs judged; 20 records read/);
  expect(text).toMatch(/baseline minus candidate: -?\d\.\d{3}/);
  const again = JSON.parse(await run("--judge-url", judge.url, "--sample", "12", "--json")) as object;
  expect(again).toMatchObject({ drawn: 12, asked: 12, is_simulated: true });
});

test.each([
  [["--judge-url", ""], /judge-url|URL|nothing is sent/],
  [["--sample", "0"], /--sample is 0/],
  [["--max-usd", "0"], /--max-usd is 0/],
])("%j is refused with the option named", async (args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
});
