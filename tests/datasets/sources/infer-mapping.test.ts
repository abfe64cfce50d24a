import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { checkMapping } from "../../../datasets/sources/mapping/check-mapping.js";
import { inferMapping } from "../../../datasets/sources/mapping/infer/infer-mapping.js";
import { mappingSource } from "../../../datasets/sources/mapping/mapping-source.js";
import type { RequestDraft } from "../../../datasets/sources/source.js";
import { inputTotal, outputTotal } from "../../../datasets/tokens/token-usage.js";
import { mutated } from "../../support/mutate-json.js";

/** Calls of a model, to be written in shapes that no source knows. */
const random = createRandom(11);
const models = [
  { name: "gpt-4o", input: 2.5, output: 10 },
  { name: "gpt-4o-mini", input: 0.15, output: 0.6 },
  { name: "claude-sonnet-4-20250514", input: 3, output: 15 },
] as const;
const calls = Array.from({ length: 40 }, (_, i) => {
  const model = models[i % models.length]!;
  const input = 200 + random.below(4000);
  const output = 20 + random.below(600);
  return {
    i,
    model: model.name,
    input,
    output,
    cached: i % 4 === 0 ? Math.floor(input / 2) : 0,
    reasoning: i % 5 === 0 ? Math.floor(output / 3) : 0,
    latencyMs: 400 + output * 14 + random.below(200),
    startMs: Date.UTC(2026, 2, 1, 9) + i * 61_000,
    usd: (input * model.input + output * model.output) / 1e6,
  };
});
type Call = (typeof calls)[number];
const iso = (ms: number) => new Date(ms).toISOString();

interface Shape {
  lines: unknown[];
  /** Rows of the mapping as it is proposed. */
  rows: number;
  /** Facts that the proposal gets right; the others it has to leave out. */
  right: Array<"time" | "model" | "tokens" | "cached" | "reasoning" | "cost" | "latency" | "prompt">;
  /** Keys that are left to be chosen. */
  open: string[];
}

const each = (write: (call: Call) => unknown) => calls.map(write);

const shapes: Record<string, Shape> = {
  "a model serving platform's inference table": {
    lines: each((call) => ({
      databricks_request_id: `dbx-${call.i}`,
      date: iso(call.startMs).slice(0, 10),
      timestamp_ms: call.startMs,
      status_code: 200,
      execution_time_ms: call.latencyMs,
      request: JSON.stringify({ messages: [{ role: "user", content: `Q${call.i}` }] }),
      response: JSON.stringify({
        model: call.model,
        choices: [{ message: { role: "assistant", content: "A" }, finish_reason: "stop" }],
        usage: {
          prompt_tokens: call.input,
          completion_tokens: call.output,
          total_tokens: call.input + call.output,
        },
      }),
    })),
    rows: 40,
    right: ["time", "model", "tokens", "latency", "prompt"],
    open: [],
  },
  "a product analytics export with other events between": {
    lines: each((call) => ({
      event: call.i % 6 === 5 ? "$pageview" : "$ai_generation",
      distinct_id: `person${call.i % 4}`,
      timestamp: iso(call.startMs),
      uuid: `0190-${call.i}`,
      properties:
        call.i % 6 === 5
          ? { $current_url: "/" }
          : {
              $ai_model: call.model,
              $ai_provider: "openai",
              $ai_input_tokens: call.input,
              $ai_output_tokens: call.output,
              $ai_latency: call.latencyMs / 1000,
              $ai_total_cost_usd: call.usd,
              $ai_trace_id: `t${call.i >> 1}`,
              $ai_input: [{ role: "user", content: `hello ${call.i}` }],
            },
    })),
    rows: 34,
    right: ["time", "model", "tokens", "cost", "latency", "prompt"],
    open: [],
  },
  "nested objects, cents, seconds, and a total that tells the convention": {
    lines: each((call) => ({
      id: `r${call.i}`,
      ts: call.startMs / 1000,
      duration: call.latencyMs / 1000,
      llm: { name: call.model, vendor: "OpenAI" },
      tokens: {
        in: call.input,
        out: call.output,
        cached: call.cached,
        thinking: call.reasoning,
        total: call.input + call.output,
      },
      price_cents: call.usd * 100,
      prompt: `hello ${call.i}`,
      outcome: call.i % 9 === 8 ? "failed" : "success",
    })),
    rows: 40,
    right: ["time", "model", "tokens", "cached", "reasoning", "cost", "latency", "prompt"],
    open: [],
  },
  "camel case, milliseconds, cost in millionths without a word, cache outside the input": {
    lines: each((call) => ({
      uuid: `r${call.i}`,
      startTime: call.startMs,
      endTime: call.startMs + call.latencyMs,
      modelName: call.model,
      promptTokens: call.input - call.cached,
      cacheReadTokens: call.cached,
      completionTokens: call.output,
      totalTokens: call.input + call.output,
      cost: Math.round(call.usd * 1e6),
    })),
    rows: 40,
    right: ["time", "model", "tokens", "cached", "cost", "latency"],
    open: [],
  },
  "a spreadsheet in German": {
    lines: each((call) => ({
      Datum: `${String(1 + (call.i % 28)).padStart(2, "0")}.03.2026 09:15`,
      Modell: call.model,
      "Eingabe Tokens": String(call.input),
      "Ausgabe Tokens": String(call.output),
      Kosten: call.usd.toFixed(8).replace(".", ","),
    })),
    rows: 40,
    right: ["model", "tokens", "cost"],
    open: ["time_zone"],
  },
  "dates of which no day is above 12": {
    lines: each((call) => ({
      when: `03/0${1 + (call.i % 9)}/2026 09:15:00`,
      model: call.model,
      input_tokens: call.input,
      output_tokens: call.output,
      latency: call.latencyMs,
    })),
    rows: 40,
    right: ["model", "tokens", "latency"],
    open: ["fields.created_at.unit", "time_zone"],
  },
  "batches of events with JSON inside": {
    lines: [0, 10, 20, 30].map((start) => ({
      sent_at: iso(Date.UTC(2026, 2, 2)),
      service: { name: "checkout" },
      events: calls.slice(start, start + 10).map((call) => ({
        event_id: `e${call.i}`,
        occurred_at: call.startMs * 1000,
        payload: JSON.stringify({
          model: call.model,
          usage: { input_tokens: call.input, output_tokens: call.output },
          elapsed_ms: call.latencyMs,
        }),
      })),
    })),
    rows: 40,
    right: ["time", "model", "tokens", "latency"],
    open: [],
  },
  "a tracing tool's calls with whole bodies": {
    lines: each((call) => ({
      id: `c${call.i}`,
      op_name: "openai.chat.completions.create",
      started_at: iso(call.startMs),
      ended_at: iso(call.startMs + call.latencyMs),
      inputs: { model: call.model, messages: [{ role: "user", content: `x${call.i}` }] },
      output: {
        model: call.model,
        choices: [{ message: { role: "assistant", content: "y" }, finish_reason: "stop" }],
        usage: { prompt_tokens: call.input, completion_tokens: call.output },
      },
    })),
    rows: 40,
    right: ["time", "model", "tokens", "latency", "prompt"],
    open: [],
  },
  "an anonymised trace: relative seconds, no known model": {
    lines: each((call) => ({
      Timestamp: String((call.startMs - calls[0]!.startMs) / 1000),
      Model: "ChatGPT",
      "Request tokens": String(call.input),
      "Response tokens": String(call.output),
      "Log Type": "Conversation log",
    })),
    rows: 40,
    right: ["tokens"],
    open: ["fields.created_at.since", "fields.created_at.unit"],
  },
  "counts and naive times only": {
    lines: each((call) => ({
      TIMESTAMP: iso(call.startMs).replace("T", " ").replace("Z", "0000"),
      ContextTokens: String(call.input),
      GeneratedTokens: String(call.output),
    })),
    rows: 40,
    right: ["time", "tokens"],
    open: ["time_zone", "fields.model.value"],
  },
  "a cost and a latency of unknown units": {
    lines: each((call) => ({
      ts: iso(call.startMs),
      model: "in-house",
      cost: 1 + (call.i % 3),
      latency: 100 + ((call.i * 7) % 40),
    })),
    rows: 40,
    right: ["time"],
    open: ["fields.cost_reported_usd.unit", "fields.latency_ms.unit"],
  },
  "cache and reasoning counts that nothing tells about": {
    lines: each((call) => ({
      ts: iso(call.startMs),
      model: call.model,
      tokens_in: call.input,
      tokens_out: call.output,
      tokens_cached: Math.floor(call.cached / 2),
      tokens_reasoning: call.reasoning,
    })),
    rows: 40,
    right: ["time", "model"],
    open: ["tokens.cache", "tokens.reasoning"],
  },
};

describe.each(Object.entries(shapes))("inferMapping on %s", (_, { lines, rows, right, open }) => {
  const inference = inferMapping(lines, "shape");
  const source = mappingSource(checkMapping(JSON.parse(JSON.stringify(inference.mapping)), "proposal"));
  const mapped = lines
    .flatMap((line) => source.explode?.(line) ?? [line])
    .map((record) => source.map(record));

  test("loads, runs and leaves open what the sample can't tell", () => {
    expect(mapped.filter(({ kind }) => kind === "row")).toHaveLength(rows);
    expect(inference.sample.rows).toBe(rows);
    expect(inference.choices.map(({ key }) => key).sort()).toEqual([...open].sort());
    for (const key of open) expect(inference.mapping.about).toContain(key);
  });

  test(`reads ${right.join(", ")} right, and no other fact wrong`, () => {
    for (const [i, result] of mapped.entries()) {
      if (result.kind !== "row") continue;
      for (const [fact, [found, truth]] of Object.entries(facts(result.draft, calls[i]!))) {
        const isRight = right.includes(fact as Shape["right"][number]);
        if (isRight)
          expect(found, fact).toEqual(typeof truth === "number" ? expect.closeTo(truth, 5) : truth);
        else if (open.length === 0 && fact !== "time")
          expect([null, truth, 0, "none"], fact).toContainEqual(found);
      }
    }
  });

  test("gives a reason and a confidence for every field", () => {
    for (const { confidence, reason, path } of inference.fields) {
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(reason).toMatch(/; /);
      expect(path).not.toBe("");
    }
  });
});

function facts(draft: RequestDraft, call: Call): Record<string, [unknown, unknown]> {
  const { usage } = draft;
  return {
    time: [draft.createdAt, call.startMs * 1000],
    model: [draft.modelServed, call.model],
    tokens: [usage && inputTotal(usage) + outputTotal(usage), call.input + call.output],
    cached: [usage?.inputCacheRead ?? null, call.cached],
    reasoning: [usage?.outputReasoning ?? null, call.reasoning],
    cost: [draft.costReportedUsd, call.usd],
    latency: [draft.latencyMs, call.latencyMs],
    prompt: [draft.prompt === null ? "none" : "some", "some"],
  };
}

test("an amount or a duration of an unknown unit is left out until somebody chooses", () => {
  const { mapping } = inferMapping(shapes["a cost and a latency of unknown units"]!.lines, "x");
  expect(mapping.fields).not.toHaveProperty("cost_reported_usd");
  expect(mapping.fields).not.toHaveProperty("latency_ms");
});

test.each([[[]], [[1, "x", null]], [[{}]], [[[]]], [[{ __proto__: null, a: { b: [1] } }]]])(
  "makes a mapping that loads of %j",
  (lines) => {
    const { mapping, choices } = inferMapping(lines, "x");
    expect(() => checkMapping(mapping, "x")).not.toThrow();
    expect(choices.map(({ key }) => key)).toEqual(["fields.created_at", "fields.model.value"]);
  },
);

test("makes a mapping that loads and runs of any JSON", () => {
  const line = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    mutated(Object.values(shapes).flatMap(({ lines }) => lines.slice(0, 3))),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const { mapping, sample } = inferMapping(lines, "x");
      expect(() => checkMapping(JSON.parse(JSON.stringify(mapping)), "x")).not.toThrow();
      expect(sample.records).toBe(sample.rows + sample.not_rows.reduce((sum, { count }) => sum + count, 0));
    }),
    { numRuns: 300 },
  );
});

test("reads French and Spanish headings, accents or not", () => {
  const french = each((call) => ({
    horodatage: call.startMs,
    modèle: call.model,
    fournisseur: "openai",
    jetons_entrée: call.input,
    jetons_sortie: call.output,
    durée_ms: call.latencyMs,
    coût_centimes: call.usd * 100,
    utilisateur: `u${call.i}`,
  }));
  expect(inferMapping(french, "x").mapping.fields).toEqual({
    created_at: { path: "horodatage", unit: "ms" },
    model: "modèle",
    provider: "fournisseur",
    input_tokens: "jetons_entrée",
    output_tokens: "jetons_sortie",
    latency_ms: "durée_ms",
    cost_reported_usd: { path: "coût_centimes", unit: "cents" },
    user: "utilisateur",
  });
  const spanish = each((call) => ({
    fecha: iso(call.startMs),
    modelo: call.model,
    tokens_entrada: call.input,
    tokens_salida: call.output,
    latencia_segundos: call.latencyMs / 1000,
    coste_usd: call.usd,
  }));
  expect(inferMapping(spanish, "x").mapping.fields).toEqual({
    created_at: "fecha",
    model: "modelo",
    input_tokens: "tokens_entrada",
    output_tokens: "tokens_salida",
    latency_ms: { path: "latencia_segundos", unit: "s" },
    cost_reported_usd: "coste_usd",
  });
});

describe("a date and a time of day in two columns", () => {
  const lines = (row: (call: Call) => object) =>
    each((call) => ({ model: call.model, tokens_in: call.input, tokens_out: call.output, ...row(call) }));
  const clock = (call: Call) => iso(call.startMs).slice(11, 19);
  const first = (sheet: unknown[]) => {
    const mapped = mappingSource(inferMapping(sheet, "x").mapping).map(sheet[0]);
    return mapped.kind === "row" ? mapped.draft.createdAt : null;
  };

  test("are joined, and dates with dots begin with the day", () => {
    const sheet = lines((call) => ({
      Datum: iso(call.startMs).slice(0, 10).split("-").reverse().join("."),
      Uhrzeit: clock(call),
    }));
    expect(inferMapping(sheet, "x").mapping.fields.created_at).toEqual({
      join: ["Datum", "Uhrzeit"],
      unit: "dmy",
    });
    expect(inferMapping(sheet, "x").choices.map(({ key }) => key)).toEqual(["time_zone"]);
    expect(first(sheet)).toBe(calls[0]!.startMs * 1000);
  });

  test("are joined when the date is an ISO date", () => {
    const sheet = lines((call) => ({ date: iso(call.startMs).slice(0, 10), time: clock(call) }));
    expect(inferMapping(sheet, "x").mapping.fields.created_at).toEqual({ join: ["date", "time"] });
    expect(first(sheet)).toBe(calls[0]!.startMs * 1000);
  });

  test("a duration that is written like a clock stays a duration", () => {
    const sheet = lines((call) => ({
      date: iso(call.startMs).slice(0, 10),
      time_taken: `00:00:0${1 + (call.i % 8)}`,
    }));
    expect(inferMapping(sheet, "x").mapping.fields.created_at).toBe("date");
  });
});
