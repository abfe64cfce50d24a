import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import { ContentMode } from "../../../datasets/privacy/content-mode.js";
import { type RequestRow, requestLog } from "../../../datasets/request-log.js";
import type { IngestResult } from "../../../datasets/results.js";
import { generateMixedCalls, type MixedCall } from "../../../datasets/synthetic/mixed-calls.js";
import { exchangeLine, requestBody, responseBody } from "../../../datasets/synthetic/write-exchange.js";
import {
  bedrockLine,
  langfuseLine,
  litellmPayloadLine,
  litellmSpendLine,
} from "../../../datasets/synthetic/write-gateway-logs.js";
import { houseEventLines, houseEventMapping } from "../../../datasets/synthetic/write-house-events.js";
import { csvText, requestLogRow } from "../../../datasets/synthetic/write-request-log.js";
import { spanLine } from "../../../datasets/synthetic/write-spans.js";
import { openOrCreateWorkspace, type Workspace } from "../../../datasets/workspace.js";
import { ingest } from "../../../pipelines/ingest/ingest.js";
import { readTable } from "../../support/read-table.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-formats-"));
afterAll(() => rmSync(root, { recursive: true }));

const calls = generateMixedCalls({ seed: 20, requests: 150 });
const lines = (write: (call: MixedCall) => string, of = calls) =>
  of.map((call) => `${write(call)}\n`).join("");
const onAws = calls.filter(({ provider }) => provider === "aws");

/** Columns in which a format differs, for all its rows or some, and why. */
interface Exception {
  columns: Array<keyof RequestRow>;
  why: string;
  only?: (call: MixedCall) => boolean;
}

const failed = ({ failure }: MixedCall) => failure !== null;
const answersToolOnly = ({ answer }: MixedCall) => answer !== null && answer.text === null;
const hasToolResult = ({ turns }: MixedCall) => turns.some(({ role }) => role === "tool");

const noKey: Exception = { columns: ["api_key"], why: "the format has no place for the key" };
const noLogicalId: Exception = {
  columns: ["logical_id"],
  why: "the format knows no logical requests: attempts are joined under the first one's id",
};
const served: Exception = {
  columns: ["model_served"],
  why: "the format names one model, also where none answered",
  only: failed,
};
const ownEndpoint: Exception = { columns: ["endpoint"], why: "the provider's own operation" };
const noReportedCost: Exception = {
  columns: ["cost_reported_usd"],
  why: "a provider's answer names no cost",
};
const litellm: Exception[] = [
  { columns: ["gateway"], why: "the log is a gateway's" },
  { columns: ["app"], why: "LiteLLM knows keys rather than applications" },
  { columns: ["http_status"], why: "a status is logged of failures only", only: (call) => !failed(call) },
  { columns: ["cost_reported_usd"], why: "a failure is logged as $0", only: failed },
  served,
];

const formats: Record<
  string,
  {
    file: string;
    write: (path: string) => Promise<void> | void;
    calls?: MixedCall[];
    map?: boolean;
    differs: Exception[];
  }
> = {
  "request log, JSONL": {
    file: "log.jsonl",
    write: (path) =>
      writeFileSync(
        path,
        lines((call) => JSON.stringify(requestLogRow(call))),
      ),
    differs: [],
  },
  "request log, CSV": {
    file: "log.csv",
    write: (path) => writeFileSync(path, csvText(calls.map(requestLogRow))),
    differs: [],
  },
  "request log, Parquet": { file: "log.parquet", write: writeParquet, differs: [] },
  "LiteLLM, standard logging payload": {
    file: "payload.jsonl",
    write: (path) => writeFileSync(path, lines(litellmPayloadLine)),
    differs: litellm,
  },
  "LiteLLM, spend logs": {
    file: "spend.jsonl",
    write: (path) => writeFileSync(path, lines(litellmSpendLine)),
    differs: litellm,
  },
  "OpenTelemetry, OTLP JSON": {
    file: "spans.jsonl",
    write: (path) => writeFileSync(path, lines(spanLine)),
    differs: [
      { columns: ["request_id"], why: "a span's id is hexadecimal" },
      noKey,
      noLogicalId,
      { columns: ["has_json_schema"], why: "the conventions don't say that no schema was asked" },
    ],
  },
  "raw provider exchanges": {
    file: "proxy.jsonl",
    write: (path) => writeFileSync(path, lines(exchangeLine)),
    differs: [
      noKey,
      noReportedCost,
      ownEndpoint,
      { columns: ["is_batch"], why: "one exchange a line is known to be no batch" },
      {
        columns: ["finish_reason"],
        why: "Gemini says STOP for a function call",
        only: ({ provider, answer }) => provider === "google" && answer?.finish === "tool_calls",
      },
      {
        ...served,
        why: "Bedrock's address names the model",
        only: (call) => failed(call) && call.provider === "aws",
      },
    ],
  },
  "Langfuse, observations": {
    file: "observations.jsonl",
    write: (path) => writeFileSync(path, lines(langfuseLine)),
    differs: [
      noKey,
      noLogicalId,
      served,
      { columns: ["http_status", "has_json_schema"], why: "an observation has neither" },
      {
        columns: ["is_stream"],
        why: "seen by the first token's time only",
        only: ({ isStream }) => !isStream,
      },
      {
        columns: ["is_stream"],
        why: "a failure has no first token",
        only: (call) => failed(call) && call.isStream,
      },
    ],
  },
  "an invented shape with a mapping file": {
    file: "events.jsonl",
    write: (path) =>
      writeFileSync(
        path,
        houseEventLines(calls)
          .map((line) => `${line}\n`)
          .join(""),
      ),
    map: true,
    differs: [],
  },
  "AWS Bedrock invocation log (its share of the calls)": {
    file: "bedrock.jsonl",
    write: (path) =>
      writeFileSync(
        path,
        lines(
          (call) => bedrockLine(call, { request: requestBody(call), response: responseBody(call) }),
          onAws,
        ),
      ),
    calls: onAws,
    differs: [
      noKey,
      noLogicalId,
      noReportedCost,
      ownEndpoint,
      served,
      { columns: ["http_status"], why: "an error has a code of AWS's" },
      { columns: ["created_at"], why: "whole seconds" },
      { columns: ["latency_ms"], why: "only an answer's body has it", only: failed },
      { columns: ["ttft_ms"], why: "not logged", only: ({ isStream }) => isStream },
    ],
  },
};

/** The file, the line and the source's own words of usage differ by nature. */
const never: ReadonlySet<string> = new Set(["source", "source_file", "source_line", "usage_json"]);

async function writeParquet(path: string): Promise<void> {
  const json = join(root, "for-parquet.json");
  writeFileSync(json, JSON.stringify(calls.map(requestLogRow)));
  const engine = await openDuckDb();
  await engine.run(
    `COPY (SELECT * REPLACE (created_at::TIMESTAMP AS created_at) FROM read_json('${json}', format = 'array', sample_size = -1)) TO '${path}' (FORMAT parquet)`,
  );
  engine.close();
}

const results = new Map<string, { result: IngestResult; rows: RequestRow[] }>();

/** Hashes depend on the workspace's salt: all formats go into workspaces of one salt. */
function twinWorkspace(name: string, first: Workspace | null): Workspace {
  const path = join(root, name);
  if (first === null) return openOrCreateWorkspace(path);
  mkdirSync(path);
  copyFileSync(join(first.path, "workspace.json"), join(path, "workspace.json"));
  return openOrCreateWorkspace(path);
}

beforeAll(async () => {
  let first: Workspace | null = null;
  const map = join(root, "house-events.json");
  writeFileSync(map, JSON.stringify(houseEventMapping));
  for (const [i, [name, format]] of Object.entries(formats).entries()) {
    const path = join(root, format.file);
    await format.write(path);
    const workspace = twinWorkspace(`ws${i}`, first);
    first ??= workspace;
    const result = await ingest(workspace, [path], {
      content: ContentMode.full,
      now: new Date("2026-02-01"),
      ...(format.map && { map }),
    });
    const rows = await readTable<RequestRow>(workspace, "SELECT * FROM requests ORDER BY created_at");
    results.set(name, { result, rows });
  }
}, 120_000);

test("the calls have everything that formats get wrong", () => {
  const some = (has: (call: MixedCall) => boolean) => expect(calls.filter(has).length).toBeGreaterThan(5);
  for (const provider of ["openai", "anthropic", "google", "aws"]) some((call) => call.provider === provider);
  for (const part of ["cacheRead", "cacheWrite5m", "cacheWrite1h", "reasoning"] as const)
    some(({ usage }) => (usage?.[part] ?? 0) > 0);
  some(failed);
  some(({ attemptNo }) => attemptNo > 1);
  some(hasToolResult);
  some(answersToolOnly);
  some(({ isStream }) => isStream);
  some(({ turns }) => turns.some(({ text }) => text.includes("\u2028")));
});

describe.each(Object.entries(formats))("%s", (name, { calls: own = calls, differs }) => {
  test("every call becomes one row", () => {
    const { result, rows } = results.get(name)!;
    expect(result.totals).toMatchObject({ accepted: own.length, quarantined: 0, duplicates: 0 });
    expect(rows).toHaveLength(own.length);
  });

  test("has the truth's tokens, and the cost of the request log to 1e-9", () => {
    const expected = rowsOf("request log, JSONL", own);
    for (const [i, row] of results.get(name)!.rows.entries()) {
      const { usage } = own[i]!;
      expect(row.input_uncached_tokens).toBe(usage?.uncached ?? null);
      expect(row.input_cache_read_tokens).toBe(usage?.cacheRead ?? null);
      expect(row.input_cache_write_5m_tokens).toBe(usage?.cacheWrite5m ?? null);
      expect(row.input_cache_write_1h_tokens).toBe(usage?.cacheWrite1h ?? null);
      expect(row.output_text_tokens).toBe(usage?.text ?? null);
      expect(row.output_reasoning_tokens).toBe(usage?.reasoning ?? null);
      const cost = expected[i]!.cost_list_usd;
      if (usage === null) expect(row.cost_list_usd).toBeNull();
      else expect(Math.abs(row.cost_list_usd! - cost!)).toBeLessThan(1e-9);
    }
  });

  test(`is the same in every other column${differs.length > 0 ? `, save ${differs.flatMap(({ columns }) => columns).join(", ")}` : ""}`, () => {
    const expected = rowsOf("request log, JSONL", own);
    const { rows } = results.get(name)!;
    const wrong = new Map<string, { rows: number; found: unknown; expected: unknown }>();
    for (const [i, row] of rows.entries()) {
      for (const column of Object.keys(requestLog.columns) as Array<keyof RequestRow>) {
        if (never.has(column) || isExcepted(differs, column, own[i]!)) continue;
        const [found, wanted] = [row[column], expected[i]![column]];
        if (isSame(column, found, wanted)) continue;
        const known = wrong.get(column);
        wrong.set(column, {
          rows: (known?.rows ?? 0) + 1,
          found: known?.found ?? found,
          expected: known?.expected ?? wanted,
        });
      }
    }
    expect(Object.fromEntries(wrong)).toEqual({});
  });

  test("every exception is one", () => {
    const expected = rowsOf("request log, JSONL", own);
    const { rows } = results.get(name)!;
    for (const { columns, only } of differs) {
      for (const column of columns) {
        const different = rows.filter(
          (row, i) => (only?.(own[i]!) ?? true) && !isSame(column, row[column], expected[i]![column]),
        );
        expect(different.length, column).toBeGreaterThan(0);
      }
    }
  });
});

function rowsOf(name: string, own: readonly MixedCall[]): RequestRow[] {
  const ids = new Set(own.map(({ id }) => id));
  return results.get(name)!.rows.filter((row) => ids.has(row.request_id));
}

function isExcepted(differs: readonly Exception[], column: keyof RequestRow, call: MixedCall): boolean {
  return differs.some(({ columns, only }) => columns.includes(column) && (only?.(call) ?? true));
}

/** Durations and money went through other units and back: the last bits may differ. Everything else is the same or it isn't. */
function isSame(column: string, found: unknown, wanted: unknown): boolean {
  if (!/_(ms|usd)$/.test(column) || typeof found !== "number" || typeof wanted !== "number")
    return found === wanted;
  return Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
}
