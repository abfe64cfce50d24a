import { rmSync } from "node:fs";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { ActionsResult } from "../../datasets/actions-result.js";
import type { ForecastResult } from "../../datasets/forecast-result.js";
import { readResult, resultPath, type Workspace, writeResult } from "../../datasets/workspace.js";
import { audit } from "../../pipelines/audit/audit.js";
import { simulate } from "../../pipelines/simulate/simulate.js";
import { createCli } from "../../scripts/create-cli.js";
import { replayArtifact, replayableRow, replayWorkspace } from "../support/replay-workspace.js";

const days = 12;
let workspace: Workspace;
let artifact: string;
let printed = "";

/** Ten calls a day for twelve whole days, the first of a day just after midnight and the last just before it. */
beforeAll(async () => {
  const rows = Array.from({ length: 10 * days }, (_, i) => {
    const minutes = 1440 * Math.floor(i / 10) + 10 + 158 * (i % 10);
    return replayableRow(i, { created_at: (Date.UTC(2026, 0, 5) + 60_000 * minutes) * 1000 });
  });
  workspace = await replayWorkspace(rows);
  artifact = replayArtifact();
  await audit(workspace);
  await simulate(workspace, { artifact });
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

async function run(verb: string, ...args: string[]): Promise<string> {
  await createCli(["simulate", verb, "--workspace", workspace.path, ...args], 120).parseAsync();
  return printed;
}

test("a bare simulate writes forecast and actions, the same bytes each time", async () => {
  const read = () => [readResult<ForecastResult>(workspace, "forecast"), readResult(workspace, "actions")];
  const [forecast, actions] = read();
  expect((forecast as ForecastResult).window).toMatchObject({ whole_days: days, partial_days: 0 });
  expect((forecast as ForecastResult).horizons[0]!.billed_usd.value).toBeCloseTo(30 * 10 * 0.0006, 9);
  await simulate(workspace, { artifact });
  expect(read()).toEqual([forecast, actions]);
});

test("simulate forecast prints sums, budget and notes, and keeps what it was told", async () => {
  const text = await run("forecast", "--artifact", artifact, "--budget", "0.1", "--commit", "0.05");
  expect(text).toMatch(/12 whole days, 2026-01-05 to 2026-01-16; weekdays not told apart/);
  expect(text).toMatch(/ 30 {2}2026-02-15 +\$0\.18/);
  expect(text).toMatch(/365 {2}2027-01-16 .*\[no interval\]/);
  expect(text).toMatch(/as is: \$0\.18 expected, 100\.0 % chance.*passed on 2026-02-02/);
  expect(text).toContain("saving after commitment");
  expect(readResult<ForecastResult>(workspace, "forecast")!.given).toMatchObject({
    budget_usd_per_month: 0.1,
    commit_usd_per_month: 0.05,
  });
});

test.each([
  ["--growth", "-1"],
  ["--budget", "-5"],
  ["--commit", "much"],
])("simulate forecast refuses %s %s", async (option, value) => {
  await expect(run("forecast", "--artifact", artifact, option, value)).rejects.toThrow(option);
});

test("simulate actions ranks with or without levers, and prints steps", async () => {
  rmSync(resultPath(workspace, "levers"), { force: true });
  const before = await run("actions");
  expect(before).toContain("Let the trained router choose the model");
  expect(before).toContain("signalbox export --workspace DIR");
  expect(before).toContain("Levers have not been worked out");
  writeResult(workspace, "levers", {
    schema_version: 1,
    days,
    levers: [
      {
        lever: "prompt_cache",
        label: "Prompt caching",
        alone: { value: 1, low: 0.5, high: 1.5, method: "modelled: test", n: 5 },
        requests: 5,
        evidence: "modelled",
        note: "Follow-ups.",
      },
    ],
    overlaps: [],
  });
  printed = "";
  const result = JSON.parse(await run("actions", "--json")) as ActionsResult;
  expect(result.based_on).toBe("levers");
  expect(result.actions[0]).toMatchObject({ action: "prompt_cache", standing: "shown", rank: 1 });
});
