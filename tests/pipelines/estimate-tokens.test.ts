import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { ContentMode } from "../../datasets/privacy/content-mode.js";
import type { RequestRow } from "../../datasets/request-log.js";
import { openOrCreateWorkspace, type Workspace } from "../../datasets/workspace.js";
import { readCommits } from "../../pipelines/ingest/file-marker.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { readTable } from "../support/read-table.js";
import { writeLines } from "../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-estimates-"));
let workspace: Workspace;
let logs: string;
let run = 0;

afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  workspace = openOrCreateWorkspace(join(root, `ws${run}`));
  logs = join(root, `logs${run++}`);
  mkdirSync(logs);
});

/** A chat call as raw providers' logs have it; the real tokenizer counts 12 input tokens for the question. */
function call(
  id: string,
  {
    model = "gpt-4o-mini",
    usage,
    status = 200,
    answer = "A train of thought leaves on time.",
  }: CallOptions = {},
): object {
  return {
    request_id: id,
    timestamp: "2026-01-05T12:00:00Z",
    url: "https://api.openai.com/v1/chat/completions",
    status,
    request: { model, messages: [{ role: "user", content: "How do trains think?" }] },
    response:
      status === 200
        ? {
            id,
            object: "chat.completion",
            model,
            choices: [{ index: 0, message: { role: "assistant", content: answer }, finish_reason: "stop" }],
            ...(usage && {
              usage: {
                prompt_tokens: usage[0],
                completion_tokens: usage[1],
                total_tokens: usage[0] + usage[1],
              },
            }),
          }
        : { error: { message: "overloaded" } },
  };
}
interface CallOptions {
  model?: string;
  usage?: [input: number, output: number];
  status?: number;
  answer?: string;
}

const rows = () => readTable<RequestRow>(workspace, "SELECT * FROM requests ORDER BY request_id");
const withoutUsage = async () => (await rows()).filter(({ usage_json }) => usage_json === null);

describe("rows without usage", () => {
  test("of OpenAI's models are counted by their own tokenizer and priced", async () => {
    writeLines(join(logs, "a.jsonl"), [call("a1")]);
    await ingest(workspace, [logs]);
    const [row] = await rows();
    expect(row).toMatchObject({
      input_total_tokens: 12,
      input_uncached_tokens: 12,
      input_cache_read_tokens: null,
      output_total_tokens: 8,
      tokens_source: "counted",
      price_source: "genai-prices+counted",
    });
    expect(row!.tokens_error_share).toBeGreaterThan(0);
    expect(row!.tokens_error_share).toBeLessThan(0.06);
    expect(row!.cost_list_usd).toBeCloseTo((12 * 0.15 + 8 * 0.6) / 1e6, 12);
  });

  test.each(Object.values(ContentMode))("are counted in content mode %s, too", async (content) => {
    writeLines(join(logs, "a.jsonl"), [call("a1")]);
    await ingest(workspace, [logs], { content });
    expect((await rows())[0]).toMatchObject({ input_total_tokens: 12, output_total_tokens: 8 });
  });

  test("learn from rows with usage, before and behind them in the file", async () => {
    const known = Array.from({ length: 20 }, (_, i) =>
      call(`known${i}`, { model: "some-llm", usage: [24, 12] }),
    );
    writeLines(join(logs, "a.jsonl"), [
      ...known.slice(0, 10),
      call("open", { model: "some-llm" }),
      ...known.slice(10),
    ]);
    await ingest(workspace, [logs]);
    const [open] = await withoutUsage();
    expect(open).toMatchObject({
      request_id: "open",
      input_total_tokens: 24,
      output_total_tokens: 12,
      tokens_source: "estimated",
      tokens_error_share: 0,
      cost_list_usd: null,
      price_source: "unknown_model",
    });
  });

  const taught = Array.from({ length: 20 }, (_, i) =>
    call(`known${i}`, { model: "some-llm", usage: [24, 12] }),
  );
  const learned = { input_total_tokens: 24, output_total_tokens: 12 };

  test("learn from earlier files of the same run, and from what an earlier run counted", async () => {
    writeLines(join(logs, "a.jsonl"), taught);
    writeLines(join(logs, "b.jsonl"), [call("open1", { model: "some-llm" })]);
    await ingest(workspace, [logs]);
    expect(await withoutUsage()).toMatchObject([learned]);
    writeLines(join(logs, "c.jsonl"), [call("open2", { model: "some-llm" })]);
    await ingest(workspace, [logs]);
    expect(await withoutUsage()).toMatchObject([learned, learned]);
  });

  test("learn nothing from an earlier run that had nothing to estimate: then nothing is counted", async () => {
    writeLines(join(logs, "a.jsonl"), taught);
    await ingest(workspace, [logs]);
    const markers = [...readCommits(workspace).values()].flatMap((commit) => commit.markers);
    expect(markers.map(({ token_pairs }) => token_pairs)).toEqual([undefined]);
    writeLines(join(logs, "b.jsonl"), [call("open", { model: "some-llm" })]);
    await ingest(workspace, [logs]);
    const [open] = await withoutUsage();
    expect(open!.input_total_tokens).toBeLessThan(24);
    expect(open!.tokens_error_share).toBeGreaterThan(0.3);
  });

  test("stay missing when they failed, or when nothing was answered", async () => {
    writeLines(join(logs, "a.jsonl"), [call("a1"), call("a2", { status: 529 })]);
    await ingest(workspace, [logs]);
    const failed = (await rows()).filter(({ status }) => status === "error");
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({
      tokens_source: "missing",
      input_total_tokens: null,
      cost_list_usd: null,
    });
  });

  test("of models that reason in secret stay missing until the log shows by how much", async () => {
    writeLines(join(logs, "a.jsonl"), [call("open", { model: "o3-mini" })]);
    await ingest(workspace, [logs]);
    expect((await rows())[0]).toMatchObject({ tokens_source: "missing" });
    writeLines(join(logs, "b.jsonl"), [
      ...Array.from({ length: 12 }, (_, i) => call(`k${i}`, { model: "o3-mini", usage: [12, 80 + 10 * i] })),
      call("open2", { model: "o3-mini" }),
    ]);
    await ingest(workspace, [logs]);
    const [, open2] = await withoutUsage();
    expect(open2).toMatchObject({ request_id: "open2", tokens_source: "estimated" });
    expect(open2!.output_total_tokens).toBeGreaterThan(100);
    expect(open2!.tokens_error_share).toBeGreaterThan(0.3);
  });

  test("keep their logged usage when there is one, whatever the text says", async () => {
    writeLines(join(logs, "a.jsonl"), [call("a1", { usage: [500, 7] })]);
    await ingest(workspace, [logs]);
    expect((await rows())[0]).toMatchObject({
      input_total_tokens: 500,
      tokens_source: "logged",
      tokens_error_share: null,
    });
  });
});
