import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { MissingTime } from "../../pipelines/ingest/missing-time.js";
import { readTable } from "../support/read-table.js";
import { writeLines } from "../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-sessions-"));
afterAll(() => rmSync(root, { recursive: true }));

function line(id: string, block: number, output: number, fields: Record<string, unknown> = {}) {
  return {
    type: "assistant",
    sessionId: "s-1",
    uuid: `${id}-${block}`,
    parentUuid: null,
    isSidechain: false,
    requestId: `req_${id}`,
    timestamp: `2026-02-03T08:0${block}:00.000Z`,
    message: {
      id: `msg_${id.padEnd(24, "0")}`,
      role: "assistant",
      model: "claude-sonnet-4-5-20250929",
      content: [{ type: "text", text: `block ${block}` }],
      usage: { input_tokens: 4, cache_read_input_tokens: 1000, output_tokens: output },
    },
    ...fields,
  };
}

test("counts a Claude Code call once: blocks, a side conversation's replay, a resumed session's copy", async () => {
  const folder = join(root, "projects", "-home-shop");
  mkdirSync(join(folder, "s-1", "subagents"), { recursive: true });
  const main = [line("A", 1, 1), line("A", 2, 7), line("A", 3, 90), line("B", 4, 50)];
  writeLines(join(folder, "s-1.jsonl"), main);
  writeLines(join(folder, "s-2.jsonl"), [...main, line("C", 5, 20, { sessionId: "s-2" })]);
  writeLines(join(folder, "s-1", "subagents", "agent-x.jsonl"), [
    // The replay is stamped later, and may hold an unfinished count.
    line("A", 8, 40, { isSidechain: true, requestId: "req_other" }),
    line("B", 8, 50, { isSidechain: true, requestId: "req_other" }),
    line("D", 9, 30, { isSidechain: true }),
  ]);
  const workspace = openOrCreateWorkspace(join(root, "claude"));
  const { totals, reasons } = await ingest(workspace, [join(root, "projects")]);
  const rows = await readTable<{ id: string; output: number; text: string }>(
    workspace,
    "SELECT request_id[5:5] AS id, output_total_tokens AS output, output_text AS text FROM requests ORDER BY id",
  );
  expect(totals).toMatchObject({ read: 12, accepted: 4, duplicates: 8 });
  expect(rows.map(({ id, output }) => [id, output])).toEqual([
    ["A", 90],
    ["B", 50],
    ["C", 20],
    ["D", 30],
  ]);
  expect(rows[0]?.text).toBe("block 1\nblock 2\nblock 3");
  expect(reasons.every(({ disposition }) => disposition === "duplicate")).toBe(true);
});

test("quarantines batch results without a time, or dates them by their file and says how many", async () => {
  const file = writeLines(join(root, "msgbatch_01.jsonl"), [
    {
      custom_id: "r1",
      result: {
        type: "succeeded",
        message: {
          id: "msg_batch",
          type: "message",
          role: "assistant",
          model: "claude-sonnet-4-5",
          content: [{ type: "text", text: "Hi" }],
          usage: { input_tokens: 1000, output_tokens: 100, service_tier: "batch" },
        },
      },
    },
  ]);
  const workspace = openOrCreateWorkspace(join(root, "batch"));
  const before = await ingest(workspace, [file]);
  expect(before.reasons).toMatchObject([{ reason: "missing_time", count: 1 }]);
  expect(before.dated_by_file).toBeUndefined();
  const dated = await ingest(workspace, [file], { missingTime: MissingTime.file });
  expect(dated).toMatchObject({ totals: { accepted: 1, quarantined: 0 }, dated_by_file: 1 });
  const [row] = await readTable<{ cost: number; is_batch: boolean }>(
    workspace,
    "SELECT cost_list_usd AS cost, is_batch FROM requests",
  );
  // Half of 3 USD a million in and 15 out.
  expect(row?.cost).toBeCloseTo((1000 * 3 + 100 * 15) / 2e6, 12);
  expect(row?.is_batch).toBe(true);
});
