import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CachePairRow } from "../../datasets/cache-pairs.js";
import type { LoopbackJudge } from "../../datasets/synthetic/loopback-server.js";
import type { Workspace } from "../../datasets/workspace.js";
import { createCli } from "../../scripts/create-cli.js";
import { pairsWorkspace } from "../pipelines/cache/pairs/pairs-workspace.js";
import { removeWorkspace, startJudge } from "../pipelines/label/label-workspace.js";
import { readTable } from "../support/read-table.js";

let judge: LoopbackJudge;
let workspace: Workspace;
let printed = "";

beforeEach(async () => {
  judge = await startJudge();
  workspace = await pairsWorkspace();
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

async function run(verb: readonly string[], ...args: string[]): Promise<string> {
  printed = "";
  await createCli(["cache", "pairs", ...verb, "--workspace", workspace.path, ...args], 110).parseAsync();
  return printed;
}

const judgeArgs = () => ["--judge-model", "gpt-4.1", "--judge-url", judge.url];

test("plan says price and proof, and sends nothing", async () => {
  const text = await run(["plan"], ...judgeArgs(), "--labels", "500", "--max-usd", "0.1");
  expect(text).toMatch(/Nothing was sent/);
  expect(text).toMatch(/pairs with a similarity of at least 0.6/);
  expect(text).toMatch(/Expected cost at list price: \$0\.\d+; with --both-orders \$0\.\d+/);
  expect(text).toMatch(/The cap pays for about \d+ of the \d+ pairs/);
  expect(text).toMatch(/at most 1\.0 % wrong hits .* takes at least 230 labels/);
  expect(text).toMatch(/billing .* not certifiable +230 +too few pairs/);
  expect(text).toMatch(/In a run of: --labels with which/);
  expect(judge.stats.requests).toBe(0);
});

test("plan takes a threshold for all and one for a segment", async () => {
  const plan = async (...args: string[]) =>
    JSON.parse(await run(["plan"], ...judgeArgs(), "--labels", "60", "--json", ...args)) as {
      run_id: string;
    };
  const near = ["--focus", "near-threshold", "--threshold"];
  const ids = [await plan(), await plan(...near, "0.9"), await plan(...near, "0.9", "billing=0.8")];
  expect(new Set(ids.map(({ run_id }) => run_id)).size).toBe(3);
});

test("judge, then import: the whole journey in three commands", async () => {
  const text = await run(["judge"], ...judgeArgs(), "--labels", "40");
  expect(text).toMatch(/SIMULATED judge/);
  expect(text).toMatch(/40 of 40 drawn pairs judged/);
  expect(text).toMatch(/flipped_number +different +3\/3/);
  const rows = await readTable<CachePairRow>(workspace, "SELECT * FROM cache_pairs");
  const file = join(workspace.path, "verdicts.jsonl");
  const lines = rows.map(({ request_id, entry_id, verdict }) =>
    JSON.stringify({ request_id, entry_id, verdict }),
  );
  writeFileSync(file, lines.join("\n"));
  expect(await run(["import", file])).toMatch(/it accepted 0 of \d+ that are different/);
  const result = JSON.parse(await run(["import", file], "--json")) as object;
  expect(result).toMatchObject({ imports: [{ rows: 40, used: 40 }], judge_error: { false_accepts: 0 } });
});

test.each([
  [["judge", "--judge-model", "gpt-4.1"], /nothing is sent without it/],
  [["plan", "--judge-model", "m", "--labels", "0"], /--labels is 0/],
  [["plan", "--judge-model", "m", "--alpha", "1"], /--alpha is 1/],
  [["plan", "--judge-model", "m", "--floor", "2"], /--floor is 2/],
  [["plan", "--judge-model", "m", "--threshold", "billing=high"], /--threshold billing=high: give a number/],
  [[], /Name a verb of cache pairs/],
])("%j is refused with what to do", async (words, message) => {
  await expect(run(words)).rejects.toThrow(message);
  expect(judge.stats.requests).toBe(0);
});
