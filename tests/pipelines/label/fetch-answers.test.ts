import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LoopbackJudge } from "../../../datasets/synthetic/loopback-server.js";
import type { Workspace } from "../../../datasets/workspace.js";
import { type FetchOptions, fetchAnswers } from "../../../pipelines/label/fetch-answers.js";
import { runLabels } from "../../../pipelines/label/run-labels.js";
import { labelWorkspace, removeWorkspace, startJudge } from "./label-workspace.js";
import { runOptions } from "./run-options.js";

let judge: LoopbackJudge;
let workspace: Workspace;
const bodies: string[] = [];

beforeEach(async () => {
  bodies.length = 0;
  judge = await startJudge({ onRequest: (_, __, body) => void bodies.push(body) });
  workspace = await labelWorkspace({ contentState: "full" });
});
afterEach(async () => {
  await judge.close();
  removeWorkspace(workspace);
});

function fetchOptions(options: Partial<FetchOptions> = {}): FetchOptions {
  return {
    ...runOptions(judge.url),
    endpoint: { url: judge.url, api: "openai" },
    isSendingAllowed: true,
    ...options,
  };
}

test("sends nothing without the user's word", async () => {
  await expect(fetchAnswers(workspace, fetchOptions({ isSendingAllowed: false }))).rejects.toThrow(
    /--send-content/,
  );
  expect(judge.stats.requests).toBe(0);
  expect(existsSync(join(workspace.path, "label"))).toBe(false);
});

test.each([
  ["openai", "chat"],
  ["openai", "batch"],
  ["anthropic", "chat"],
  ["anthropic", "batch"],
] as const)(
  "%s answers in %s mode are found by label run, which pays only for the judge",
  async (api, mode) => {
    const endpoint = { url: judge.url, api };
    const fetched = await fetchAnswers(workspace, fetchOptions({ endpoint, mode }));
    const [counts] = fetched.models;
    expect(fetched).toMatchObject({ is_simulated: true, is_stopped_by_budget: false });
    expect(counts).toMatchObject({ reused: 0, failed: 0, not_sent: 0 });
    expect(counts!.answered).toBe(counts!.needed);
    expect(counts!.cost_usd).toBeGreaterThan(0);
    const result = await runLabels(workspace, runOptions(judge.url, { answers: endpoint }));
    const answers = result.calls.find(({ kind }) => kind === "answer")!;
    expect(answers).toMatchObject({ needed: counts!.needed, reused: counts!.needed });
    expect(result.cost.answers_usd).toBe(0);
    expect(Math.max(...judge.stats.paid.values())).toBe(1);
  },
);

test("goes on where a cap stopped it, and asks nothing twice", async () => {
  const whole = 40;
  const capped = await fetchAnswers(workspace, fetchOptions({ maxUsd: 0.002 }));
  expect(capped.is_stopped_by_budget).toBe(true);
  expect(capped.models[0]!.cost_usd).toBeLessThanOrEqual(0.002);
  const known = capped.models[0]!.answered;
  expect(known).toBeLessThan(whole);
  const rest = await fetchAnswers(workspace, fetchOptions());
  expect(rest.models[0]).toMatchObject({ reused: known, not_sent: 0 });
  expect(Math.max(...judge.stats.paid.values())).toBe(1);
});

test("sends full text redacted", async () => {
  await fetchAnswers(workspace, fetchOptions({ sample: 200 }));
  expect(bodies.length).toBeGreaterThan(0);
  expect(bodies.filter((body) => /@example\.(com|org|net)/.test(body))).toEqual([]);
});

test("candidates may have an endpoint of their own", async () => {
  const other = await startJudge();
  try {
    const answers = { url: other.url, api: "anthropic" } as const;
    const result = await runLabels(workspace, runOptions(judge.url, { answers }));
    expect(result).toMatchObject({ labelled: result.items, failures: [] });
    expect(other.stats.chatCalls).toBe(result.calls.find(({ kind }) => kind === "answer")!.needed);
    expect(judge.stats.paid.size + other.stats.paid.size).toBe(
      result.calls.reduce((sum, { needed }) => sum + needed, 0),
    );
  } finally {
    await other.close();
  }
});
