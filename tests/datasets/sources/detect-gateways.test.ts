import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reason } from "../../../datasets/quarantine.js";
import { readRecords } from "../../../datasets/reader/read-records.js";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sourceByName, sources } from "../../../datasets/sources/index.js";
import { validateDraft } from "../../../datasets/sources/validate-draft.js";
import { gatewaySamples } from "../../support/gateway-samples.js";
import { mapRecords } from "../../support/map-records.js";

const names = gatewaySamples.map(([name]) => name);
const gateways = names.map((name) => sourceByName(name)!);

describe("gateway sources", () => {
  test.each(gatewaySamples)("%s alone claims its lines", (name, line) => {
    expect(detectSource([line, line, line], sources).source?.name).toBe(name);
    const own = sourceByName(name)!.score(line);
    const others = sources.filter((source) => source.name !== name && source.score(line) >= own);
    expect(others.map((source) => source.name)).toEqual([]);
  });

  test.each(gatewaySamples)("%s recognises a table of texts", (name, line) => {
    const texts = Object.fromEntries(
      Object.entries(line as object).map(([column, value]) => [
        column,
        typeof value === "object" && value !== null ? JSON.stringify(value) : String(value),
      ]),
    );
    // Kong's log has no flat form.
    if (name !== "kong") expect(detectSource([texts, texts], sources).source?.name).toBe(name);
  });

  test("score any JSON 0 that isn't theirs", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (line) => {
        for (const source of gateways) expect(source.score(line)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  const reasons = new Set<string>(Object.values(Reason));
  const fields = gatewaySamples.flatMap(([, line]) => Object.keys(line as object));
  const values = gatewaySamples.flatMap(([, line]) => Object.values(line as object));

  test("answer every record exactly once, whatever stands in their fields", () => {
    const damaged = fc.tuple(
      fc.constantFrom(...gatewaySamples.map(([, line]) => line as object)),
      fc.dictionary(
        fc.constantFrom(...fields, "properties", "result", "data", "records", "tables", "metadata", "cost"),
        fc.oneof(
          fc.jsonValue({ maxDepth: 3 }),
          fc.constantFrom(...values),
          fc.constantFrom("-", "NaN", "1e999", "{", "[1"),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.array(damaged, { minLength: 1, maxLength: 5 }), (lines) => {
        const records = lines.map(([line, change]) => ({ ...line, ...change }));
        for (const source of gateways)
          for (const mapped of mapRecords(source, records))
            if (mapped.kind !== "row") expect(reasons.has(mapped.reason)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("nesting of any depth", () => {
  const deep = JSON.parse(`${'{"a":['.repeat(20_000)}1${"]}".repeat(20_000)}`);

  test.each(gatewaySamples)("is taken by %s in any field", (name, line) => {
    for (const field of Object.keys(line as object)) {
      const source = sourceByName(name)!;
      const damaged = { ...(line as object), [field]: deep };
      source.score(damaged);
      expect(mapRecords(source, [damaged])).toHaveLength(1);
    }
  });
});

/** Where each sample's input count stands. */
const inputCounts: ReadonlyArray<readonly [source: string, path: readonly string[]]> = [
  ["portkey", ["req_units"]],
  ["helicone", ["prompt_tokens"]],
  ["vertex", ["full_response", "usageMetadata", "promptTokenCount"]],
  ["azure-apim", ["PromptTokens"]],
  ["cloudflare", ["tokens_in"]],
  ["kong", ["ai", "proxy", "usage", "prompt_tokens"]],
  ["envoy", ["gen_ai.usage.input_tokens"]],
  ["bifrost", ["token_usage", "prompt_tokens"]],
  ["vercel-gateway", ["inputTokens"]],
];

describe("an input count that can't be one", () => {
  const sampleOf = new Map(gatewaySamples);

  test.each(
    inputCounts.flatMap(([name, path]) => [
      [name, -5, "negative_tokens", path] as const,
      [name, "many", "bad_value", path] as const,
      [name, 1.5, "bad_value", path] as const,
    ]),
  )("is quarantined in %s: %s is %s", (name, count, reason, path) => {
    const line = structuredClone(sampleOf.get(name)) as Record<string, unknown>;
    const last = path.at(-1)!;
    const holder = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, line);
    holder[last] = count;
    expect(mapRecords(sourceByName(name)!, [line])).toMatchObject([{ kind: "quarantined", reason }]);
  });

  test.each(inputCounts)("of a trillion in %s is left to the check of every row", (name, path) => {
    const line = structuredClone(sampleOf.get(name)) as Record<string, unknown>;
    const holder = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, line);
    holder[path.at(-1)!] = 1e12;
    const [mapped] = mapRecords(sourceByName(name)!, [line]);
    const refused = mapped?.kind === "row" ? validateDraft(mapped.draft, { nowUs: 2e15 }) : mapped;
    expect(refused).toMatchObject({ reason: "bad_value" });
  });
});

const logs = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "logs");

async function readValues(file: string): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const batch of readRecords(join(logs, file)))
    values.push(...batch.flatMap((record) => ("value" in record ? [record.value] : [])));
  return values;
}

describe.skipIf(!existsSync(logs))(`gateway sources on ${logs}`, () => {
  test.each([
    ["constructed/portkey_export.jsonl", "portkey", 1],
    ["constructed/helicone_export.jsonl", "helicone", 2],
    ["constructed/vertex_request_response.jsonl", "vertex", 1],
    ["constructed/azure_apim_llm.jsonl", "azure-apim", 1],
    ["constructed/azure_openai_requestresponse.jsonl", "azure-openai", 1],
    ["constructed/cloudflare_api_logs.json", "cloudflare", 3],
    ["constructed/cloudflare_logpush.jsonl", "cloudflare-logpush", 0],
    ["constructed/kong_http_log.jsonl", "kong", 1],
    ["envoy-aigw/access_log.jsonl", "envoy", 1],
    ["constructed/bifrost_log.jsonl", "bifrost", 3],
    ["azure-llm-2023/AzureLLMInferenceTrace_code.csv", "anonymised-trace", 0],
    ["mooncake/synthetic_trace.jsonl", "anonymised-trace", 0],
  ])("recognise %s as %s, %d rows of it", async (file, name, rows) => {
    const values = await readValues(file);
    const { source } = detectSource(values, sources);
    expect(source?.name).toBe(name);
    expect(mapRecords(source!, values).filter(({ kind }) => kind === "row")).toHaveLength(rows);
  });

  test.each([
    "litellm/spend_log_row.json",
    "litellm/standard_logging_payload.json",
    "otlp-json/langfuse_otel_mapping.otlp.jsonl",
    "bedrock-invocation/invocations.jsonl",
    "constructed/anthropic_batch_results.jsonl",
    "constructed/braintrust_span.jsonl",
    "constructed/langsmith_run.jsonl",
    "constructed/mlflow_trace.json",
    "constructed/openai_usage_api.json",
    "constructed/openrouter_generation.json",
    "coding-agents/claude/projects/project-alpha/session-alpha/chat.jsonl",
    "coding-agents/codex/sessions/project-alpha/session-alpha.jsonl",
    "billing-csv/anthropic_usage.csv",
    "billing-csv/openrouter_daily.csv",
    "billing-csv/deepseek_amount.csv",
  ])("claim no line of %s", async (file) => {
    for (const value of await readValues(file))
      for (const source of gateways) expect([source.name, source.score(value)]).toEqual([source.name, 0]);
  });
});
