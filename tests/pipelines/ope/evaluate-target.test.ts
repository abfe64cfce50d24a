import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { OpeResult } from "../../../datasets/ope-result.js";
import { createRandom } from "../../../datasets/random.js";
import { openOrCreateWorkspace, readResult, type Workspace } from "../../../datasets/workspace.js";
import { evaluateTarget } from "../../../pipelines/ope/evaluate-target.js";
import { writeRandomArtifact } from "../../../scripts/bench/random-artifact.js";
import { createCli } from "../../../scripts/create-cli.js";
import { labelWorkspace, removeWorkspace, testWorld } from "../label/label-workspace.js";

const folder = mkdtempSync(join(tmpdir(), "signalbox-ope-"));
let workspace: Workspace | null = null;

afterEach(() => {
  vi.restoreAllMocks();
  if (workspace) removeWorkspace(workspace);
  workspace = null;
});
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

function write(name: string, lines: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  );
  return path;
}

const quality = { "gpt-4o-mini": [0.9, 0.4], "gpt-4o": [0.9, 0.8] } as const;
type Model = keyof typeof quality;
const models = Object.keys(quality) as Model[];

/** Requests are easy or hard; the log sends easy ones to gpt-4o and hard ones to gpt-4o-mini, exploring a fifth; the target does it right. */
function plant(epsilon = 0.2, count = 3_000) {
  const random = createRandom(11);
  const rows = Array.from({ length: count }, (_, i) => {
    const isHard = random.below(2) as 0 | 1;
    const greedy: Model = isHard ? "gpt-4o-mini" : "gpt-4o";
    const model = random.uniform() < epsilon ? random.pick(models) : greedy;
    const propensity = model === greedy ? 1 - epsilon / 2 : epsilon / 2;
    const reward = Number(random.uniform() < quality[model][isHard]);
    return { i, isHard, model, propensity, reward };
  });
  return {
    log: rows.map(({ i, isHard, model, propensity }) => ({
      v: 2,
      request_id: `r${i}`,
      session_hash: i % 3 === 0 ? null : `s${Math.floor(i / 3)}`,
      decided_model: model,
      served_model: model,
      propensity,
      score: isHard ? 0.8 : 0.2,
      sufficiency: { "gpt-4o-mini": isHard ? 0.4 : 0.9 },
      probs: [0.5],
      cost_usd: model === "gpt-4o" ? 0.01 : 0.001,
    })),
    rewards: rows.map(({ i, reward }) => ({ request_id: `r${i}`, reward })),
    target: rows.map(({ i, isHard }) => ({ request_id: `r${i}`, model: isHard ? "gpt-4o" : "gpt-4o-mini" })),
    hardShare: rows.filter(({ isHard }) => isHard).length / count,
  };
}

function filesOf(planted: ReturnType<typeof plant>) {
  return {
    logs: [write("log.jsonl", planted.log)],
    rewards: [write("rewards.jsonl", planted.rewards)],
    target: { file: write("target.jsonl", planted.target) },
    workspace: null,
    seed: 1,
  };
}

describe("evaluating a target", () => {
  test("finds its planted value, cost and difference to the log", async () => {
    const planted = plant();
    const result = await evaluateTarget(filesOf(planted));
    const { hardShare } = planted;
    const truth = 0.8 * hardShare + 0.9 * (1 - hardShare);
    for (const { estimator, is_valid, value, difference } of result.value) {
      if (!is_valid) continue;
      expect(value.low, estimator).toBeLessThanOrEqual(truth);
      expect(value.high, estimator).toBeGreaterThanOrEqual(truth);
      expect(difference.low, estimator).toBeGreaterThan(0.05);
    }
    const dearest = 0.01 * hardShare + 0.001 * (1 - hardShare);
    const cost = result.cost_usd.find(({ estimator }) => estimator === "dr")!.value;
    expect(Math.abs(cost.value - dearest)).toBeLessThan(0.0004);
    expect(result.used).toBe(3_000);
    expect(result.overlap.random_share).toBe(1);
    expect(result.overlap.mean_weight.low).toBeLessThan(1);
    expect(result.overlap.mean_weight.high).toBeGreaterThan(1);
    expect(result.clipping.at(-1)!.clip).toBeNull();
    expect(result.notes.join("\n")).not.toMatch(/WARNING/);
  });

  test("takes chances instead of choices: half of each is half of both values", async () => {
    const planted = plant();
    const halves = planted.target.map(({ request_id }) => ({
      request_id,
      probabilities: { "gpt-4o": 0.5, "openai/gpt-4o-mini": 0.5 },
    }));
    const result = await evaluateTarget({
      ...filesOf(planted),
      target: { file: write("halves.jsonl", halves) },
    });
    const { low, high } = result.value[0]!.value;
    const truth = 0.6 * planted.hardShare + 0.9 * (1 - planted.hardShare);
    expect(low).toBeLessThanOrEqual(truth);
    expect(high).toBeGreaterThanOrEqual(truth);
  });

  test("counts what can't be joined or read, by reason", async () => {
    const planted = plant(0.2, 600);
    const [first] = planted.log;
    const log = [
      ...planted.log,
      first,
      { ...first, request_id: "old", propensity: undefined },
      { ...first, request_id: "bad", propensity: 0 },
      { ...first, request_id: "fallback", served_model: "claude-3-haiku" },
      { ...first, request_id: "silent", served_model: null },
      { ...first, request_id: "control", arm: "control", propensity: 1 },
      { ...first, request_id: "no-reward" },
      { nothing: true },
      "{broken",
    ];
    const rewards = [...planted.rewards, { request_id: "x", reward: 2 }, { request_id: "r0", reward: 1 }];
    const result = await evaluateTarget({
      ...filesOf(planted),
      logs: [write("mixed.jsonl", log)],
      rewards: [write("mixed-rewards.jsonl", rewards)],
    });
    expect(result.used).toBe(600);
    const excluded = result.excluded.reduce((sum, { records }) => sum + records, 0);
    expect(result.records).toBe(600 + excluded);
    expect(result.excluded.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([
        "repeated request_id",
        "no propensity (a record of before version 2)",
        "malformed: propensity is not in (0, 1]",
        "another model answered than was decided",
        "no answer was recorded",
        "kept back by the ramp",
        "no reward for the model that answered",
        "malformed: no request_id or no decided_model",
      ]),
    );
    expect(result.notes.join("\n")).toMatch(/1 rows of rewards can't be used: reward is not in \[0, 1\]/);
    expect(result.notes.join("\n")).toMatch(/1 rows of rewards can't be used: repeated request_id/);
  });

  test("wrong propensities are denounced by the mean of the weights", async () => {
    const planted = plant();
    const log = planted.log.map((row) => ({ ...row, propensity: Math.min(1, row.propensity * 2) }));
    const files = { ...filesOf(planted), logs: [write("wrong.jsonl", log)] };
    const result = await evaluateTarget(files).catch((error: Error) => error.message);
    // Doubled chances of 0.9 become certainty, which supports nothing of the target.
    expect(String(result)).toMatch(/could not have been logged/);
    const halved = planted.log.map((row) => ({ ...row, propensity: row.propensity / 2 }));
    const other = await evaluateTarget({ ...files, logs: [write("halved.jsonl", halved)] });
    expect(other.notes.join("\n")).toMatch(/WARNING: weights average 2\.\d+, not 1/);
  });

  test.each([
    ["a deterministic log", { epsilon: 0 }, /deterministic.*--epsilon/],
    [
      "a target that was never tried",
      { epsilon: 0.2, model: "o3" },
      /never tried what the target does.*--epsilon/,
    ],
  ])("%s is refused, with what to log instead", async (_, { epsilon, ...given }, message) => {
    const planted = plant(epsilon, 300);
    const { model } = given as { model?: string };
    if (model) for (const row of planted.target) row.model = model;
    await expect(evaluateTarget(filesOf(planted))).rejects.toThrow(message);
  });

  test("a refusal takes the place of an older estimate in the workspace", async () => {
    const kept = openOrCreateWorkspace(join(folder, "refused"));
    await evaluateTarget({ ...filesOf(plant()), workspace: kept });
    expect(readResult<OpeResult>(kept, "ope")!.used).toBeGreaterThan(0);
    const files = filesOf(plant(0, 300));
    await expect(evaluateTarget({ ...files, workspace: kept })).rejects.toThrow(/deterministic/);
    expect(readResult(kept, "ope")).toEqual({
      schema_version: 1,
      target: (files.target as { file: string }).file,
      refusal: expect.stringMatching(/^the log is deterministic.*--epsilon 0\.05/),
    });
  });

  test("a log that only explored a part is refused for what the rest can't tell", async () => {
    const planted = plant(0.2, 600);
    planted.log.forEach((row, i) => {
      if (i % 2 === 0) row.propensity = 1;
    });
    await expect(evaluateTarget(filesOf(planted))).rejects.toThrow(
      /% of the target's choices could not have been/,
    );
  });

  test("nothing in common is refused with the reasons", async () => {
    const planted = plant(0.2, 50);
    for (const row of planted.rewards) row.request_id = `other-${row.request_id}`;
    await expect(evaluateTarget(filesOf(planted))).rejects.toThrow(
      /none of 50 decisions can be evaluated \(50 no reward.*share request ids/,
    );
  });
});

describe("evaluating an artifact", () => {
  test("re-decides the workspace's requests and keeps the result", async () => {
    workspace = await labelWorkspace();
    const artifact = join(folder, "artifact");
    writeRandomArtifact(artifact, {
      policy: { exploration: { epsilon: 0.9, salt: "x" }, ramp: { share: 0.5, salt: "y" } },
    });
    const random = createRandom(4);
    const ids = [...new Set(testWorld.requests.map(({ id }) => id))];
    const drawn = ids.map((id) => ({ id, model: random.pick(["small", "medium", "large"]) }));
    const logs = drawn.map(({ id, model }) => ({
      v: 2,
      request_id: id,
      decided_model: model,
      served_model: model,
      propensity: 1 / 3,
    }));
    const rewards = drawn.map(({ id, model }) => ({ request_id: id, reward: model === "large" ? 1 : 0.5 }));
    const options = {
      logs: [write("artifact-log.jsonl", logs)],
      rewards: [write("artifact-rewards.jsonl", rewards)],
      target: { artifact },
      workspace,
      seed: 1,
    };
    const result = await evaluateTarget(options);
    expect(result.used).toBeGreaterThan(200);
    const shares = Object.fromEntries(result.models.map(({ model, target_share }) => [model, target_share]));
    const truth = shares.large! + 0.5 * (1 - shares.large!);
    const dr = result.value[0]!.value;
    expect(Math.abs(dr.value - truth)).toBeLessThan(0.02);
    expect(readResult(workspace, "ope")).toEqual(result);
    // Neither the artifact's draws nor its ramp are part of the policy that is evaluated.
    const greedy = join(folder, "greedy");
    writeRandomArtifact(greedy);
    const plain = await evaluateTarget({ ...options, target: { artifact: greedy } });
    expect(plain.models).toEqual(result.models);
  });
});

describe("signalbox ope", () => {
  async function run(...args: string[]): Promise<string> {
    let printed = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    await createCli(["ope", ...args], 120).parseAsync();
    return printed;
  }

  test("prints value, difference, overlap and clipping; --json is one document", async () => {
    const { logs, rewards, target } = filesOf(plant());
    const args = ["--log", logs[0]!, "--rewards", rewards[0]!, "--target", target.file];
    const text = await run(...args);
    expect(text).toMatch(/3000 of 3000 decisions evaluated/);
    expect(text).toMatch(/worth \d+ rows of equal weight/);
    expect(text).toMatch(/dr +0\.\d{4}/);
    expect(text).toMatch(/dm \(compare only\)/);
    expect(JSON.parse(await run(...args, "--json"))).toMatchObject({ schema_version: 1, used: 3_000 });
  });

  test.each([
    [["--log", "x.jsonl", "--target", "t.jsonl"], /nothing says what answers were worth/],
    [["--log", "x.jsonl", "--rewards", "r.jsonl"], /no policy to evaluate/],
    [["--log", "x.jsonl", "--rewards", "r.jsonl", "--artifact", "a"], /need --workspace/],
    [["--log", "x.jsonl", "--rewards", "r.jsonl", "--target", "t.jsonl"], /x\.jsonl: no such file/],
  ])("%j is refused with what to give", async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
  });
});
