import { afterEach, expect, it, vi } from "vitest";
import { readResult } from "../../datasets/workspace.js";
import { simulate } from "../../pipelines/simulate/simulate.js";
import { simulateFairnessCommand } from "../../scripts/commands/simulate/fairness.js";
import { simulateMisroutesCommand } from "../../scripts/commands/simulate/misroutes.js";
import { replayArtifact, replayableRow, replayWorkspace } from "../support/replay-workspace.js";

const rows = Array.from({ length: 40 }, (_, i) =>
  replayableRow(i, { app: `app ${i % 2}`, session_id: `s${i}` }),
);
const workspace = await replayWorkspace(rows);
const artifact = replayArtifact();
await simulate(workspace, { artifact });

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a verb prints. */
async function printed(run: () => unknown): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  await run();
  return lines.join("");
}

const shared = { _: [], $0: "", workspace: workspace.path, artifact };

it("simulate misroutes prints shares, dollars, groups and the claim, and writes its document", async () => {
  const options = { ...shared, goodEnough: 0.7, json: false };
  const text = await printed(() => simulateMisroutesCommand.handler(options as never));
  for (const words of ["overkill", "overpaid", "app app 0", "published claim", "signalbox label run"]) {
    expect(text.toLowerCase()).toContain(words.toLowerCase());
  }
  expect(text).not.toMatch(/NaN|undefined/);
  expect(readResult<{ good_enough: number }>(workspace, "misroutes")!.good_enough).toBe(0.7);
});

it("simulate fairness prints every slice beside everyone, and --json is the document", async () => {
  const options = { ...shared, margin: 0.05, leastSessions: 10, json: false };
  const text = await printed(() => simulateFairnessCommand.handler(options as never));
  expect(text).toContain("all: everyone");
  expect(text).toContain("app: app 1");
  expect(text).not.toMatch(/NaN|undefined/);
  const json = await printed(() => simulateFairnessCommand.handler({ ...options, json: true } as never));
  expect(JSON.parse(json)).toEqual(readResult(workspace, "fairness"));
});
