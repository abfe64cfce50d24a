import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Anthropic from "@anthropic-ai/sdk";
import { afterEach, describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import type { LoopbackJudge } from "../../../datasets/synthetic/loopback-server.js";
import type { Workspace } from "../../../datasets/workspace.js";
import { lockWorkspace } from "../../../pipelines/ingest/ingest-lock.js";
import { cancelBatches } from "../../../pipelines/label/cancel-batches.js";
import type { JournalEntry } from "../../../pipelines/label/journal.js";
import type { JudgeApiName, JudgeMode } from "../../../pipelines/label/judge.js";
import { runLabels } from "../../../pipelines/label/run-labels.js";
import { labelWorkspace, removeWorkspace, startJudge } from "./label-workspace.js";
import { runOptions } from "./run-options.js";

const open: { judge?: LoopbackJudge; workspace?: Workspace } = {};

afterEach(async () => {
  await open.judge?.close();
  if (open.workspace) removeWorkspace(open.workspace);
});

/** Run in a child process and kill it when the server has seen a request of this kind so often; the request is then answered
 * as if nobody had died, because a provider would. */
async function killWhen(
  mode: JudgeMode,
  path: RegExp,
  times: number,
  api: JudgeApiName = "openai",
): Promise<{ judge: LoopbackJudge; workspace: Workspace }> {
  let seen = 0;
  let kill = async (): Promise<void> => {};
  const judge = await startJudge({
    onRequest: async (method, requestPath) => {
      if (path.test(`${method} ${requestPath}`) && ++seen === times) await kill();
    },
  });
  const workspace = await labelWorkspace();
  Object.assign(open, { judge, workspace });
  expect(await runUntilKilled({ workspace, judge, mode, api }, (now) => (kill = now))).toBe(true);
  expect(existsSync(join(workspace.path, "label.manifest.json"))).toBe(false);
  return { judge, workspace };
}

/** Run in a child process until the server kills it, or it is done.
 * @returns whether it was killed */
async function runUntilKilled(
  {
    workspace,
    judge,
    mode = "batch",
    api,
  }: { workspace: Workspace; judge: LoopbackJudge; mode?: JudgeMode; api: JudgeApiName },
  onStart: (kill: () => Promise<void>) => void,
): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [supportFile("run-typescript.mjs"), labelChild, workspace.path, judge.url, mode, api],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const exited = once(child, "exit");
  onStart(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  await exited;
  return child.signalCode === "SIGKILL";
}

const labelChild = fileURLToPath(new URL("./label-child.ts", import.meta.url));

function supportFile(name: string): string {
  return fileURLToPath(new URL(`../../support/${name}`, import.meta.url));
}

function readJournal(workspace: Workspace): JournalEntry[] {
  const path = join(workspace.path, "label", "journal.jsonl");
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JournalEntry);
}

describe("a run that was killed", () => {
  test.each([20, 90])(
    "goes on in chat mode after %i calls; only calls that were under way are asked again",
    async (calls) => {
      const { judge, workspace } = await killWhen("chat", /POST \/chat/, calls);
      const entries = readJournal(workspace);
      const finished = new Set(entries.flatMap((entry) => (entry.type === "reply" ? [entry.reply.key] : [])));
      expect(finished.size).toBeGreaterThan(0);
      const result = await runLabels(workspace, runOptions(judge.url));
      expect(result).toMatchObject({ labelled: result.items, failures: [] });
      const paidTwice = [...judge.stats.paid].filter(([, times]) => times > 1).map(([key]) => key);
      expect(paidTwice.filter((key) => finished.has(key))).toEqual([]);
      expect(paidTwice.length).toBeLessThanOrEqual(4);
      expect(result.unanswered_calls).toBeLessThanOrEqual(4);
      expect(result.unanswered_calls).toBeGreaterThan(0);
    },
  );

  test.each([
    ["openai", "while a file is uploaded", /POST \/files$/, 1],
    ["openai", "between upload and creation", /POST \/batches$/, 1],
    ["openai", "between two creations", /POST \/batches$/, 2],
    ["openai", "while a batch is under way", /GET \/batches\/batch/, 2],
    ["openai", "while results are fetched", /GET \/files\/.*content/, 1],
    ["openai", "in the second round", /POST \/batches$/, 3],
    ["anthropic", "before the first creation", /GET \/messages\/batches$/, 1],
    ["anthropic", "while a batch is created", /POST \/messages\/batches$/, 1],
    ["anthropic", "between two creations", /GET \/messages\/batches$/, 2],
    ["anthropic", "while a second batch is created", /POST \/messages\/batches$/, 2],
    ["anthropic", "while a batch is under way", /GET \/messages\/batches\/msg/, 2],
    ["anthropic", "while results are fetched", /GET \/messages\/batches\/.*results/, 1],
    ["anthropic", "between two collections", /GET \/messages\/batches\/.*results/, 2],
    ["anthropic", "in the second round", /POST \/messages\/batches$/, 3],
  ] as const)(
    "adopts its batches when it died (%s) %s; nothing is paid twice",
    async (api, _, path, times) => {
      const { judge, workspace } = await killWhen("batch", path, times, api);
      const result = await runLabels(workspace, runOptions(judge.url, { mode: "batch", judgeApi: api }));
      expect(result).toMatchObject({ labelled: result.items, failures: [] });
      expect(Math.max(...judge.stats.paid.values())).toBe(1);
    },
  );

  test.each(["openai", "anthropic"] as const)(
    "is killed again and again at seeded moments (%s); it ends whole and nothing is paid twice",
    async (api) => {
      const random = createRandom(11);
      let countdown = 0;
      let kill = async (): Promise<void> => {};
      const judge = await startJudge({
        onRequest: async (method) => {
          if (method !== "HEAD" && --countdown === 0) await kill();
        },
      });
      const workspace = await labelWorkspace();
      Object.assign(open, { judge, workspace });
      let kills = 0;
      for (let round = 0; round < 4; round++) {
        countdown = 1 + random.below(7);
        kills += Number(await runUntilKilled({ workspace, judge, api }, (now) => (kill = now)));
      }
      expect(kills).toBeGreaterThan(1);
      countdown = 0;
      const result = await runLabels(workspace, runOptions(judge.url, { mode: "batch", judgeApi: api }));
      expect(result).toMatchObject({ labelled: result.items, failures: [] });
      expect(Math.max(...judge.stats.paid.values())).toBe(1);
    },
    180_000,
  );

  test.each([
    ["openai", /GET \/batches\/batch/],
    ["anthropic", /GET \/messages\/batches\/msg/],
  ] as const)(
    "can be cancelled (%s): what was finished is kept, the rest is asked anew",
    async (api, path) => {
      const { judge, workspace } = await killWhen("batch", path, 1, api);
      const options = { pollMs: 1, assumeUsdPerMTok: null };
      const stopped = await cancelBatches(workspace, options);
      expect(stopped.batches).toBeGreaterThan(0);
      expect(stopped.kept).toBeGreaterThan(0);
      expect(stopped.given_up).toBeGreaterThan(0);
      expect(stopped.kept).toBe(judge.stats.paid.size);
      expect(await cancelBatches(workspace, options)).toEqual({ batches: 0, lost: 0, kept: 0, given_up: 0 });
      const result = await runLabels(workspace, runOptions(judge.url, { mode: "batch", judgeApi: api }));
      expect(result).toMatchObject({ labelled: result.items, failures: [] });
      expect(Math.max(...judge.stats.paid.values())).toBe(1);
    },
  );

  test("leaves alone an Anthropic batch of somebody else with as many requests", async () => {
    const { judge, workspace } = await killWhen("batch", /POST \/messages\/batches$/, 1, "anthropic");
    const [intent] = readJournal(workspace).flatMap((entry) => (entry.type === "batch" ? [entry.batch] : []));
    const client = new Anthropic({ baseURL: judge.url.replace("/v1", ""), apiKey: "none" });
    await client.messages.batches.create({
      requests: intent!.keys.map((_, i) => ({
        custom_id: `other-${i}`,
        params: { model: "gpt-4o-mini", max_tokens: 10, messages: [{ role: "user", content: "Hello" }] },
      })),
    });
    const result = await runLabels(
      workspace,
      runOptions(judge.url, { mode: "batch", judgeApi: "anthropic" }),
    );
    expect(result).toMatchObject({ labelled: result.items, failures: [] });
    expect(Math.max(...judge.stats.paid.values())).toBe(1);
  });

  test("adopts the batches of a journal of before there were two protocols", async () => {
    const { judge, workspace } = await killWhen("batch", /POST \/batches$/, 1);
    const old = readJournal(workspace).map((entry) => {
      if (entry.type !== "batch") return entry;
      const { api: _, cursor: __, ...batch } = entry.batch;
      return { ...entry, batch: { ...batch, fileId: "file-sim-1", stage: "uploaded" } };
    });
    writeFileSync(
      join(workspace.path, "label", "journal.jsonl"),
      old.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
    );
    const result = await runLabels(workspace, runOptions(judge.url, { mode: "batch" }));
    expect(result).toMatchObject({ labelled: result.items, failures: [] });
    expect(Math.max(...judge.stats.paid.values())).toBe(1);
  });

  test("has the workspace to itself while it lives", async () => {
    open.judge = await startJudge();
    open.workspace = await labelWorkspace();
    const unlock = lockWorkspace(open.workspace, "label");
    await expect(runLabels(open.workspace, runOptions(open.judge.url))).rejects.toThrow(/being written by/);
    expect(open.judge.stats.requests).toBe(0);
    unlock();
  });

  test("does not ask in chat mode what is still open in a batch", async () => {
    const { judge, workspace } = await killWhen("batch", /GET \/batches\/batch/, 1);
    await expect(runLabels(workspace, runOptions(judge.url))).rejects.toThrow(/still open.*--mode batch/);
    expect(judge.stats.chatCalls).toBe(0);
  });

  test("loses no more than the line that it was writing", async () => {
    open.judge = await startJudge();
    open.workspace = await labelWorkspace();
    const options = runOptions(open.judge.url, { sample: 10 });
    const whole = await runLabels(open.workspace, options);
    const journal = join(open.workspace.path, "label", "journal.jsonl");
    appendFileSync(journal, '{"type":"reply","run_id":"cut off by a cra');
    const paid = open.judge.stats.paid.size;
    expect(await runLabels(open.workspace, options)).toEqual(whole);
    expect(open.judge.stats.paid.size).toBe(paid);
    expect(readJournal(open.workspace).length).toBeGreaterThan(0);
  });

  test("names a damaged line, and forgets none of the paid calls behind it", async () => {
    open.judge = await startJudge();
    open.workspace = await labelWorkspace();
    const options = runOptions(open.judge.url, { sample: 10 });
    await runLabels(open.workspace, options);
    const paid = open.judge.stats.paid.size;
    const journal = join(open.workspace.path, "label", "journal.jsonl");
    writeFileSync(journal, `${readFileSync(journal, "utf8")}not json\n`);
    await expect(runLabels(open.workspace, options)).rejects.toThrow(/journal\.jsonl:\d+: .*--no-resume/);
    expect(open.judge.stats.paid.size).toBe(paid);
  });

  test("asks everything again with --no-resume, and keeps the old journal", async () => {
    open.judge = await startJudge();
    open.workspace = await labelWorkspace();
    const options = runOptions(open.judge.url, { sample: 10 });
    await runLabels(open.workspace, options);
    await runLabels(open.workspace, { ...options, isResumed: false });
    expect(new Set(open.judge.stats.paid.values())).toEqual(new Set([2]));
    expect(existsSync(join(open.workspace.path, "label", "journal.jsonl.1.old"))).toBe(true);
  });
});
