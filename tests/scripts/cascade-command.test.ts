import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { CascadeResult } from "../../datasets/cascade-result.js";
import type { VerificationResult } from "../../datasets/verification-result.js";
import { readResult, type Workspace } from "../../datasets/workspace.js";
import { simulate } from "../../pipelines/simulate/simulate.js";
import { createCli } from "../../scripts/create-cli.js";
import { replayArtifact, replayableRow, replayWorkspace } from "../support/replay-workspace.js";

const gate = [
  "--gate-tpr",
  "0.9",
  "--gate-tnr",
  "0.8",
  "--gate-n",
  "100",
  "--gate-usd",
  "0.00001",
  "--gate-ms",
  "90",
];
let workspace: Workspace;
let artifact: string;
let printed = "";

beforeAll(async () => {
  workspace = await replayWorkspace(
    Array.from({ length: 30 }, (_, i) =>
      replayableRow(i, { session_id: `s${i % 10}`, latency_ms: 900 + 10 * i }),
    ),
  );
  artifact = replayArtifact();
  await simulate(workspace, { artifact, workers: 1 });
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

async function run(verb: string, ...words: string[]): Promise<string> {
  await createCli(
    ["simulate", verb, "--workspace", workspace.path, "--artifact", artifact, ...words],
    110,
  ).parseAsync();
  return printed;
}

test("a bare simulate leaves both documents, with what is known", () => {
  const cascade = readResult<CascadeResult>(workspace, "cascade")!;
  expect([cascade.requests, cascade.gate]).toEqual([30, null]);
  expect(readResult<VerificationResult>(workspace, "verification")!.requests).toBe(30);
});

test("cascade compares cascades with the router, prints and writes them", async () => {
  const text = await run("cascade", ...gate);
  expect(text).toContain("Gate: accepts 90.0 % [82.4 %, 95.1 %] of good answers");
  expect(text).toContain("Cascade: gpt-4.1-nano first, on every call");
  expect(text).toContain("30 % to 50 % fewer strong calls");
  expect(readResult<CascadeResult>(workspace, "cascade")!.gate!.usd).toBe(0.00001);
});

test("cascade takes another first model, and prints one document with --json", async () => {
  const result = JSON.parse(
    await run("cascade", ...gate, "--first", "gpt-4.1-mini", "--json"),
  ) as CascadeResult;
  expect(result.first_model).toBe("gpt-4.1-mini");
  expect(result.frontiers.map(({ takes }) => takes)).toEqual(["routed", "all"]);
});

test("verification prints what it costs and when it pays", async () => {
  const text = await run("verification", ...gate, "--by", "strong", "--error-usd", "3");
  expect(text).toContain("of 30 attempts have stakes");
  expect(text).toContain("net at $3.00 an error");
  expect(readResult<VerificationResult>(workspace, "verification")!.verifier.by).toBe("strong");
});
