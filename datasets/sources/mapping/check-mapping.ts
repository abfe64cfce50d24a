import { InputError } from "../../errors.js";
import { asArray, asRecord, type JsonRecord, printed } from "../json-access.js";
import { readTimestamp } from "../read-time.js";
import { timeZone } from "../time-zone.js";
import type { FieldEntry, Mapping } from "./mapping.js";
import { TokenConvention } from "./mapping.js";
import { type MappingFieldName, mappingFields, unitsOf } from "./mapping-fields.js";
import { nearestName } from "./nearest-name.js";
import { parsePath } from "./parse-path.js";

/** Check that a parsed JSON document is a mapping file.
 * @param where the file, for messages
 * @throws {InputError} for the first thing that is wrong: file, key, what is allowed, the nearest name */
export function checkMapping(document: unknown, where: string): Mapping {
  const mapping = asRecord(document);
  if (mapping === null) throw new InputError(`${where}: a mapping file is one JSON object`);
  const check = new Checker(where);
  check.keys("", mapping, topKeys);
  check.text("name", mapping.name);
  if (mapping.name === undefined) check.fail("name", "is missing; name the log, such as acme-gateway");
  if (!/^[a-z0-9][a-z0-9._-]{0,59}$/.test(String(mapping.name)))
    check.fail("name", "is to be small letters, digits, dots, hyphens and underscores, 60 at most");
  check.text("about", mapping.about);
  check.text("$schema", mapping.$schema);
  check.path("explode", mapping.explode);
  for (const [i, path] of check.list("parse_json", mapping.parse_json).entries()) {
    check.path(`parse_json[${i}]`, path);
    check.isPlain(`parse_json[${i}]`, path as string);
  }
  for (const [i, text] of check.list("null_values", mapping.null_values).entries())
    check.text(`null_values[${i}]`, text);
  checkWhere(check, mapping.where);
  checkSettings(check, mapping);
  checkFields(check, mapping.fields);
  checkTokens(check, mapping);
  return document as Mapping;
}

const topKeys = [
  "$schema",
  "name",
  "about",
  "explode",
  "parse_json",
  "where",
  "time_zone",
  "decimal",
  "null_values",
  "tokens",
  "fields",
];
const ruleKeys = ["path", "join", "value", "match", "map", "unit", "factor", "since"];
const fieldNames = Object.keys(mappingFields) as MappingFieldName[];

class Checker {
  constructor(private readonly where: string) {}

  fail(key: string, problem: string): never {
    throw new InputError(`${this.where}: ${key === "" ? "" : `${key} `}${problem}`);
  }

  keys(at: string, record: JsonRecord, allowed: readonly string[]): void {
    for (const key of Object.keys(record)) {
      if (allowed.includes(key)) continue;
      const nearest = nearestName(key, allowed);
      const meant = nearest === null ? "" : `; did you mean ${nearest}?`;
      this.fail(at === "" ? key : `${at}.${key}`, `is not known here${meant} Allowed: ${allowed.join(", ")}`);
    }
  }

  text(key: string, value: unknown): void {
    if (value !== undefined && typeof value !== "string") this.fail(key, `is ${shown(value)}, not a text`);
  }

  list(key: string, value: unknown): unknown[] {
    if (value === undefined) return [];
    return asArray(value) ?? this.fail(key, `is ${shown(value)}, not a list`);
  }

  path(key: string, value: unknown): void {
    if (value === undefined) return;
    this.text(key, value);
    const path = parsePath(value as string);
    if ("error" in path)
      this.fail(key, `is no path: ${path.error}. Paths look like a.b, a[0].b, a["b.c"], a[*].b`);
  }

  /** A text can be put back in one place only. */
  isPlain(key: string, value: string): void {
    const path = parsePath(value);
    if (!("error" in path) && path.steps.some(({ kind }) => kind !== "key" && kind !== "index"))
      this.fail(key, "names one text: no [*] and no filter here");
  }

  oneOf(key: string, value: unknown, allowed: readonly string[]): void {
    if (value === undefined || allowed.includes(value as string)) return;
    const nearest = typeof value === "string" ? nearestName(value, allowed) : null;
    this.fail(
      key,
      `is ${shown(value)}; ${nearest === null ? "" : `did you mean ${nearest}? `}Allowed: ${allowed.join(", ")}`,
    );
  }

  constant(key: string, value: unknown): void {
    if (typeof value === "object" && value !== null) this.fail(key, `is ${shown(value)}, not a single value`);
  }

  expression(key: string, value: unknown): void {
    this.text(key, value);
    try {
      if (value !== undefined) new RegExp(value as string, "u");
    } catch (cause) {
      this.fail(key, `is no regular expression: ${(cause as Error).message}`);
    }
  }
}

function shown(value: unknown): string {
  const text = printed(value);
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return typeof value === "string" ? JSON.stringify(short) : short;
}

function checkWhere(check: Checker, where: unknown): void {
  if (where === undefined) return;
  const conditions = asRecord(where) ?? check.fail("where", "is to be an object of path and condition");
  for (const [path, condition] of Object.entries(conditions)) {
    const at = `where[${JSON.stringify(path)}]`;
    check.path(at, path);
    const test = asRecord(condition);
    if (test === null) {
      for (const value of asArray(condition) ?? [condition]) check.constant(at, value);
      continue;
    }
    check.keys(at, test, ["exists", "not", "match"]);
    if (test.exists !== undefined && typeof test.exists !== "boolean")
      check.fail(`${at}.exists`, "is to be true or false");
    for (const value of asArray(test.not) ?? [test.not]) check.constant(`${at}.not`, value);
    check.expression(`${at}.match`, test.match);
  }
}

function checkSettings(check: Checker, { time_zone: zone, decimal }: JsonRecord): void {
  check.text("time_zone", zone);
  if (zone !== undefined && timeZone(zone as string) === null)
    check.fail(
      "time_zone",
      `is ${shown(zone)}; name an IANA zone such as Europe/Berlin, or an offset such as +08:00`,
    );
  check.oneOf("decimal", decimal, [".", ","]);
}

function checkFields(check: Checker, given: unknown): void {
  const fields =
    asRecord(given) ??
    check.fail("fields", `is ${given === undefined ? "missing" : "no object"}; it says where each value is`);
  for (const key of Object.keys(fields)) {
    if (fieldNames.includes(key as MappingFieldName)) continue;
    const nearest = nearestName(key, fieldNames) ?? otherNames[key.toLowerCase()];
    const meant = nearest ? `did you mean ${nearest}? ` : "";
    check.fail(`fields.${key}`, `is no field; ${meant}Fields: ${fieldNames.join(", ")}`);
  }
  for (const [name, entry] of Object.entries(fields)) checkEntry(check, name as MappingFieldName, entry);
  if (fields.created_at === undefined)
    check.fail("fields.created_at", "is missing: without a time no row can be stored");
  if (!["model", "model_served", "model_requested", "request", "response"].some((name) => name in fields))
    check.fail("fields.model", 'is missing; where the log names none, say which it was: {"value": "gpt-4o"}');
}

/** Fields under names that people expect. */
const otherNames: Record<string, MappingFieldName> = {
  id: "request_id",
  timestamp: "created_at",
  time: "created_at",
  start_time: "created_at",
  end_time: "ended_at",
  prompt: "user_text",
  system_prompt: "system_text",
  completion: "output_text",
  prompt_tokens: "input_tokens",
  completion_tokens: "output_tokens",
  cached_tokens: "input_cache_read_tokens",
  cost: "cost_reported_usd",
  duration_ms: "latency_ms",
  user_hash: "user",
  duration: "latency_ms",
};

function checkEntry(check: Checker, name: MappingFieldName, entry: unknown): void {
  const at = `fields.${name}`;
  if (typeof entry === "string") {
    check.path(at, entry);
    return;
  }
  if (Array.isArray(entry)) {
    if (entry.length === 0) check.fail(at, "is an empty list of paths");
    for (const [i, path] of entry.entries()) check.path(`${at}[${i}]`, path);
    return;
  }
  checkRule(check, at, entry);
  const { unit, factor, since, value } = entry as JsonRecord;
  const units = unitsOf(name);
  const { kind } = mappingFields[name];
  if (unit !== undefined) {
    if (units.length === 0) check.fail(`${at}.unit`, `is given, but ${name} has no units`);
    check.oneOf(`${at}.unit`, unit, units);
  }
  if (factor !== undefined && !["count", "number", "duration", "money"].includes(kind))
    check.fail(`${at}.factor`, `is given, but ${name} is no number`);
  if (since !== undefined) {
    if (kind !== "time") check.fail(`${at}.since`, `is given, but ${name} is no time`);
    if (!["s", "ms", "us", "ns"].includes(unit as string))
      check.fail(`${at}.since`, "goes with a unit of s, ms, us or ns: how the log counts from that moment");
  }
  if (value !== undefined && kind === "json")
    check.fail(`${at}.value`, `is given, but ${name} is no single value`);
}

function checkRule(check: Checker, at: string, entry: unknown): void {
  const rule =
    asRecord(entry) ?? check.fail(at, `is ${shown(entry)}; give a path, a list of paths or a rule`);
  check.keys(at, rule, ruleKeys);
  const sources = ["path", "join", "value"].filter((key) => rule[key] !== undefined);
  if (sources.length !== 1)
    check.fail(
      at,
      `has ${sources.length === 0 ? "none" : sources.join(" and ")} of path, join and value; give one of them`,
    );
  for (const path of Array.isArray(rule.path) ? rule.path : [rule.path]) check.path(`${at}.path`, path);
  for (const path of check.list(`${at}.join`, rule.join)) check.path(`${at}.join`, path);
  check.constant(`${at}.value`, rule.value);
  check.expression(`${at}.match`, rule.match);
  if (rule.map !== undefined) {
    const map = asRecord(rule.map) ?? check.fail(`${at}.map`, 'is to be an object of words: {"200": "ok"}');
    for (const [word, value] of Object.entries(map)) check.constant(`${at}.map.${word}`, value);
  }
  const { factor, since } = rule;
  if (factor !== undefined && !(typeof factor === "number" && Number.isFinite(factor) && factor > 0))
    check.fail(`${at}.factor`, `is ${shown(factor)}; a number above 0 is wanted`);
  if (since !== undefined && (typeof since !== "string" || readTimestamp(since) === null))
    check.fail(`${at}.since`, `is ${shown(since)}; a moment such as "2024-01-01T00:00:00Z" is wanted`);
}

function checkTokens(check: Checker, { tokens, fields }: JsonRecord): void {
  const given = tokens === undefined ? {} : (asRecord(tokens) ?? check.fail("tokens", "is to be an object"));
  check.keys("tokens", given, ["cache", "reasoning"]);
  for (const [key, word] of Object.entries(given)) {
    if (typeof word !== "object" || word === null)
      check.oneOf(`tokens.${key}`, word, Object.keys(TokenConvention));
    else checkRule(check, `tokens.${key}`, word);
  }
  const mapped = Object.keys(fields as Record<string, FieldEntry>);
  const needs = (key: string, what: string, whole: string) =>
    check.fail(
      `tokens.${key}`,
      `is missing: say whether ${whole} includes the ${what} ("inclusive"), leaves it out ("exclusive"), or is to be judged row by row by the total ("auto")`,
    );
  if (mapped.some((name) => /^input_cache/.test(name)) && given.cache === undefined)
    needs("cache", "cached tokens", "input_tokens");
  if (mapped.includes("output_reasoning_tokens") && given.reasoning === undefined)
    needs("reasoning", "reasoning", "output_tokens");
}
