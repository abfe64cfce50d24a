import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../../../datasets/errors.js";
import { readRecords } from "../../../datasets/reader/read-records.js";
import type { RequestRow } from "../../../datasets/request-log.js";
import { checkMapping } from "../../../datasets/sources/mapping/check-mapping.js";
import type { FieldRule, Mapping } from "../../../datasets/sources/mapping/mapping.js";
import { mappingFields } from "../../../datasets/sources/mapping/mapping-fields.js";
import { mappingSource } from "../../../datasets/sources/mapping/mapping-source.js";
import { parsePath, readPath } from "../../../datasets/sources/mapping/parse-path.js";
import { readMapping } from "../../../datasets/sources/mapping/read-mapping.js";
import type { Mapped, RequestDraft } from "../../../datasets/sources/source.js";
import { timeZone } from "../../../datasets/sources/time-zone.js";
import { validateDraft } from "../../../datasets/sources/validate-draft.js";
import { settleUsage } from "../../../datasets/tokens/settle-usage.js";
import { inputTotal, outputTotal } from "../../../datasets/tokens/token-usage.js";
import { openOrCreateWorkspace, type Workspace } from "../../../datasets/workspace.js";
import { ingest } from "../../../pipelines/ingest/ingest.js";
import { checkDraft } from "../../support/check-draft.js";
import { readTable } from "../../support/read-table.js";

const folder = mkdtempSync(join(tmpdir(), "signalbox-mapping-"));
afterAll(() => rmSync(folder, { recursive: true }));

const base = { name: "test", fields: { created_at: "at", model: "model" } } satisfies Mapping;
const at = "2026-01-05T12:00:00Z";
const noon = Date.UTC(2026, 0, 5, 12) * 1000;

function mapAll(mapping: Mapping, line: unknown): Mapped[] {
  const source = mappingSource(checkMapping(mapping, "map.json"));
  return (source.explode?.(line) ?? [line]).map((record) => source.map(record));
}

function draftOf(mapping: Mapping, line: unknown): RequestDraft {
  const [mapped] = mapAll(mapping, line);
  if (mapped?.kind !== "row") throw new Error(JSON.stringify(mapped));
  return mapped.draft;
}

function withField(name: string, rule: string | string[] | FieldRule, more: Partial<Mapping> = {}): Mapping {
  return { ...base, ...more, fields: { ...base.fields, [name]: rule } } as Mapping;
}

describe("parsePath", () => {
  const record = {
    a: { b: 1, "b.c": 2 },
    "x.y": { z: 3 },
    "deep.er.key": 4,
    list: [{ n: "in", v: 5 }, { n: "out", v: 6 }, null],
    'quo"te': 7,
    "Prompt Tokens": 8,
    "price[USD]": 9,
    nothing: null,
  };

  test.each([
    ["a.b", 1],
    ["$.a.b", 1],
    ['a["b.c"]', 2],
    ["a['b.c']", 2],
    ["x.y.z", 3],
    ["deep.er.key", 4],
    ["list[0].v", 5],
    ["list[-2].v", 6],
    ["list[*].v", 5],
    ['list[?n=="out"].v', 6],
    ["list[?(@.n == 'out')].v", 6],
    ['["quo\\"te"]', 7],
    ["Prompt Tokens", 8],
    ['["price[USD]"]', 9],
    ["nothing", undefined],
    ["a.b.c", 2],
    ["list.v", undefined],
    ["toString", undefined],
    ["a.__proto__", undefined],
    ["list[99999]", undefined],
  ])("%s leads to %s", (text, value) => {
    const path = parsePath(text);
    if ("error" in path) throw new Error(path.error);
    expect(readPath(record, path)).toBe(value);
  });

  test.each(["", "  ", "a..b", "a[", "a[b]", "a[?x]", ".a.", "a[1"])("%s is refused", (text) => {
    expect(parsePath(text)).toHaveProperty("error");
  });
});

describe("times, durations and money", () => {
  test.each([
    ["2026-01-05T12:00:00Z", {}, noon],
    ["2026-01-05 12:00:00.5", {}, noon + 500_000],
    ["2026-01-05 13:00:00", { zone: "Europe/Berlin" }, noon],
    ["2026-01-05T12:00:00+00:00", { zone: "Europe/Berlin" }, noon],
    ["2026-01-05 20:00:00", { zone: "+08:00" }, noon],
    ["Mon, 05 Jan 2026 12:00:00 GMT", { zone: "Asia/Tokyo" }, noon],
    [noon / 1e6, { unit: "s" }, noon],
    [String(noon / 1e6), { unit: "s" }, noon],
    [noon / 1e3, { unit: "ms" }, noon],
    [noon, { unit: "us" }, noon],
    [`${noon}000`, { unit: "ns" }, noon],
    [noon / 1e3, { unit: "auto" }, noon],
    ["2026-01-05 13:00", { unit: "auto", zone: "Europe/Berlin" }, noon],
    [46_027.5, { unit: "excel" }, noon],
    ["05.01.2026 12:00", { unit: "dmy" }, noon],
    ["1/5/26, 12:00:00 PM", { unit: "mdy" }, noon],
    ["1/5/2026 12:00 am", { unit: "mdy" }, noon - 43_200_000_000],
    [1500, { unit: "ms", since: at }, noon + 1_500_000],
    [0, { unit: "s", since: at }, noon],
  ])(
    "reads the time %s",
    (value, { unit, zone, since }: { unit?: string; zone?: string; since?: string }, micros) => {
      const mapping = withField("created_at", { path: "at", unit, since }, { time_zone: zone });
      expect(draftOf(mapping, { at: value, model: "m" }).createdAt).toBe(micros);
    },
  );

  test.each([
    [noon / 1e6, undefined],
    ["1767614400", undefined],
    ["yesterday", undefined],
    ["31.02.2026", "dmy"],
    ["13/13/2026", "mdy"],
    [5, "s"],
    [{}, "iso"],
    [true, "s"],
  ])("does not guess at the time %s in %s", (value, unit) => {
    const [mapped] = mapAll(withField("created_at", { path: "at", unit }), { at: value, model: "m" });
    expect(mapped).toMatchObject({ kind: "quarantined", reason: "missing_time" });
  });

  test("the hour that the clocks bring twice is the first one, the one they leave out is before the change", () => {
    const berlin = timeZone("Europe/Berlin")!;
    const wall = (text: string) => Date.parse(`${text}Z`) * 1000;
    const utc = (micros: number) => new Date(micros / 1000).toISOString();
    expect(utc(berlin.toUtc(wall("2026-10-25T02:30:00")))).toBe("2026-10-25T00:30:00.000Z");
    expect(utc(berlin.toUtc(wall("2026-10-25T03:30:00")))).toBe("2026-10-25T02:30:00.000Z");
    expect(utc(berlin.toUtc(wall("2026-03-29T02:30:00")))).toBe("2026-03-29T01:30:00.000Z");
    expect(utc(berlin.toUtc(wall("2026-07-01T12:00:00")))).toBe("2026-07-01T10:00:00.000Z");
    expect(timeZone("Europe/Atlantis")).toBeNull();
  });

  test.each([
    [1.25, "s", 1250],
    ["350", undefined, 350],
    [2_000_000, "ns", 2],
    [2500, "us", 2.5],
    [0.5, "min", 30_000],
    ["1.2s", "text", 1200],
    ["350 ms", "text", 350],
    ["00:00:01.25", "text", 1250],
    ["PT1.5S", "text", 1500],
    ["12µs", "text", 0.012],
  ])("reads the duration %s in %s", (value, unit, ms) => {
    const draft = draftOf(withField("latency_ms", { path: "took", unit }), { at, model: "m", took: value });
    expect(draft.latencyMs).toBeCloseTo(ms, 9);
  });

  test("takes the latency from start to end, and the first token's", () => {
    const mapping: Mapping = {
      ...base,
      fields: { ...base.fields, ended_at: "end", first_token_at: "first" },
    };
    const draft = draftOf(mapping, {
      at,
      model: "m",
      end: "2026-01-05T12:00:01.5Z",
      first: "2026-01-05T12:00:00.25Z",
    });
    expect(draft).toMatchObject({ latencyMs: 1500, ttftMs: 250 });
  });

  test.each([
    [0.0125, undefined, 1, ".", 0.0125],
    ["$0.0125", "usd", 1, ".", 0.0125],
    [1.25, "cents", 1, ".", 0.0125],
    [12_500, "micro_usd", 1, ".", 0.0125],
    ["0,0125", "usd", 1.08, ",", 0.0135],
    ["1.234,5", "usd", 1, ",", 1234.5],
    ["1,234.5", "usd", 1, ".", 1234.5],
  ] as const)("reads the cost %s in %s", (value, unit, factor, decimal, usd) => {
    const mapping = withField("cost_reported_usd", { path: "cost", unit, factor }, { decimal });
    expect(draftOf(mapping, { at, model: "m", cost: value }).costReportedUsd).toBeCloseTo(usd, 12);
  });

  test.each([
    ["cost_reported_usd", "0,0125"],
    ["cost_reported_usd", "n/a"],
    ["latency_ms", "1.2s"],
    ["input_tokens", 12.5],
    ["input_tokens", "twelve"],
    ["is_stream", "perhaps"],
    ["tenant", { name: "x" }],
    ["status", "odd"],
    ["ended_at", "soon"],
  ])("quarantines a %s of %s and says so", (name, value) => {
    const [mapped] = mapAll(withField(name, "x"), { at, model: "m", x: value });
    expect(mapped).toMatchObject({ kind: "quarantined", reason: "bad_value" });
    expect((mapped as { detail: string }).detail).toContain(name.replace("status", "status is"));
  });
});

describe("rules", () => {
  test("take the first path with a value, constants, other words and parts of a text", () => {
    const mapping: Mapping = {
      ...base,
      null_values: ["NULL"],
      fields: {
        created_at: "at",
        model_requested: ["asked", "wanted"],
        model_served: { path: "url", match: "deployments/([^/]+)" },
        provider: { value: "azure_openai" },
        status: { path: "code", map: { "200": "ok", "*": "error" } },
        endpoint: { path: "kind", map: { c: "chat", x: null } },
      },
    };
    expect(
      draftOf(mapping, {
        at,
        asked: "NULL",
        wanted: "gpt-4o",
        url: "/deployments/prod/chat",
        code: 200,
        kind: "c",
      }),
    ).toMatchObject({
      modelRequested: "gpt-4o",
      modelServed: "prod",
      provider: "azure",
      status: "ok",
      endpoint: "chat",
    });
    expect(draftOf(mapping, { at, wanted: "m", code: 503, kind: "x" })).toMatchObject({
      modelServed: null,
      status: "error",
      endpoint: null,
    });
    expect(draftOf(mapping, { at, wanted: "m", kind: "y" }).endpoint).toBe("y");
  });

  test("read records of an array, texts of JSON, and what stands beside the array", () => {
    const mapping: Mapping = {
      ...base,
      explode: "$.payload.items",
      parse_json: ["$.payload", "body"],
      where: { "body.kind": ["llm", "embed"] },
      fields: { created_at: "body.at", model: "body.model", session_id: "$.trace", request_id: "id" },
    };
    const item = (kind: string, id: string) => ({ id, body: JSON.stringify({ at, model: "m", kind }) });
    const line = {
      trace: "t1",
      payload: JSON.stringify({ items: [item("llm", "a"), item("tool", "b"), item("embed", "c")] }),
    };
    const mapped = mapAll(mapping, line);
    expect(mapped.map(({ kind }) => kind)).toEqual(["row", "skipped", "row"]);
    expect(mapped[0]).toMatchObject({ draft: { id: "a", sessionId: "t1", createdAt: noon } });
    const records = mappingSource(mapping).explode!(line);
    expect(JSON.stringify(records[1])).toBe(JSON.stringify(item("tool", "b")));
    expect(mapAll(mapping, { payload: "{}" })).toMatchObject([
      { kind: "quarantined", reason: "unknown_schema" },
    ]);
    expect(mapAll(mapping, { payload: { items: [] } })).toEqual([]);
    expect(mapAll(mapping, 5)).toMatchObject([{ kind: "quarantined", reason: "unknown_schema" }]);
  });

  test.each([
    [{ type: "llm" }, true],
    [{ type: ["chat", "llm"] }, true],
    [{ type: "tool" }, false],
    [{ n: "5" }, true],
    [{ n: { not: [4, 5] } }, false],
    [{ gone: { exists: false } }, true],
    [{ gone: null }, true],
    [{ type: { exists: true, match: "^l" } }, true],
    [{ type: "llm", n: 6 }, false],
  ])("where %j passes: %s", (where, passes) => {
    const [mapped] = mapAll({ ...base, where } as Mapping, { at, model: "m", type: "llm", n: 5 });
    expect(mapped?.kind).toBe(passes ? "row" : "skipped");
  });

  test("read a provider's own bodies", () => {
    const mapping: Mapping = {
      name: "bodies",
      fields: { created_at: "at", request: "req", response: "res" },
    };
    const draft = draftOf(mapping, {
      at,
      req: JSON.stringify({
        model: "gpt-4o",
        messages: [
          { role: "system", content: "S" },
          { role: "user", content: "Q" },
        ],
        temperature: 0.5,
        max_tokens: 9,
        response_format: { type: "json_object" },
      }),
      res: {
        model: "gpt-4o-2024-08-06",
        choices: [{ message: { content: "A" }, finish_reason: "length" }],
        usage: { prompt_tokens: 10, completion_tokens: 9, prompt_tokens_details: { cached_tokens: 4 } },
      },
    });
    expect(draft).toMatchObject({
      modelRequested: "gpt-4o",
      modelServed: "gpt-4o-2024-08-06",
      prompt: { system: "S", messages: [{ role: "user", content: "Q" }] },
      output: "A",
      finishReason: "length",
      usage: { inputUncached: 6, inputCacheRead: 4, outputText: 9 },
      temperature: 0.5,
      maxTokens: 9,
      hasJsonSchema: true,
    });
    const streamed = draftOf(mapping, {
      at,
      res: 'data: {"model":"m","choices":[{"delta":{"content":"A"}}]}\n\ndata: {"choices":[{"delta":{"content":"B"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    });
    expect(streamed).toMatchObject({ output: "AB", isStream: true, modelServed: "m" });
  });

  test("an error text makes the row an error and names its class", () => {
    const mapping = withField("error", "err");
    expect(draftOf(mapping, { at, model: "m", err: { code: "rate_limit_exceeded" } })).toMatchObject({
      status: "error",
      errorClass: "rate_limit",
    });
    expect(draftOf(mapping, { at, model: "m", err: "" }).status).toBe("ok");
  });
});

describe("token conventions", () => {
  const fields = {
    ...base.fields,
    input_tokens: "in",
    output_tokens: "out",
    total_tokens: "total",
    input_cache_read_tokens: "read",
    input_cache_write_5m_tokens: "write",
    output_reasoning_tokens: "think",
  };
  const usageOf = (tokens: Mapping["tokens"], row: object) =>
    mapAll({ ...base, fields, tokens }, { at, model: "m", ...row })[0]!;
  const inclusive = { cache: "inclusive", reasoning: "inclusive" } as const;
  const exclusive = { cache: "exclusive", reasoning: "exclusive" } as const;
  const auto = { cache: "auto", reasoning: "auto" } as const;

  test.each([
    [inclusive, { in: 100, out: 50, read: 30, write: 10, think: 20 }, [60, 30, 10, 30, 20]],
    [exclusive, { in: 100, out: 50, read: 30, write: 10, think: 20 }, [100, 30, 10, 50, 20]],
    [auto, { in: 100, out: 50, read: 30, write: 10, think: 20, total: 150 }, [60, 30, 10, 30, 20]],
    [auto, { in: 100, out: 50, read: 30, write: 10, think: 20, total: 190 }, [100, 30, 10, 30, 20]],
    [auto, { in: 100, out: 50, read: 30, write: 10, think: 20, total: 210 }, [100, 30, 10, 50, 20]],
    [auto, { in: 10, out: 50, read: 3000, think: 20 }, [10, 3000, 0, 30, 20]],
    [auto, { in: 100, out: 5, think: 20 }, [100, 0, 0, 5, 20]],
    [inclusive, { in: 100, total: 150 }, [100, 0, 0, 50, 0]],
    [exclusive, { out: 50, total: 180, read: 30 }, [100, 30, 0, 50, 0]],
    [inclusive, { in: "100", out: "50" }, [100, 0, 0, 50, 0]],
    [inclusive, { in: 100 }, [100, 0, 0, 0, 0]],
  ])("%j reads %j", (tokens, row, [uncached, read, write, text, reasoning]) => {
    const mapped = usageOf(tokens, row);
    expect(mapped).toMatchObject({
      kind: "row",
      draft: {
        usage: {
          inputUncached: uncached,
          inputCacheRead: read,
          inputCacheWrite5m: write,
          outputText: text,
          outputReasoning: reasoning,
        },
      },
    });
  });

  test.each([
    [inclusive, { in: 10, out: 5, read: 30 }, "cache_exceeds_input"],
    [inclusive, { in: 10, out: 5, think: 6 }, "bad_value"],
    [inclusive, { in: 100, out: 50, read: 30, total: 180 }, "bad_value"],
    [exclusive, { in: 100, out: 50, read: 30, total: 150 }, "bad_value"],
    [auto, { in: 100, out: 50, read: 30, total: 999 }, "bad_value"],
    [inclusive, { in: -1, out: 5 }, "negative_tokens"],
  ])("%j refuses %j", (tokens, row, reason) => {
    expect(usageOf(tokens, row)).toMatchObject({ kind: "quarantined", reason });
  });

  test("the convention may depend on the row", () => {
    const cache = { path: "vendor", map: { anthropic: "exclusive", "*": "inclusive" } };
    const read = (vendor: string) =>
      usageOf({ cache, reasoning: "inclusive" }, { vendor, in: 100, out: 5, read: 30 });
    expect(read("anthropic")).toMatchObject({ draft: { usage: { inputUncached: 100 } } });
    expect(read("openai")).toMatchObject({ draft: { usage: { inputUncached: 70 } } });
    const odd = usageOf(
      { cache: "inclusive", reasoning: { path: "vendor" } },
      { vendor: "x", in: 1, out: 1 },
    );
    expect(odd).toMatchObject({ kind: "quarantined", reason: "bad_value" });
  });

  test("a row without counts has none, and a count alone beside the other side's text is unknown", () => {
    expect(usageOf(inclusive, {})).toMatchObject({ draft: { usage: null, usageRaw: null } });
    const mapping: Mapping = { ...base, fields: { ...base.fields, input_tokens: "in", output_text: "text" } };
    expect(settleUsage(draftOf(mapping, { at, model: "m", in: 5, text: "long" }))).toBeNull();
    expect(settleUsage(draftOf(mapping, { at, model: "text-embedding-3-small", in: 5 }))).toMatchObject({
      inputUncached: 5,
      outputText: 0,
    });
  });

  test("a usage object is read whatever its shape", () => {
    const mapping = withField("usage", "u", { parse_json: ["u"] });
    const draft = draftOf(mapping, {
      at,
      model: "m",
      u: '{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":5}',
    });
    expect(draft.usage && inputTotal(draft.usage)).toBe(100);
  });
});

describe("checkMapping", () => {
  const valid = { name: "x", fields: { created_at: "at", model: "m" } };
  const fields = (more: object) => ({ ...valid, fields: { ...valid.fields, ...more } });

  test.each([
    [[], /one JSON object/],
    [{ ...valid, name: undefined }, /name is missing/],
    [{ ...valid, name: "Has Blanks" }, /name is to be/],
    [{ ...valid, feilds: {} }, /feilds is not known here; did you mean fields\?/],
    [{ name: "x" }, /fields is missing/],
    [fields({ modle: "m" }), /fields\.modle is no field; did you mean model\?/],
    [fields({ prompt_tokens: "m" }), /did you mean input_tokens\?/],
    [
      fields({ latency_ms: { path: "a", unit: "sec" } }),
      /fields\.latency_ms\.unit is "sec".*Allowed: ms, s, us/,
    ],
    [fields({ tenant: { path: "a", unit: "s" } }), /tenant has no units/],
    [fields({ tenant: { path: "a", factor: 2 } }), /tenant is no number/],
    [fields({ tenant: { pth: "a" } }), /fields\.tenant\.pth is not known here; did you mean path\?/],
    [fields({ tenant: {} }), /has none of path, join and value/],
    [fields({ tenant: { path: "a", value: 1 } }), /has path and value/],
    [fields({ tenant: "a..b" }), /fields\.tenant is no path/],
    [fields({ tenant: ["a", "b["] }), /fields\.tenant\[1\] is no path/],
    [fields({ tenant: [] }), /empty list/],
    [fields({ tenant: 5 }), /give a path/],
    [fields({ tenant: { path: "a", match: "(" } }), /no regular expression/],
    [fields({ tenant: { path: "a", map: ["x"] } }), /map is to be an object/],
    [fields({ tenant: { value: { a: 1 } } }), /not a single value/],
    [fields({ input_tokens: { path: "a", factor: 0 } }), /factor is 0/],
    [fields({ created_at: { path: "a", since: "then", unit: "ms" } }), /since is "then"/],
    [fields({ created_at: { path: "a", since: at } }), /since goes with a unit/],
    [fields({ usage: { value: 5 } }), /usage is no single value/],
    [fields({ input_cache_read_tokens: "a" }), /tokens\.cache is missing/],
    [fields({ output_reasoning_tokens: "a" }), /tokens\.reasoning is missing/],
    [{ ...valid, tokens: { cache: "incl" } }, /Allowed: inclusive, exclusive, auto/],
    [{ ...valid, tokens: { cach: "auto" } }, /did you mean cache\?/],
    [{ ...valid, time_zone: "Mars" }, /time_zone is "Mars"/],
    [{ ...valid, decimal: ";" }, /decimal is ";"/],
    [{ ...valid, where: ["a"] }, /where is to be an object/],
    [{ ...valid, where: { a: { nott: 1 } } }, /did you mean not\?/],
    [{ ...valid, where: { a: { match: "[" } } }, /no regular expression/],
    [{ ...valid, parse_json: ["a[*]"] }, /names one text/],
    [{ ...valid, parse_json: "a" }, /not a list/],
    [{ ...valid, explode: "a[" }, /explode is no path/],
    [{ name: "x", fields: { model: "m" } }, /created_at is missing/],
    [{ name: "x", fields: { created_at: "m" } }, /say which it was/],
  ])("refuses %j", (document, message) => {
    const check = () => checkMapping(document, "map.json");
    expect(check).toThrow(InputError);
    expect(check).toThrow(message);
    expect(check).toThrow(/^map\.json: /);
  });

  test("a file that is missing or no JSON is told by its name", () => {
    expect(() => readMapping(join(folder, "none.json"))).toThrow(/none\.json.*mapping-files\.md/);
    writeFileSync(join(folder, "bad.json"), "{");
    expect(() => readMapping(join(folder, "bad.json"))).toThrow(/bad\.json: not readable as JSON/);
  });
});

describe("the examples", () => {
  const examples = readdirSync("examples/mapping").filter((name) => name.endsWith(".json"));

  test.each(examples)("%s is a mapping file", (name) => {
    const { mapping, sha256 } = readMapping(join("examples/mapping", name));
    expect(mappingSource(mapping).name).toBe(mapping.name);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("gateway-events reads what it says", () => {
    const { mapping } = readMapping("examples/mapping/gateway-events.json");
    const event = {
      id: "e1",
      kind: "llm",
      ts: noon / 1000,
      took: 1.5,
      model: "auto",
      routed_to: "gpt-4o",
      upstream: "oai",
      prompt: "Q",
      completion: "A",
      usage: '{"in":100,"out":50,"cache.read":30,"think":20}',
      price: 0.5,
      code: 200,
    };
    const [row, other] = mapAll(mapping, {
      trace: { id: "t" },
      service: "s",
      events: [event, { kind: "http" }],
    });
    expect(row).toMatchObject({
      draft: {
        id: "e1",
        sessionId: "t",
        app: "s",
        createdAt: noon,
        latencyMs: 1500,
        modelServed: "gpt-4o",
        modelRequested: "auto",
        provider: "openai",
        usage: { inputUncached: 100, inputCacheRead: 30, outputText: 30, outputReasoning: 20 },
        costReportedUsd: 0.005,
        status: "ok",
        httpStatus: 200,
      },
    });
    expect(other?.kind).toBe("skipped");
  });

  test("spreadsheet reads what it says", async () => {
    const { mapping } = readMapping("examples/mapping/spreadsheet.json");
    const path = join(folder, "sheet.csv");
    writeFileSync(
      path,
      '\ufeffDatum;Uhrzeit;Modell;Anwendung;Frage;Antwort;Tokens ein;Tokens aus;Kosten (EUR);Dauer\r\n05.01.2026;13:00;gpt-4o;Büro;"Was;\r\nnun?";Nichts;1.200;8;0,01;"1,5 s"\r\n',
    );
    const [mapped] = (await valuesOf(path)).flatMap((value) => mapAll(mapping, value));
    expect(mapped).toMatchObject({
      draft: {
        createdAt: noon,
        usage: { inputUncached: 1200, outputText: 8 },
        costReportedUsd: 0.0108,
        latencyMs: 1500,
        prompt: { messages: [{ content: "Was;\r\nnun?" }] },
      },
    });
  });
});

async function valuesOf(path: string): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const batch of readRecords(path)) for (const { value } of batch) values.push(value);
  return values;
}

const logs = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "logs");

describe.skipIf(!existsSync(logs))(`anonymised traces in ${logs}`, () => {
  test.each([
    ["azure-llm-2023/AzureLLMInferenceTrace_code.csv", "azure-llm-trace", 8819, 18_059_974, 245_896],
    ["azure-llm-2023/AzureLLMInferenceTrace_conv.csv", "azure-llm-trace", 19_366, 22_361_870, 4_088_665],
    ["mooncake/conversation_trace.jsonl", "mooncake-trace", 12_031, 144_793_823, 4_122_048],
  ])("%s is read whole by %s", async (file, name, rows, input, output) => {
    const { mapping } = readMapping(`examples/mapping/${name}.json`);
    const source = mappingSource(mapping);
    const totals = { rows: 0, input: 0, output: 0 };
    for (const value of await valuesOf(join(logs, file))) {
      const mapped = source.map(value);
      if (mapped.kind !== "row") throw new Error(JSON.stringify(mapped));
      expect(validateDraft(mapped.draft, { nowUs: 2e15 })).toBeNull();
      totals.rows += 1;
      totals.input += inputTotal(mapped.draft.usage!);
      totals.output += outputTotal(mapped.draft.usage!);
    }
    expect(totals).toEqual({ rows, input, output });
  });
});

describe("ingest by a mapping file", () => {
  const log = join(folder, "calls.csv");
  const map = join(folder, "map.json");
  const write = (price: FieldRule) =>
    writeFileSync(
      map,
      JSON.stringify({
        name: "calls",
        fields: {
          created_at: "when",
          model: "model",
          input_tokens: "in",
          output_tokens: "out",
          cost_reported_usd: price,
        },
      }),
    );
  writeFileSync(log, "when,model,in,out,price\n2026-01-05 12:00,gpt-4o,1000,10,0.26\nnever,gpt-4o,1,1,0\n");
  const stored = (workspace: Workspace) =>
    readTable<RequestRow>(workspace, "SELECT source, cost_reported_usd, cost_list_usd FROM requests");

  test("stores its rows, and reads the file again only when the mapping changes", async () => {
    const workspace = openOrCreateWorkspace(join(folder, "ws"));
    write({ path: "price" });
    const first = await ingest(workspace, [log], { map });
    expect(first.totals).toMatchObject({ read: 2, accepted: 1, quarantined: 1 });
    expect(first.reasons).toMatchObject([{ reason: "missing_time" }]);
    expect(await stored(workspace)).toMatchObject([
      { source: "calls", cost_reported_usd: 0.26, cost_list_usd: 0.0026 },
    ]);
    expect((await ingest(workspace, [log], { map })).files).toMatchObject([{ reused: true }]);
    write({ path: "price", unit: "cents" });
    expect((await ingest(workspace, [log], { map })).files).toMatchObject([{ reused: false }]);
    expect(await stored(workspace)).toMatchObject([{ cost_reported_usd: 0.0026 }]);
    expect((await ingest(workspace, [log])).files).toMatchObject([{ reused: false }]);
  });

  test("refuses a source and a mapping file at once, and a mapping called like a source", async () => {
    const workspace = openOrCreateWorkspace(join(folder, "ws"));
    write({ path: "price" });
    await expect(ingest(workspace, [log], { map, source: "litellm" })).rejects.toThrow(
      /both say how to read/,
    );
    writeFileSync(map, JSON.stringify({ ...base, name: "litellm" }));
    await expect(ingest(workspace, [log], { map })).rejects.toThrow(/choose another/);
  });
});

test("any rule that the check lets pass reads any record without throwing", () => {
  const path = fc.constantFrom(
    "a",
    "a.b",
    "a[0]",
    "a[*]",
    'a[?b=="x"].c',
    '["a.b"]',
    "$",
    "$.a",
    "toString",
    "__proto__",
  );
  const rule = fc.oneof(
    path,
    fc.array(path, { minLength: 1, maxLength: 3 }),
    fc.record(
      {
        path: fc.oneof(path, fc.array(path, { minLength: 1, maxLength: 3 })),
        join: fc.array(path, { minLength: 1, maxLength: 2 }),
        value: fc.constantFrom("x", 1, true, null),
        match: fc.constantFrom("(.)", "x+", "("),
        map: fc.constant({ x: "ok", "*": 1 }),
        unit: fc.constantFrom("s", "ms", "iso", "dmy", "auto", "text", "cents", "bad"),
        factor: fc.constantFrom(0.5, 2, -1),
        since: fc.constantFrom("2026-01-01", "then"),
      },
      { requiredKeys: [] },
    ),
  );
  const names = fc.constantFrom(...(Object.keys(mappingFields) as Array<keyof typeof mappingFields>));
  const record = fc.dictionary(fc.constantFrom("a", "b", "a.b", "toString"), fc.jsonValue({ maxDepth: 3 }));
  const mapping = fc.record(
    {
      explode: path,
      parse_json: fc.array(path, { maxLength: 2 }),
      where: fc.dictionary(
        path,
        fc.constantFrom("x", 1, null, { exists: true }, { not: ["x"] }, { match: "x" }),
        { maxKeys: 2 },
      ),
      decimal: fc.constantFrom(".", ","),
      time_zone: fc.constantFrom("Europe/Berlin", "+08:00"),
      tokens: fc.constantFrom(
        { cache: "auto", reasoning: "auto" },
        { cache: "exclusive", reasoning: { path: "a" } },
      ),
      fields: fc
        .dictionary(names, rule, { maxKeys: 8 })
        .map((fields) => ({ created_at: "a", model: "b", ...fields })),
    },
    { requiredKeys: ["fields"] },
  );
  let passed = 0;
  fc.assert(
    fc.property(mapping, fc.array(record, { maxLength: 3 }), (document, records) => {
      let checked: Mapping;
      try {
        checked = checkMapping({ name: "x", ...document }, "x");
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        return;
      }
      passed += 1;
      const source = mappingSource(checked);
      for (const line of records) {
        expect(source.score(line)).toBeLessThanOrEqual(1);
        for (const item of source.explode?.(line) ?? [line]) {
          const mapped = source.map(item);
          if (mapped.kind === "row") checkDraft(mapped.draft);
        }
      }
    }),
    { numRuns: 1500 },
  );
  expect(passed).toBeGreaterThan(100);
});

test("every example names the schema that lies beside the code", () => {
  for (const name of readdirSync("examples/mapping"))
    expect(JSON.parse(readFileSync(join("examples/mapping", name), "utf8")).$schema).toBe(
      "../../datasets/sources/mapping/mapping.schema.json",
    );
});
