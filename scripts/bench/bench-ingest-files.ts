import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, rmSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { type BenchCall, benchCalls } from "./bench-ingest-calls.js";

/** What the ingest benchmark writes its calls as. */
export const benchFormats = ["jsonl", "jsonl_gz", "parquet", "litellm", "otlp"] as const;

/** Write made-up calls as a log.
 * @returns the file's path */
export async function writeBenchFile(
  folder: string,
  format: (typeof benchFormats)[number],
  rows: number,
): Promise<string> {
  const path = join(folder, `calls.${format === "otlp" ? "otlp.jsonl" : "jsonl"}`);
  await writeLines(path, rows, lineOf[format]);
  if (format === "jsonl_gz") {
    execFileSync("gzip", ["-1", path]);
    return `${path}.gz`;
  }
  return format === "parquet" ? toParquet(path) : path;
}

async function writeLines(path: string, rows: number, line: (call: BenchCall) => string): Promise<void> {
  const file = createWriteStream(path, { highWaterMark: 1024 * 1024 });
  let batch: string[] = [];
  for (const call of benchCalls(rows)) {
    batch.push(line(call));
    if (batch.length < 1000) continue;
    if (!file.write(`${batch.join("\n")}\n`)) await once(file, "drain");
    batch = [];
  }
  file.end(batch.length > 0 ? `${batch.join("\n")}\n` : "");
  await finished(file);
}

const lineOf: Record<(typeof benchFormats)[number], (call: BenchCall) => string> = {
  jsonl: plainLine,
  jsonl_gz: plainLine,
  parquet: typedLine,
  litellm: litellmLine,
  otlp: otlpLine,
};

async function toParquet(lines: string): Promise<string> {
  const path = lines.replace(".jsonl", ".parquet");
  const engine = await openDuckDb({ memoryLimit: "1GB" });
  await engine.run(
    readSql("scripts/bench/bench-ingest-parquet.sql")
      .replaceAll("$lines", `'${lines}'`)
      .replaceAll("$path", `'${path}'`),
  );
  engine.close();
  rmSync(lines);
  return path;
}

/** The everyday names that teams write by hand. */
function plainLine(call: BenchCall): string {
  return JSON.stringify({
    id: call.id,
    timestamp: isoTime(call.at),
    model: call.model,
    provider: call.provider,
    app: call.app,
    user_id: call.user,
    session_id: call.session,
    system_prompt: call.system,
    prompt: call.oddity === "chat_prompt" ? [{ role: "user", content: call.prompt }] : call.prompt,
    response: call.answer,
    input_tokens: call.oddity === "text_number" ? String(call.inputTokens) : call.inputTokens,
    output_tokens: call.outputTokens,
    cached_tokens: call.cachedTokens,
    latency_ms: call.oddity === "bad_latency" ? `${call.latencyMs} ms` : call.latencyMs,
    ttft_ms: call.ttftMs,
    cost_usd: call.costUsd,
    status: "ok",
    finish_reason: "stop",
    stream: call.isStream,
  });
}

/** The request log's own names and types; what is odd in it is a duration that can't be. */
function typedLine(call: BenchCall): string {
  return JSON.stringify({
    request_id: call.id,
    session_id: call.session,
    user_hash: call.user,
    app: call.app,
    created_at: isoTime(call.at),
    latency_ms: call.oddity === "bad_latency" ? -1 : call.latencyMs,
    ttft_ms: call.ttftMs,
    model_requested: call.model,
    model_served: call.model,
    provider: call.provider,
    system_text: call.system,
    user_text: call.prompt,
    output_text: call.answer,
    input_cache_read_tokens: call.cachedTokens,
    input_total_tokens: call.inputTokens,
    output_total_tokens: call.outputTokens,
    cost_reported_usd: call.costUsd,
    status: "ok",
    finish_reason: "stop",
    is_stream: call.isStream,
  });
}

function litellmLine(call: BenchCall): string {
  return JSON.stringify({
    request_id: call.id,
    call_type: "acompletion",
    api_key: "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
    spend: call.costUsd,
    total_tokens: call.inputTokens + call.outputTokens,
    prompt_tokens: call.oddity === "text_number" ? String(call.inputTokens) : call.inputTokens,
    completion_tokens: call.outputTokens,
    startTime: isoTime(call.at),
    endTime: isoTime(call.at + call.latencyMs * 1000),
    completionStartTime: isoTime(call.at + call.ttftMs * 1000),
    model: call.model,
    model_id: "",
    model_group: call.model,
    custom_llm_provider: call.provider,
    api_base: "",
    user: call.user,
    metadata: {
      user_api_key_alias: call.app,
      user_api_key_team_alias: "team",
      status: "success",
      usage_object: {
        prompt_tokens: call.inputTokens,
        completion_tokens: call.outputTokens,
        total_tokens: call.inputTokens + call.outputTokens,
        prompt_tokens_details: { cached_tokens: call.cachedTokens },
      },
    },
    cache_hit: "False",
    cache_key: "Cache OFF",
    request_tags: [],
    team_id: "team-1",
    end_user: "",
    requester_ip_address: null,
    messages: [
      { role: "system", content: call.system },
      { role: "user", content: call.prompt },
    ],
    response: {
      id: call.id,
      model: call.model,
      object: "chat.completion",
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: call.answer } }],
    },
    session_id: call.session,
    status: "success",
  });
}

function otlpLine(call: BenchCall): string {
  const hex = Buffer.from(call.id).toString("hex").slice(-16).padStart(16, "0");
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": call.provider,
    "gen_ai.request.model": call.model,
    "gen_ai.response.model": call.model,
    "gen_ai.conversation.id": call.session,
    "gen_ai.input.messages": JSON.stringify([
      { role: "system", parts: [{ type: "text", content: call.system }] },
      { role: "user", parts: [{ type: "text", content: call.prompt }] },
    ]),
    "gen_ai.output.messages": JSON.stringify([
      { role: "assistant", parts: [{ type: "text", content: call.answer }], finish_reason: "stop" },
    ]),
    "gen_ai.usage.input_tokens": call.inputTokens,
    "gen_ai.usage.output_tokens": call.outputTokens,
    "gen_ai.usage.cache_read.input_tokens": call.cachedTokens,
  };
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: call.app } }] },
        scopeSpans: [
          {
            scope: { name: "bench" },
            spans: [
              {
                traceId: hex.padStart(32, "a"),
                spanId: hex,
                name: `chat ${call.model}`,
                kind: 3,
                startTimeUnixNano: `${call.at}000`,
                endTimeUnixNano: `${call.at + call.latencyMs * 1000}000`,
                attributes: Object.entries(attributes).map(([key, value]) => ({
                  key,
                  value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
                })),
                status: {},
              },
            ],
          },
        ],
      },
    ],
  });
}

function isoTime(micros: number): string {
  const millis = Math.floor(micros / 1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, "0")}Z`;
}
