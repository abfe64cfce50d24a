import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sources } from "../../../datasets/sources/index.js";
import { langfuseSource } from "../../../datasets/sources/langfuse.js";
import { inputTotal, outputTotal } from "../../../datasets/tokens/token-usage.js";
import { draftOf, draftsOf, mapRecords } from "../../support/map-records.js";

/** A row of the blob storage export, observations table, as JSONL. */
const exported = {
  id: "obs-1",
  trace_id: "t-1",
  project_id: "p-1",
  environment: "production",
  type: "GENERATION",
  parent_observation_id: null,
  start_time: "2026-06-05 09:15:00.123000",
  end_time: "2026-06-05 09:15:02.623000",
  name: "summarise-ticket",
  metadata: { ls_provider: "openai" },
  level: "DEFAULT",
  status_message: null,
  input: '{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}',
  output: '{"role":"assistant","content":"Hello."}',
  provided_model_name: "gpt-4o-2024-08-06",
  model_parameters: '{"temperature":0.2,"max_tokens":"512"}',
  usage_details: {
    input: 300,
    input_cached_tokens: 512,
    output: 40,
    output_reasoning_tokens: 24,
    total: 876,
  },
  cost_details: { input: 0.00075, output: 0.0004, total: 0.00179 },
  total_cost: 0.00179,
  completion_start_time: "2026-06-05 09:15:00.523000",
  latency: 2.5,
  created_at: "2026-06-05 09:15:04.000000",
  updated_at: "2026-06-05 09:15:05.000000",
};

const pairs = (map: Record<string, unknown>) => Object.entries(map).map(([key, value]) => ({ key, value }));

describe("langfuseSource", () => {
  test("maps a generation of the blob export; cached input and reasoning stand beside input and output", () => {
    expect(draftOf(langfuseSource, exported)).toMatchObject({
      id: "obs-1",
      sessionId: "t-1",
      tenant: "production",
      app: "summarise-ticket",
      endpoint: "chat",
      createdAt: Date.UTC(2026, 5, 5, 9, 15, 0, 123) * 1000,
      updatedAt: Date.UTC(2026, 5, 5, 9, 15, 5) * 1000,
      latencyMs: 2500,
      ttftMs: 400,
      isStream: true,
      modelServed: "gpt-4o-2024-08-06",
      provider: "openai",
      prompt: { system: "Be brief.", messages: [{ role: "user", content: "Hi" }] },
      promptState: "full",
      output: "Hello.",
      usage: {
        inputUncached: 300,
        inputCacheRead: 512,
        outputText: 40,
        outputReasoning: 24,
      },
      usageRaw: exported.usage_details,
      costReportedUsd: 0.00179,
      temperature: 0.2,
      maxTokens: 512,
      status: "ok",
    });
  });

  test.for<[string, Record<string, unknown>]>([
    [
      "CSV, where all is text",
      {
        ...Object.fromEntries(
          Object.entries(exported).map(([key, value]) => [key, value === null ? null : `${value}`]),
        ),
        usage_details: JSON.stringify(exported.usage_details),
        cost_details: JSON.stringify(exported.cost_details),
        metadata: JSON.stringify(exported.metadata),
      },
    ],
    [
      "Parquet, where maps are lists of pairs and times are microseconds",
      {
        ...exported,
        usage_details: pairs(exported.usage_details),
        cost_details: pairs(exported.cost_details),
        metadata: pairs(exported.metadata),
        start_time: Date.UTC(2026, 5, 5, 9, 15, 0, 123) * 1000,
        end_time: Date.UTC(2026, 5, 5, 9, 15, 2, 623) * 1000,
        completion_start_time: Date.UTC(2026, 5, 5, 9, 15, 0, 523) * 1000,
        updated_at: Date.UTC(2026, 5, 5, 9, 15, 5) * 1000,
      },
    ],
    [
      "the public API, in camelCase",
      {
        id: "obs-1",
        traceId: "t-1",
        environment: "production",
        type: "GENERATION",
        startTime: "2026-06-05T09:15:00.123Z",
        endTime: "2026-06-05T09:15:02.623Z",
        completionStartTime: "2026-06-05T09:15:00.523Z",
        name: "summarise-ticket",
        metadata: exported.metadata,
        level: "DEFAULT",
        input: JSON.parse(exported.input),
        output: JSON.parse(exported.output),
        model: exported.provided_model_name,
        modelParameters: { temperature: 0.2, max_tokens: 512 },
        usageDetails: exported.usage_details,
        costDetails: exported.cost_details,
        totalCost: 0.00179,
        updatedAt: "2026-06-05T09:15:05Z",
      },
    ],
  ])("reads the same of %s", ([, record]) => {
    expect(langfuseSource.score(record)).toBe(1);
    const { usageRaw: _, ...draft } = draftOf(langfuseSource, record);
    const { usageRaw: _raw, ...expected } = draftOf(langfuseSource, exported);
    expect(draft).toEqual(expected);
  });

  // [usage_details, [uncached, cache read, write 5m, write 1h, text, reasoning]]
  test.for<[string, unknown, number[]]>([
    ["plain", { input: 10, output: 5, total: 15 }, [10, 0, 0, 0, 5, 0]],
    ["without a total", { input: 10, output: 5, input_cached_tokens: 90 }, [10, 90, 0, 0, 5, 0]],
    [
      "Anthropic's cache keys",
      { input: 4, cache_read_input_tokens: 1000, cache_creation_input_tokens: 200, output: 60 },
      [4, 1000, 200, 0, 60, 0],
    ],
    [
      "cache writes by life",
      {
        input: 4,
        input_cache_read: 1000,
        input_cache_creation_5m: 200,
        input_cache_creation_1h: 50,
        output: 60,
      },
      [4, 1000, 200, 50, 60, 0],
    ],
    [
      "all cache writes beside those of each life",
      {
        input: 4,
        output: 60,
        cache_creation_input_tokens: 250,
        "cache_creation.ephemeral_5m_input_tokens": 200,
        "cache_creation.ephemeral_1h_input_tokens": 50,
      },
      [4, 0, 200, 50, 60, 0],
    ],
    [
      "a count under two names",
      { input: 4, output: 60, input_cached_tokens: 30, cache_read_input_tokens: 30 },
      [4, 30, 0, 0, 60, 0],
    ],
    [
      "LangChain's, with a total",
      { input: 179, output: 35, total: 278, input_cache_read: 0, output_reasoning: 64 },
      [179, 0, 0, 0, 35, 64],
    ],
    [
      "OpenInference's details, parts of the whole",
      { input: 812, "prompt_details.cache_read": 512, output: 64, "completion_details.reasoning": 20 },
      [300, 512, 0, 0, 44, 20],
    ],
    [
      "parts inside the whole, by the total",
      { input: 812, input_cached_tokens: 512, output: 64, total: 876 },
      [300, 512, 0, 0, 64, 0],
    ],
    [
      "details beside the whole, by the total",
      { input: 6, output: 951, "completion_details.reasoning": 1104, total: 2061 },
      [6, 0, 0, 0, 951, 1104],
    ],
    [
      "OpenAI's predictions, which Langfuse takes out of the output",
      { input: 10, output: 5, output_accepted_prediction_tokens: 7, total: 22 },
      [10, 0, 0, 0, 12, 0],
    ],
    ["input alone", { input: 1988, total: 1988 }, [1988, 0, 0, 0, 0, 0]],
    ["printed by ClickHouse", "{'input':4,'cache_read_input_tokens':6,'output':60}", [4, 6, 0, 0, 60, 0]],
    ["printed by DuckDB", "{input=4, output=60, total=64}", [4, 0, 0, 0, 60, 0]],
    ["a total alone", { total: 40 }, [40, 0, 0, 0, 0, 0]],
  ])("counts usage %s", ([, usage_details, expected]) => {
    const { usage } = draftOf(langfuseSource, { ...exported, usage_details });
    expect(
      usage && [
        usage.inputUncached,
        usage.inputCacheRead,
        usage.inputCacheWrite5m,
        usage.inputCacheWrite1h,
        usage.outputText,
        usage.outputReasoning,
      ],
    ).toEqual(expected);
  });

  test.for<[string, Record<string, unknown>]>([
    ["empty maps", { usage_details: {}, cost_details: {}, total_cost: 0 }],
    ["null maps", { usage_details: null, cost_details: null, total_cost: null }],
    ["empty lists of pairs", { usage_details: [], cost_details: [], total_cost: null }],
    [
      "zeros of older fields",
      {
        usage_details: undefined,
        inputUsage: 0,
        outputUsage: 0,
        totalUsage: 0,
        cost_details: {},
        totalCost: 0,
        total_cost: undefined,
      },
    ],
    [
      "characters for tokens",
      {
        usage_details: undefined,
        usage: { input: 900, output: 20, unit: "CHARACTERS" },
        cost_details: {},
        total_cost: 0,
      },
    ],
  ])("leaves usage and cost unknown for %s", ([, fields]) => {
    expect(draftOf(langfuseSource, { ...exported, ...fields })).toMatchObject({
      usage: null,
      costReportedUsd: null,
    });
  });

  test.for<[string, Record<string, unknown>, number | null]>([
    ["seconds", { latency: 2.5 }, 2500],
    ["milliseconds", { latency: 2500 }, 2500],
    ["seconds, without an end", { latency: 2.5, end_time: null }, 2500],
    ["nothing", { latency: null, end_time: null }, null],
  ])("takes a latency of %s for what it is", ([, fields, expected]) => {
    expect(draftOf(langfuseSource, { ...exported, ...fields }).latencyMs).toBe(expected);
  });

  test("scales the time to the first token by the unit that the latency turns out to have", () => {
    const record = { ...exported, completion_start_time: null };
    expect(draftOf(langfuseSource, { ...record, latency: 2.5, time_to_first_token: 0.4 }).ttftMs).toBe(400);
    expect(draftOf(langfuseSource, { ...record, latency: 2500, time_to_first_token: 400 }).ttftMs).toBe(400);
  });

  test("makes level ERROR an error row", () => {
    const failed = {
      ...exported,
      level: "ERROR",
      status_message: "Rate limit exceeded (429)",
      output: null,
      usage_details: {},
    };
    expect(draftOf(langfuseSource, failed)).toMatchObject({
      status: "error",
      errorClass: "rate_limit",
      usage: null,
    });
  });

  test.for<[string, Record<string, unknown>, string]>([
    ["a span", { ...exported, type: "SPAN" }, "not_an_llm_call"],
    ["an agent that sums its children", { ...exported, type: "AGENT" }, "not_an_llm_call"],
    ["a deleted row", { ...exported, is_deleted: 1 }, "not_an_llm_call"],
    [
      "a call that is still running",
      { ...exported, end_time: null, output: null, usage_details: {} },
      "unfinished_record",
    ],
    [
      "a trace",
      { id: "t", timestamp: "2026-06-05 09:15:00", bookmarked: false, public: false, tags: [], user_id: "u" },
      "not_an_llm_call",
    ],
    [
      "a score",
      {
        id: "s",
        trace_id: "t",
        observation_id: "o",
        data_type: "NUMERIC",
        value: 1,
        timestamp: "2026-06-05 09:15:00",
      },
      "not_an_llm_call",
    ],
  ])("skips %s", ([, record, reason]) => {
    expect(langfuseSource.score(record)).toBeGreaterThanOrEqual(0.9);
    expect(mapRecords(langfuseSource, [record])).toMatchObject([{ kind: "skipped", reason }]);
  });

  const step = (id: string, usage: Record<string, number>, fields: Record<string, unknown> = {}) => ({
    ...exported,
    id,
    parent_observation_id: "wrapper",
    usage_details: usage,
    ...fields,
  });
  const wrapper = (usage: Record<string, number>) =>
    step("wrapper", usage, { parent_observation_id: "span" });

  test.for<[string, Record<string, unknown>[], string[]]>([
    ["repeats its child", [wrapper({ input: 10, output: 5 }), step("a", { input: 10, output: 5 })], ["a"]],
    [
      "sums its children, read after them",
      [
        step("a", { input: 10, output: 5 }),
        step("b", { input: 20, output: 6 }),
        wrapper({ input: 30, output: 11 }),
      ],
      ["a", "b"],
    ],
    [
      "sums what lies below a span",
      [
        wrapper({ input: 10, output: 5 }),
        step("s", {}, { type: "SPAN" }),
        step("a", { input: 10, output: 5 }, { parent_observation_id: "s" }),
      ],
      ["a"],
    ],
    ["counts nothing itself", [wrapper({}), step("a", { input: 10, output: 5 })], ["a"]],
    [
      "counts tokens of its own",
      [wrapper({ input: 99, output: 9 }), step("a", { input: 10, output: 5 })],
      ["wrapper", "a"],
    ],
  ])("takes a generation that %s for what it is", ([, records, kept]) => {
    expect(draftsOf(langfuseSource, records).map(({ id }) => id)).toEqual(kept);
    const dropped = mapRecords(langfuseSource, records).filter(
      (mapped) => mapped.kind !== "row" && mapped.reason === "not_a_leaf_span",
    );
    expect(dropped).toHaveLength(kept.includes("wrapper") ? 0 : 1);
  });

  test("takes session, user and name from the trace of a download", () => {
    const download = {
      trace: { id: "t-1", name: "support", sessionId: "s-9", userId: "u-9", input: "x", observations: [] },
      observations: [exported],
    };
    expect(langfuseSource.score(download)).toBe(1);
    expect(draftOf(langfuseSource, download)).toMatchObject({
      sessionId: "s-9",
      user: "u-9",
      app: "support",
    });
  });

  test("takes a prompt that the SDK left out for cut", () => {
    const cut = "<truncated due to size exceeding limit of 1000000>";
    expect(draftOf(langfuseSource, { ...exported, input: cut, output: cut })).toMatchObject({
      prompt: null,
      promptState: "truncated",
      output: null,
    });
  });

  test("reads a page of the API, the list inside", () => {
    const page = { data: [exported, { ...exported, id: "obs-2" }], meta: { page: 1, totalItems: 2 } };
    expect(draftsOf(langfuseSource, [page]).map(({ id }) => id)).toEqual(["obs-1", "obs-2"]);
  });

  test("takes tools that LangChain's handler appends to the turns for tools", () => {
    const tool = { type: "function", function: { name: "search", parameters: {} } };
    const input = JSON.stringify([
      { role: "user", content: "Hi" },
      { role: "tool", content: tool },
    ]);
    const draft = draftOf(langfuseSource, { ...exported, input });
    expect(draft.prompt?.messages).toHaveLength(1);
    expect(draft.tools).toEqual([tool]);
  });

  test("answers calls that are held for their children, however many", () => {
    const records = Array.from({ length: 2500 }, (_, i) => ({ ...exported, id: `o${i}`, input: "hi" }));
    expect(draftsOf(langfuseSource, records)).toHaveLength(2500);
  });

  test.for<[string, unknown]>([
    ["text", "x"],
    ["a list", []],
    ["an object of another tool", { id: 1, type: "SPAN", trace_id: "t", start_time: "2026-01-01" }],
    ["a page of something else", { data: [{ id: 1 }], meta: {} }],
  ])("does not take %s for its own", ([, line]) => expect(langfuseSource.score(line)).toBe(0));

  test("recognises every sample trace and counts tokens as Langfuse's totals do", ({ skip }) => {
    const folder = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "logs/langfuse-traces");
    if (!existsSync(folder)) return skip(`no data at ${folder}; set SIGNALBOX_DATA`);
    const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
    for (const name of files) {
      const line = JSON.parse(readFileSync(join(folder, name), "utf8"));
      expect(detectSource([line], sources).source?.name, name).toBe("langfuse");
      for (const { usage, usageRaw } of draftsOf(langfuseSource, [line])) {
        // Its instrumentation left Gemini's thinking out of the parts: the total is all that is said of it.
        if (usage !== null && name !== "chatml-vertex-ai-2025-08-01.trace.json")
          expect(inputTotal(usage) + outputTotal(usage), name).toBe((usageRaw as { total: number }).total);
      }
    }
  });
});
