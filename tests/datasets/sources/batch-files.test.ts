import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { anthropicBatchSource } from "../../../datasets/sources/anthropic-batch.js";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sources } from "../../../datasets/sources/index.js";
import { openaiBatchSource } from "../../../datasets/sources/openai-batch.js";
import type { Mapped, RequestDraft, Source } from "../../../datasets/sources/source.js";
import { draftOf, mapRecords } from "../../support/map-records.js";
import { writeLines } from "../../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-batch-"));
afterAll(() => rmSync(root, { recursive: true }));

const answered = (id: string, fields: Record<string, unknown> = {}) => ({
  id: `batch_req_${id}`,
  custom_id: id,
  response: {
    status_code: 200,
    request_id: "x",
    body: {
      id: `chatcmpl-${id}`,
      object: "chat.completion",
      created: 1734986202,
      model: "gpt-4o-mini-2024-07-18",
      choices: [{ index: 0, message: { role: "assistant", content: "Hello!" }, finish_reason: "stop" }],
      usage: {
        prompt_tokens: 20,
        completion_tokens: 10,
        total_tokens: 30,
        prompt_tokens_details: { cached_tokens: 4 },
      },
    },
  },
  error: null,
  ...fields,
});
const request = (id: string, text: string) => ({
  custom_id: id,
  method: "POST",
  url: "/v1/chat/completions",
  body: { model: "gpt-4o-mini", messages: [{ role: "user", content: text }], max_tokens: 10 },
});
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
  content: [{ type: "text", text: "Hi" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 11, output_tokens: 36, cache_read_input_tokens: 100, service_tier: "batch" },
};

/** Reads a file's lines with the files of its folder at hand. */
function readBeside(source: Source, path: string): RequestDraft[] {
  const reader = source.open!<null>({ path, modifiedAt: statSync(path).mtimeMs * 1000 });
  const lines = readFileSync(path, "utf8").trim().split("\n");
  const answers = lines.flatMap((line) => reader.take(JSON.parse(line), null)).concat(reader.end());
  return answers.flatMap(({ mapped }: { mapped: Mapped }) => (mapped.kind === "row" ? [mapped.draft] : []));
}

describe("openaiBatchSource", () => {
  test("maps an output line alone: a batch call under the batch's own id", () => {
    expect(openaiBatchSource.score(answered("r1"))).toBe(1);
    expect(draftOf(openaiBatchSource, answered("r1"))).toMatchObject({
      id: "batch_req_r1",
      isBatch: true,
      endpoint: "chat",
      createdAt: 1_734_986_202_000_000,
      modelServed: "gpt-4o-mini-2024-07-18",
      provider: "openai",
      prompt: null,
      output: "Hello!",
      usage: { inputUncached: 16, inputCacheRead: 4, outputText: 10 },
      status: "ok",
    });
  });

  test("finds prompts in an input file of the same folder; ids that stand for two requests find none", () => {
    const folder = mkdtempSync(join(root, "joined-"));
    writeLines(join(folder, "batch_a_input.jsonl"), [request("r1", "One"), request("r2", "Two"), "not json"]);
    writeLines(join(folder, "batch_b_input.jsonl"), [request("r2", "Another two"), request("r3", "Three")]);
    writeLines(join(folder, "unrelated.jsonl"), ['{"a":1}', JSON.stringify(request("r4", "no"))]);
    const output = writeLines(join(folder, "output.jsonl"), [
      answered("r3"),
      answered("r1"),
      answered("r2"),
      answered("r4"),
    ]);
    const drafts = readBeside(openaiBatchSource, output);
    expect(drafts.map(({ prompt }) => prompt?.messages[0]?.content ?? null)).toEqual([
      "Three",
      "One",
      null,
      null,
    ]);
    expect(drafts[0]).toMatchObject({ modelRequested: "gpt-4o-mini", maxTokens: 10, promptState: "full" });
  });

  test.for<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      "a refused request",
      {
        response: {
          status_code: 400,
          body: { error: { message: "Invalid max_tokens", type: "invalid_request_error" } },
        },
      },
      { status: "error", httpStatus: 400, errorClass: "invalid_request", usage: null },
    ],
    [
      "an expired one",
      { response: null, error: { code: "batch_expired", message: "could not be executed" } },
      { status: "error", errorClass: "timeout", createdAt: null, modelServed: null },
    ],
    [
      "a withdrawn one",
      { response: null, error: { code: "batch_cancelled", message: "" } },
      { status: "cancelled" },
    ],
  ])("reads %s", ([, fields, expected]) => {
    expect(openaiBatchSource.score(answered("r1", fields))).toBe(1);
    expect(draftOf(openaiBatchSource, answered("r1", fields))).toMatchObject(expected);
  });

  test("takes an input line for a part of its output", () => {
    expect(openaiBatchSource.score(request("r1", "x"))).toBe(1);
    expect(mapRecords(openaiBatchSource, [request("r1", "x")])).toMatchObject([
      { kind: "skipped", reason: "joined_part" },
    ]);
  });

  test("recognises the real output, and prices nothing twice: ids differ where custom ids do not", ({
    skip,
  }) => {
    const path = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "logs/openai-batch/batch_output.jsonl");
    if (!existsSync(path)) return skip(`no data at ${path}; set SIGNALBOX_DATA`);
    const lines = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(detectSource(lines, sources).source?.name).toBe("openai-batch");
    const drafts = readBeside(openaiBatchSource, path);
    expect(drafts.map(({ prompt }) => prompt?.messages[0]?.content ?? null)).toEqual([
      "Hello world!",
      "Hello world!",
      null,
    ]);
  });
});

describe("anthropicBatchSource", () => {
  test("maps a result without a time; its cache stands beside the input", () => {
    const line = { custom_id: "r1", result: { type: "succeeded", message } };
    expect(anthropicBatchSource.score(line)).toBe(1);
    expect(draftOf(anthropicBatchSource, line)).toMatchObject({
      id: "msg_1",
      createdAt: null,
      isBatch: true,
      serviceTier: "batch",
      provider: "anthropic",
      endpoint: "messages",
      usage: { inputUncached: 11, inputCacheRead: 100, outputText: 36 },
      finishReason: "stop",
    });
  });

  test.for<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      "an error",
      {
        type: "errored",
        error: { type: "error", error: { type: "invalid_request_error", message: "max_tokens: required" } },
      },
      { status: "error", errorClass: "invalid_request" },
    ],
    ["an expired request", { type: "expired" }, { status: "error", errorClass: "timeout" }],
    ["a withdrawn request", { type: "canceled" }, { status: "cancelled" }],
  ])("reads %s", ([, result, expected]) => {
    const line = { custom_id: "r1", result };
    expect(anthropicBatchSource.score(line)).toBe(1);
    expect(draftOf(anthropicBatchSource, line)).toMatchObject({ ...expected, usage: null });
  });

  test("finds prompts and the models of failures in a file of requests of the same folder", () => {
    const folder = mkdtempSync(join(root, "anthropic-"));
    const params = {
      model: "claude-sonnet-4-5",
      max_tokens: 9,
      system: "Be brief.",
      messages: [{ role: "user", content: "Hi?" }],
    };
    writeLines(join(folder, "requests.jsonl"), [{ custom_id: "r1", params }]);
    const output = writeLines(join(folder, "msgbatch_01_results.jsonl"), [
      { custom_id: "r1", result: { type: "expired" } },
    ]);
    expect(readBeside(anthropicBatchSource, output)).toMatchObject([
      { id: "msgbatch_01_results/r1", modelRequested: "claude-sonnet-4-5", prompt: { system: "Be brief." } },
    ]);
  });
});

test.for<[string, unknown]>([
  ["text", "x"],
  ["a custom id alone", { custom_id: "c", name: "shop" }],
  ["an order", { custom_id: "c", response: "shipped", error: false }],
  ["another result", { custom_id: "c", result: { type: "win" } }],
])("neither takes %s for its own", ([, line]) => {
  expect([openaiBatchSource.score(line), anthropicBatchSource.score(line)]).toEqual([0, 0]);
});
