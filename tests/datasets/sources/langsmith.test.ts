import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sources } from "../../../datasets/sources/index.js";
import { langsmithSource } from "../../../datasets/sources/langsmith.js";
import { draftOf, draftsOf, mapRecords } from "../../support/map-records.js";

const human = (content: string) => ({
  lc: 1,
  type: "constructor",
  id: ["langchain", "schema", "messages", "HumanMessage"],
  kwargs: { content, type: "human" },
});
const run = {
  id: "r-1",
  name: "ChatOpenAI",
  run_type: "llm",
  start_time: "2026-07-01T09:15:00.120000",
  end_time: "2026-07-01T09:15:02.341000",
  status: "success",
  error: null,
  inputs: {
    messages: [
      [
        {
          ...human("Be brief."),
          id: ["langchain", "schema", "messages", "SystemMessage"],
          kwargs: { content: "Be brief.", type: "system" },
        },
        human("hi"),
      ],
    ],
  },
  outputs: {
    generations: [
      [
        {
          text: "hello",
          generation_info: { finish_reason: "stop", model_name: "gpt-4o-2024-08-06" },
          message: {
            lc: 1,
            type: "constructor",
            id: ["langchain", "schema", "messages", "AIMessage"],
            kwargs: {
              content: "hello",
              type: "ai",
              usage_metadata: {
                input_tokens: 812,
                output_tokens: 64,
                total_tokens: 876,
                input_token_details: { cache_read: 512 },
                output_token_details: { reasoning: 24 },
              },
            },
          },
        },
      ],
    ],
    llm_output: { model_name: "gpt-4o-2024-08-06" },
  },
  extra: {
    metadata: { ls_provider: "openai", ls_model_name: "gpt-4o", thread_id: "th-1", user_id: "u-1" },
    invocation_params: { model: "gpt-4o", temperature: 0.2, max_tokens: 100 },
  },
  events: [{ name: "new_token", time: "2026-07-01T09:15:00.700000" }],
  tags: ["seq:step:1", "prod"],
  trace_id: "r-0",
  dotted_order: "20260701T091500120000Zr-0.20260701T091500120000Zr-1",
  parent_run_ids: ["r-0"],
  session_id: "proj-1",
  first_token_time: "2026-07-01T09:15:00.700000",
  prompt_tokens: 812,
  completion_tokens: 64,
  total_tokens: 876,
  prompt_token_details: { cache_read: 512 },
  completion_token_details: { reasoning: 24 },
  prompt_cost: "0.00139",
  completion_cost: "0.00064",
  total_cost: "0.00203",
  feedback_stats: { user_score: { n: 3, avg: 0.75 } },
};

describe("langsmithSource", () => {
  test("maps a run of type llm; costs are decimal text, cached input is inside the input", () => {
    expect(draftOf(langsmithSource, run)).toMatchObject({
      id: "r-1",
      sessionId: "th-1",
      user: "u-1",
      app: "prod",
      createdAt: Date.UTC(2026, 6, 1, 9, 15, 0, 120) * 1000,
      latencyMs: 2221,
      ttftMs: 580,
      isStream: true,
      modelRequested: "gpt-4o",
      modelServed: "gpt-4o-2024-08-06",
      provider: "openai",
      prompt: { system: "Be brief.", messages: [{ role: "user", content: "hi" }] },
      output: "hello",
      finishReason: "stop",
      usage: { inputUncached: 300, inputCacheRead: 512, outputText: 40, outputReasoning: 24 },
      costReportedUsd: 0.00203,
      feedbackScore: 0.75,
      temperature: 0.2,
      maxTokens: 100,
    });
  });

  test("reads the same of Parquet, where objects are JSON text and times microseconds", () => {
    const row = {
      ...Object.fromEntries(
        Object.entries(run).map(([key, value]) => [
          key,
          typeof value === "object" && value !== null && key !== "tags" && key !== "parent_run_ids"
            ? JSON.stringify(value)
            : value,
        ]),
      ),
      start_time: Date.UTC(2026, 6, 1, 9, 15, 0, 120) * 1000,
      end_time: Date.UTC(2026, 6, 1, 9, 15, 2, 341) * 1000,
      first_token_time: Date.UTC(2026, 6, 1, 9, 15, 0, 700) * 1000,
    };
    expect(langsmithSource.score(row)).toBe(1);
    expect(draftOf(langsmithSource, row)).toEqual(draftOf(langsmithSource, run));
  });

  test.for<[string, Record<string, unknown>, Record<string, number> | null]>([
    [
      "the answer's counts where the run has none",
      { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, prompt_token_details: null },
      { inputUncached: 300, inputCacheRead: 512, outputReasoning: 24 },
    ],
    [
      "cache writes by life",
      {
        prompt_tokens: 900,
        prompt_token_details: {
          cache_read: 500,
          cache_creation: 0,
          ephemeral_5m_input_tokens: 100,
          ephemeral_1h_input_tokens: 200,
        },
        total_tokens: 964,
      },
      { inputUncached: 100, inputCacheRead: 500, inputCacheWrite5m: 100, inputCacheWrite1h: 200 },
    ],
    [
      "an input without the cache, by the guard",
      {
        prompt_tokens: 4,
        completion_tokens: 64,
        total_tokens: null,
        prompt_token_details: { cache_read: 1000 },
      },
      { inputUncached: 4, inputCacheRead: 1000 },
    ],
    [
      "Anthropic's own usage, its cache beside the input",
      {
        prompt_tokens: null,
        completion_tokens: null,
        total_tokens: null,
        outputs: {
          role: "assistant",
          content: "hi",
          usage: { input_tokens: 4, cache_read_input_tokens: 3, output_tokens: 9 },
        },
      },
      { inputUncached: 4, inputCacheRead: 3, outputText: 9 },
    ],
    ["nothing", { prompt_tokens: null, completion_tokens: null, total_tokens: null, outputs: null }, null],
  ])("counts %s", ([, fields, expected]) => {
    const { usage } = draftOf(langsmithSource, { ...run, ...fields });
    if (expected === null) expect(usage).toBeNull();
    else expect(usage).toMatchObject(expected);
  });

  test.for<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      "OpenAI's request and answer as wrap_openai logs them",
      {
        inputs: { model: "gpt-4o", messages: [{ role: "user", content: "hi" }], temperature: 0.5 },
        outputs: {
          model: "gpt-4o-2024-08-06",
          choices: [{ message: { role: "assistant", content: "yo" }, finish_reason: "length" }],
          usage_metadata: { input_tokens: 5, output_tokens: 6, total_tokens: 11 },
        },
        extra: {},
        prompt_tokens: null,
        completion_tokens: null,
        total_tokens: null,
        prompt_token_details: null,
        completion_token_details: null,
      },
      {
        output: "yo",
        finishReason: "length",
        modelServed: "gpt-4o-2024-08-06",
        temperature: 0.5,
        usage: { inputUncached: 5, outputText: 6 },
      },
    ],
    [
      "prompts of a completion model",
      { inputs: { prompts: ["Say hi"] }, outputs: { generations: [[{ text: "hi" }]] } },
      { prompt: { messages: [{ role: "user", content: "Say hi" }] }, output: "hi" },
    ],
    [
      "a failure",
      {
        status: "error",
        error: "RateLimitError('Error code: 429')",
        outputs: null,
        prompt_tokens: 0,
        completion_tokens: 0,
        total_tokens: 0,
      },
      { status: "error", errorClass: "rate_limit", usage: null },
    ],
    ["a cancelled call", { status: "error", error: "CancelledError()Traceback" }, { status: "cancelled" }],
    ["costs without a total", { total_cost: null }, { costReportedUsd: 0.00203 }],
    ["no costs", { total_cost: null, prompt_cost: null, completion_cost: null }, { costReportedUsd: null }],
    ["a score out of range", { feedback_stats: { user_score: { n: 1, avg: 5 } } }, { feedbackScore: null }],
  ])("reads %s", ([, fields, expected]) => {
    const draft = draftOf(langsmithSource, { ...run, ...fields });
    if (typeof expected.costReportedUsd === "number")
      expect(draft.costReportedUsd).toBeCloseTo(expected.costReportedUsd, 12);
    else expect(draft).toMatchObject(expected);
  });

  test.for<[string, Record<string, unknown>, string]>([
    ["a chain that sums its children", { run_type: "chain" }, "not_an_llm_call"],
    ["a tool", { run_type: "tool" }, "not_an_llm_call"],
    ["a pending run", { end_time: null, status: "pending", outputs: null }, "unfinished_record"],
  ])("skips %s", ([, fields, reason]) => {
    expect(mapRecords(langsmithSource, [{ ...run, ...fields }])).toMatchObject([{ kind: "skipped", reason }]);
  });

  test("takes the inner one of two nested llm runs with the same usage", () => {
    const inner = {
      ...run,
      id: "r-2",
      dotted_order: `${run.dotted_order}.20260701T091500120000Zr-2`,
      parent_run_ids: ["r-0", "r-1"],
    };
    expect(draftsOf(langsmithSource, [run, inner]).map(({ id }) => id)).toEqual(["r-2"]);
  });

  test("opens a run with its children inside", () => {
    const tree = {
      ...run,
      id: "r-0",
      run_type: "chain",
      dotted_order: "20260701T091500120000Zr-0",
      child_runs: [run],
    };
    expect(mapRecords(langsmithSource, [tree]).map(({ kind }) => kind)).toEqual(["skipped", "row"]);
  });

  test.for<[string, unknown]>([
    ["text", "x"],
    ["an object", { run_type: "llm" }],
    [
      "a job of something else",
      { run_type: "nightly", start_time: "2026-01-01", trace_id: "t", outputs: {} },
    ],
  ])("does not take %s for its own", ([, line]) => expect(langsmithSource.score(line)).toBe(0));

  test("recognises the constructed sample", ({ skip }) => {
    const path = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "logs/constructed/langsmith_run.jsonl");
    if (!existsSync(path)) return skip(`no data at ${path}; set SIGNALBOX_DATA`);
    const lines = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(detectSource(lines, sources).source?.name).toBe("langsmith");
    expect(draftsOf(langsmithSource, lines)).toHaveLength(1);
  });
});

test.each([
  [
    "LangChain's usage",
    {
      usage_metadata: {
        input_tokens: 1100,
        output_tokens: 50,
        input_token_details: { cache_read: 900, cache_creation: 100 },
        output_token_details: { reasoning: 20 },
      },
    },
  ],
  [
    "the provider's usage",
    {
      response_metadata: {
        token_usage: {
          prompt_tokens: 1100,
          completion_tokens: 50,
          prompt_tokens_details: { cached_tokens: 900, cache_creation_tokens: 100 },
          completion_tokens_details: { reasoning_tokens: 20 },
        },
      },
    },
  ],
])("tells cached tokens from %s when the run's columns have totals alone", (_, kwargs) => {
  const counted = {
    ...{ prompt_tokens: 1100, completion_tokens: 50, total_tokens: 1150 },
    ...{ prompt_token_details: null, completion_token_details: null },
  };
  const outputs = { generations: [[{ message: { kwargs: { content: "hello", ...kwargs } } }]] };
  expect(draftOf(langsmithSource, { ...run, ...counted, outputs }).usage).toMatchObject({
    inputUncached: 100,
    inputCacheRead: 900,
    inputCacheWrite5m: 100,
    outputText: 30,
    outputReasoning: 20,
  });
});
