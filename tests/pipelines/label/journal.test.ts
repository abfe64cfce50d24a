import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { failedReply } from "../../../pipelines/label/apis/judge-api.js";
import { openJournal } from "../../../pipelines/label/journal.js";
import type { BatchRecord, JudgeReply } from "../../../pipelines/label/judge.js";

const folder = mkdtempSync(join(tmpdir(), "signalbox-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const answered = (key: string): JudgeReply => ({ ...failedReply(key, "x", false), text: "yes", error: null });

test("remembers what a run paid, failures and second answers included, second records not", () => {
  const path = join(folder, "spent.jsonl");
  const first = openJournal(path);
  first.append([
    { type: "reply", run_id: "a", reply: failedReply("k", "no_text", false), cost_usd: 0.25 },
    { type: "reply", run_id: "a", reply: answered("k"), cost_usd: 0.5 },
    { type: "reply", run_id: "a", reply: answered("k"), cost_usd: 0.5 },
    { type: "reply", run_id: "b", reply: { ...answered("l"), callId: "c1" }, cost_usd: 2 },
    { type: "reply", run_id: "b", reply: { ...answered("l"), callId: "c1" }, cost_usd: 2 },
    { type: "reply", run_id: "c", reply: answered("m"), cost_usd: null },
  ]);
  first.close();
  const second = openJournal(path);
  expect([...second.spentUsd]).toEqual([
    ["a", 1.25],
    ["b", 2],
  ]);
  expect(second.failures.size).toBe(0);
  second.close();
});

test("knows which run submitted a batch, whoever collects it", () => {
  const path = join(folder, "batches.jsonl");
  const journal = openJournal(path);
  const batch: BatchRecord = {
    batchKey: "b1",
    url: "http://127.0.0.1/v1",
    keys: ["k"],
    batchId: null,
    stage: "intended",
  };
  journal.append([
    { type: "intent", run_id: "a", calls: [{ key: "k", reserved_usd: 1 }] },
    { type: "batch", run_id: "a", batch },
    { type: "batch", run_id: "b", batch: { ...batch, batchId: "batch_1", stage: "created" } },
  ]);
  expect(journal.batches.get("b1")).toMatchObject({ runId: "a", batchId: "batch_1" });
  expect(journal.unanswered.size).toBe(0);
  journal.close();
});
