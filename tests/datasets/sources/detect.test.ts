import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reason } from "../../../datasets/quarantine.js";
import { readRecords } from "../../../datasets/reader/read-records.js";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sourceByName, sources } from "../../../datasets/sources/index.js";
import { validateDraft } from "../../../datasets/sources/validate-draft.js";

const otlp = { resourceSpans: [] };
const litellm = { call_type: "acompletion", spend: 1, request_id: "r", model: "m" };
const bedrock = { schemaType: "ModelInvocationLog", modelId: "m" };
const canonical = { id: "a", created_at: "2026-01-01T00:00:00Z", model: "m", prompt: "x" };

describe("detectSource", () => {
  test.each([
    ["otlp", otlp],
    ["litellm", litellm],
    ["bedrock", bedrock],
    ["canonical", canonical],
  ])("recognises %s", (name, line) => {
    const detection = detectSource([line, line, line], sources);
    expect(detection.source?.name).toBe(name);
    expect(detection.source).toBe(sourceByName(name));
    expect(detection.explanation).toContain(name);
  });

  test("follows the majority of the lines", () => {
    expect(detectSource([otlp, {}, otlp, litellm, otlp], sources).source?.name).toBe("otlp");
  });

  test("does not guess when lines disagree, and names the two best", () => {
    const detection = detectSource([otlp, litellm], sources);
    expect(detection.source).toBeNull();
    expect(detection.explanation).toMatch(/otlp.*litellm|litellm.*otlp/);
    expect(detection.explanation).toContain("--source");
  });

  test("does not guess at what nobody knows", () => {
    for (const sample of [[], [{ foo: 1 }], [1, null, "x", []]])
      expect(detectSource(sample, sources).source).toBeNull();
  });
});

describe("every source", () => {
  const reasons = new Set<string>(Object.values(Reason));
  const hostile = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.dictionary(
      fc.constantFrom(
        "resourceSpans",
        "resource",
        "scopeSpans",
        "spans",
        "attributes",
        "events",
        "status",
        "key",
        "value",
        "call_type",
        "spend",
        "request_id",
        "response_cost",
        "hidden_params",
        "metadata",
        "messages",
        "response",
        "startTime",
        "schemaType",
        "modelId",
        "operation",
        "timestamp",
        "input",
        "output",
        "inputBodyJson",
        "created_at",
        "model",
        "prompt",
        "usage",
        "input_tokens",
        "context",
        "trace_id",
        "span_id",
        "start_time",
      ),
      fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.constantFrom(
          "acompletion",
          "ModelInvocationLog",
          "ConverseStream",
          "InvokeModel",
          "2026-01-01T00:00:00Z",
          '{"a":[',
          '{"usage_object":{"prompt_tokens":-1}}',
        ),
      ),
    ),
    fc
      .array(
        fc.record({
          key: fc.constantFrom(
            "gen_ai.request.model",
            "gen_ai.prompt.0.content",
            "gen_ai.usage.input_tokens",
            "ai.operationId",
            "gen_ai.input.messages",
            "__proto__",
          ),
          value: fc.oneof(
            fc.jsonValue(),
            fc.record({ stringValue: fc.string() }),
            fc.record({ intValue: fc.jsonValue() }),
          ),
        }),
      )
      .map((attributes) => ({
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: [{ traceId: "a", spanId: "b", startTimeUnixNano: "1767323045000000000", attributes }],
              },
            ],
          },
        ],
      })),
  );

  test("takes any JSON without throwing and accounts for every record", () => {
    fc.assert(
      fc.property(hostile, (line) => {
        for (const source of sources) {
          const score = source.score(line);
          expect(score >= 0 && score <= 1).toBe(true);
          const records = source.explode?.(line) ?? [line];
          expect(records.length).toBeGreaterThan(0);
          for (const record of records) {
            const mapped = source.map(record);
            if (mapped.kind === "row") validateDraft(mapped.draft, { nowUs: 2e15 });
            else expect(reasons.has(mapped.reason)).toBe(true);
          }
        }
      }),
      { numRuns: 1500 },
    );
  });

  test("takes nesting of any depth", () => {
    const deep = JSON.parse(`${'{"a":['.repeat(20_000)}1${"]}".repeat(20_000)}`);
    const lines = [
      deep,
      { ...litellm, messages: [deep], metadata: deep, response: deep },
      { ...bedrock, operation: "Converse", input: { inputBodyJson: deep }, output: { outputBodyJson: deep } },
      { ...canonical, prompt: deep, response: deep },
      {
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: [
                  {
                    attributes: [
                      { key: "gen_ai.request.model", value: { arrayValue: { values: [deep] } } },
                      { key: "gen_ai.input.messages", value: { stringValue: JSON.stringify(["x"]) } },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    ];
    for (const line of lines) {
      for (const source of sources) {
        source.score(line);
        for (const record of source.explode?.(line) ?? [line])
          expect(source.map(record).kind).toBeTypeOf("string");
      }
    }
  });
});

const logs = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "logs");

describe.skipIf(!existsSync(logs))(`detection on ${logs}`, () => {
  test.each([
    ["litellm/spend_log_row.json", "litellm"],
    ["litellm/standard_logging_payload.json", "litellm"],
    ["otlp-json/langfuse_otel_mapping.otlp.jsonl", "otlp"],
    ["bedrock-invocation/invocations.jsonl", "bedrock"],
    ["bedrock-invocation/20251217T010000000Z_example.json.gz", "bedrock"],
  ])("recognises %s", async (file, name) => {
    const sample: unknown[] = [];
    for await (const batch of readRecords(join(logs, file))) sample.push(...batch.map(({ value }) => value));
    expect(detectSource(sample, sources).source?.name).toBe(name);
  });
});
