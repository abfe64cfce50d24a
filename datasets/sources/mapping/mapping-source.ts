import { canonicalProvider } from "../../prices/provider-names.js";
import { Reason } from "../../quarantine.js";
import { readStatus } from "../canonical/read-status.js";
import { finishReason } from "../finish-reason.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "../source.js";
import { type TimeZone, timeZone, utc } from "../time-zone.js";
import { compilePath, compileRule, type MappedRecord, readFrom } from "./compile-rule.js";
import { expandJson } from "./expand-json.js";
import { FieldReader, type FieldRules } from "./field-reader.js";
import { isMatch } from "./is-match.js";
import type { FieldEntry, FieldRule, Mapping, TokenConvention } from "./mapping.js";
import { type Path, readAll } from "./parse-path.js";
import { type Bodies, readBodies } from "./read-bodies.js";
import { readMappedUsage, type TokenRules } from "./read-mapped-usage.js";
import type { ReadContext } from "./read-value.js";

/** A source that reads a log by a mapping file. Everything it makes of a record is what the file says; nothing is guessed.
 * @param mapping as checkMapping lets it pass
 * @param zone of times that name none, where the mapping has no `time_zone` */
export function mappingSource(mapping: Mapping, zone: TimeZone = utc): Source {
  const plan = compile(mapping, zone);
  return {
    name: mapping.name,
    title: mapping.about ?? `log of ${mapping.name}, read by a mapping file`,
    score: (line) => scoreLine(line, plan),
    ...(plan.explode === null ? {} : { explode: (line: unknown) => explodeLine(line, plan) }),
    map: (record) => mapRecord(record, plan),
  };
}

interface Plan {
  rules: FieldRules;
  conditions: Array<{ path: Path; condition: NonNullable<Mapping["where"]>[string] }>;
  explode: Path | null;
  /** Texts of JSON in the line, and in each record of it. */
  lineJson: Path[];
  itemJson: Path[];
  tokens: TokenRules;
  context: ReadContext;
}

function compile(mapping: Mapping, zone: TimeZone): Plan {
  const nullValues = new Set(mapping.null_values ?? []);
  const entries = Object.entries(mapping.fields) as Array<[keyof typeof mapping.fields, FieldEntry]>;
  const json = (mapping.parse_json ?? []).map(compilePath);
  const explode = mapping.explode === undefined ? null : compilePath(mapping.explode);
  const convention = (given: TokenConvention | FieldRule | undefined) =>
    given === undefined ? null : typeof given === "string" ? given : compileRule(given, nullValues);
  return {
    rules: new Map(entries.map(([name, entry]) => [name, compileRule(entry, nullValues)])),
    conditions: Object.entries(mapping.where ?? {}).map(([path, condition]) => ({
      path: compilePath(path),
      condition,
    })),
    explode,
    lineJson: json.filter(({ isFromRoot }) => explode === null || isFromRoot),
    itemJson: json.filter(({ isFromRoot }) => explode !== null && !isFromRoot),
    tokens: { cache: convention(mapping.tokens?.cache), reasoning: convention(mapping.tokens?.reasoning) },
    context: {
      zone: mapping.time_zone === undefined ? zone : timeZone(mapping.time_zone)!,
      decimal: mapping.decimal ?? ".",
    },
  };
}

/** One record of a line that holds many. It is written as JSON without the line, which would repeat all its siblings. */
class ExplodedRecord implements MappedRecord {
  constructor(
    readonly item: unknown,
    readonly line: unknown,
  ) {}

  toJSON(): unknown {
    return this.item;
  }
}

function explodeLine(line: unknown, { explode, lineJson }: Plan): unknown[] {
  const expanded = expandJson(line, lineJson);
  const found = readAll(expanded, explode!);
  const items = found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  if (found.length > 0 && items.length === 0) return [];
  return found.length === 0 ? [line] : items.map((item) => new ExplodedRecord(item, expanded));
}

function recordOf(record: unknown, { explode, lineJson, itemJson }: Plan): MappedRecord | null {
  if (record instanceof ExplodedRecord) return { item: expandJson(record.item, itemJson), line: record.line };
  if (explode !== null || typeof record !== "object" || record === null) return null;
  const line = expandJson(record, lineJson);
  return { item: line, line };
}

function scoreLine(line: unknown, plan: Plan): number {
  const records = plan.explode === null ? [line] : explodeLine(line, plan).slice(0, recordsScored);
  return Math.max(0, ...records.map((record) => scoreRecord(recordOf(record, plan), plan)));
}

/** A batch may begin with records of another kind. */
const recordsScored = 20;

function scoreRecord(record: MappedRecord | null, { rules, conditions }: Plan): number {
  if (record === null) return 0;
  if (conditions.some(({ path, condition }) => !isMatch(readFrom(record, path), condition))) return 0;
  const has = (...names: Array<keyof Mapping["fields"]>) =>
    names.some((name) => rules.get(name)?.read(record) !== undefined);
  if (!has("created_at")) return 0;
  return has("model", "model_requested", "model_served", "request", "response") ? 0.9 : 0.3;
}

function mapRecord(given: unknown, plan: Plan): Mapped {
  const record = recordOf(given, plan);
  if (record === null) {
    const detail = plan.explode === null ? "the record is no object" : `nothing at ${plan.explode.text}`;
    return { kind: "quarantined", reason: Reason.unknown_schema, detail };
  }
  const failed = plan.conditions.find(({ path, condition }) => !isMatch(readFrom(record, path), condition));
  if (failed)
    return {
      kind: "skipped",
      reason: Reason.not_an_llm_call,
      detail: `${failed.path.text} is not as "where" wants it`,
    };
  const fields = new FieldReader(record, plan.rules, plan.context);
  const draft = readDraft(fields, record, plan);
  if (fields.problem !== null) return { kind: "quarantined", ...fields.problem };
  return "reason" in draft ? { kind: "quarantined", ...draft } : { kind: "row", draft };
}

function readDraft(
  fields: FieldReader,
  record: MappedRecord,
  plan: Plan,
): RequestDraft | { reason: Reason; detail: string } {
  const createdAt = fields.time("created_at");
  const bodies = readBodies(fields);
  const { answer, content } = bodies;
  const provider = canonicalProvider(fields.text("provider"));
  const outcome = readStatus({
    status: fields.raw("status"),
    http_status: fields.count("http_status"),
    error: fields.prose("error") ?? answer.error,
    error_class: fields.text("error_class"),
  });
  if (typeof outcome === "string")
    return { reason: Reason.bad_value, detail: `${outcome}; the mapping file can map the word` };
  const { usage, raw } = readMappedUsage(fields, plan.tokens, {
    record,
    provider,
    bodyUsage: answer.usageRaw,
  });
  if (usage !== null && "error" in usage) return { reason: usage.error, detail: usage.detail };
  return {
    ...unknownDraft,
    ...identityOf(fields),
    endpoint: fields.text("endpoint"),
    createdAt,
    updatedAt: fields.time("updated_at"),
    ...timingOf(fields, createdAt),
    ...modelsOf(fields, bodies),
    provider,
    gateway: fields.text("gateway"),
    ...content,
    usage: usage?.usage ?? null,
    usageRaw: raw,
    costReportedUsd: fields.money("cost_reported_usd"),
    ...outcome,
    finishReason: finishReason(fields.text("finish_reason") ?? answer.finishReason),
    isStream: fields.flag("is_stream") ?? (answer.isStream ? true : null),
    cacheStatus: cacheOf(fields.text("cache_status")),
    feedbackScore: fields.number("feedback_score"),
    serviceTier: fields.text("service_tier") ?? answer.serviceTier,
    isBatch: fields.flag("is_batch"),
    temperature: fields.number("temperature") ?? content.temperature,
    maxTokens: fields.count("max_tokens") ?? content.maxTokens,
    hasJsonSchema: fields.flag("has_json_schema") ?? content.hasJsonSchema,
  };
}

function identityOf(fields: FieldReader): Partial<RequestDraft> {
  return {
    id: fields.text("request_id"),
    attemptNo: fields.count("attempt_no"),
    logicalId: fields.text("logical_id"),
    sessionId: fields.text("session_id"),
    tenant: fields.text("tenant"),
    user: fields.text("user"),
    app: fields.text("app"),
    apiKey: fields.text("api_key"),
  };
}

function timingOf(fields: FieldReader, createdAt: number | null): Pick<RequestDraft, "latencyMs" | "ttftMs"> {
  const until = (name: "ended_at" | "first_token_at") => {
    const at = fields.time(name);
    return at === null || createdAt === null ? null : (at - createdAt) / 1000;
  };
  return {
    latencyMs: fields.duration("latency_ms") ?? until("ended_at"),
    ttftMs: fields.duration("ttft_ms") ?? until("first_token_at"),
  };
}

function modelsOf(fields: FieldReader, { answer, modelRequested }: Bodies): Partial<RequestDraft> {
  const model = fields.text("model");
  return {
    modelRequested: fields.text("model_requested") ?? modelRequested ?? model,
    modelServed: fields.text("model_served") ?? answer.model ?? model,
  };
}

/** Gateways say hit and miss, or true and false; other words (disabled, bypass) say that no cache was asked. */
function cacheOf(word: string | null): RequestDraft["cacheStatus"] {
  const plain = word?.toLowerCase().replace(/[ -]/g, "_");
  if (plain === "true") return "hit";
  if (plain === "false") return "miss";
  return plain === "hit" || plain === "semantic_hit" || plain === "miss" ? plain : null;
}
