import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { LeversResult } from "../../datasets/levers-result.js";
import { simulate } from "../../pipelines/simulate/simulate.js";
import { createCli } from "../../scripts/create-cli.js";
import { replayArtifact, replayableRow, replayWorkspace } from "../support/replay-workspace.js";

let where: string[];
let printed = "";

beforeAll(async () => {
  const workspace = await replayWorkspace(
    Array.from({ length: 12 }, (_, i) =>
      replayableRow(i, { prompt_hash: `hash-${i % 6}`, is_stream: false, history_turns: 0 }),
    ),
  );
  const artifact = replayArtifact();
  await simulate(workspace, { artifact });
  where = ["--workspace", workspace.path, "--artifact", artifact];
});
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function run(...words: string[]): Promise<string> {
  await createCli(["simulate", "levers", ...where, ...words], 110).parseAsync();
  return printed;
}

test("prints the waterfall, each lever alone, pairs and coverage", async () => {
  const text = await run();
  for (const part of ["Router: lost cache", "exact_cache + batch", "modelled, upper bound", "replayed"]) {
    expect(text).toContain(part);
  }
});

test("levers are left out and ordered as named", async () => {
  const result = JSON.parse(
    await run("--json", "--order", "batch,router,exact_cache,retries", "--without", "router"),
  ) as LeversResult;
  expect(result.waterfall.map(({ step }) => step)).toEqual(["batch", "exact_cache", "retries"]);
});

test("a lifetime of a millisecond leaves no repeats", async () => {
  const result = JSON.parse(await run("--json", "--ttl-h", "0.0000001")) as LeversResult;
  expect(result.levers.find(({ lever }) => lever === "exact_cache")!.requests).toBe(0);
});

test("a lever that isn't one is refused with those that are", async () => {
  await expect(run("--without", "cache")).rejects.toThrow(/cache: no such lever; there are exact_cache/);
});
