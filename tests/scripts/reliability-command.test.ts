import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { ReliabilityResult } from "../../datasets/reliability-result.js";
import { readResult, type Workspace } from "../../datasets/workspace.js";
import { simulate } from "../../pipelines/simulate/simulate.js";
import { createCli } from "../../scripts/create-cli.js";
import { replayArtifact, replayableRow, replayWorkspace } from "../support/replay-workspace.js";

let printed = "";
let workspace: Workspace;
const artifact = replayArtifact();

// every fifth call fails at a rate limit and is answered when it is tried again
beforeAll(async () => {
  const rows = Array.from({ length: 100 }, (_, i) => {
    const answer = { session_id: `s${i % 20}`, logical_id: `l${i}`, attempt_no: 1, latency_ms: 900 };
    if (i % 5 > 0) return [replayableRow(10 * i, answer)];
    const failure = { ...answer, status: "error", error_class: "rate_limit", latency_ms: 200 };
    return [replayableRow(10 * i, failure), replayableRow(10 * i + 1, { ...answer, attempt_no: 2 })];
  }).flat();
  workspace = await replayWorkspace(rows);
  await simulate(workspace, { artifact, workers: 1 });
}, 60_000);
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

async function run(...options: string[]): Promise<void> {
  const words = ["simulate", "reliability", "--workspace", workspace.path, "--artifact", artifact];
  await createCli([...words, ...options], 110).parseAsync();
}

test("simulate leaves the document behind, and the verb writes the same with its defaults", async () => {
  const before = readResult<ReliabilityResult>(workspace, "reliability")!;
  expect(before.user).toMatchObject({ requests: 100, attempts: 120, recovered_by_retry: 20 });
  await run();
  expect(readResult<ReliabilityResult>(workspace, "reliability")).toEqual(before);
  expect(printed).toContain("100 logical requests: 100.0 %");
  expect(printed).toContain("Of 20 that failed at first, 20 were answered by a retry");
});

test("a chain of the user's and an SLO are in the JSON document", async () => {
  await run("--chain", "gpt-4.1,gpt-4.1-mini", "--slo-ms", "950", "--json");
  const result = JSON.parse(printed) as ReliabilityResult;
  expect(result.chains.at(-1)).toMatchObject({
    chain: "gpt-4.1,gpt-4.1-mini",
    requests: 100,
    first_failures: 20,
  });
  expect(result.slo_ms).toBe(950);
  expect(result.user!.within_slo!.value).toBeCloseTo(0.8, 12);
});
