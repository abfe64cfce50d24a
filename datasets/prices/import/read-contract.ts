import { findProvider } from "@pydantic/genai-prices";
import { InputError } from "../../errors.js";
import { asArray, asRecord, asString, type JsonRecord } from "../../sources/json-access.js";
import { splitPrefix } from "../model-spellings.js";
import { type EntryRates, hasOwnRates, type PriceEntry, rateNames } from "../price-entry.js";
import { type ModelAlias, momentOf } from "../price-list.js";
import { canonicalProvider } from "../provider-names.js";
import { isPlausible, MAX_USD_PER_MTOK, type ReadPrices } from "./read-prices.js";

/** Read a contract: what the user pays, as absolute rates or as a discount on the list, and the names that the user's deployments
 * have (see docs/prices.md). It is the user's own file, so one mistake refuses all of it: a discount that silently doesn't hold
 * makes every total wrong.
 * @throws {InputError} naming every entry that is wrong, and how */
export function readContract(file: JsonRecord): ReadPrices {
  const problems: string[] = [];
  unknownKeys(file, FILE_KEYS, "the file", problems);
  if (file.currency !== undefined && file.currency !== "USD")
    problems.push(
      `currency is ${JSON.stringify(file.currency)}: only USD can be used; convert the prices first`,
    );
  const defaults = { valid_from: file.valid_from, valid_to: file.valid_to };
  const rows = file.prices === undefined ? [] : asArray(file.prices);
  if (rows === null) problems.push("prices is not a list");
  const entries = (rows ?? []).flatMap((row, i) => {
    const where = `prices[${i}]`;
    const record = asRecord(row);
    if (record === null) problems.push(`${where} is not an object`);
    return record === null ? [] : [readEntry({ ...defaults, ...record }, where, problems)];
  });
  const aliases = readAliases(file.aliases, problems);
  if (entries.length + aliases.length === 0 && problems.length === 0)
    problems.push("it has neither prices nor aliases");
  if (problems.length > 0) throw new InputError(`${problems.slice(0, 20).join("; ")}; nothing was imported`);
  return { entries, aliases, version: asString(file.version), ignored: [] };
}

/** Read aliases: {"name in the logs": "model"} or [{name, provider, model, model_provider}]. A name or model may begin with its provider
 * (`azure/my-deployment`, `openai/gpt-4o`); only openrouter's models keep the owner that is part of their name.
 * @param problems gets a line for every alias that is wrong */
export function readAliases(aliases: unknown, problems: string[]): ModelAlias[] {
  if (aliases === undefined) return [];
  const record = asRecord(aliases);
  const rows =
    record === null ? asArray(aliases) : Object.entries(record).map(([name, model]) => ({ name, model }));
  if (rows === null) problems.push("aliases is neither an object nor a list");
  return (rows ?? []).flatMap((row, i) => {
    const alias = asRecord(row);
    const name = asString(alias?.name);
    const model = asString(alias?.model);
    if (name === null || model === null) {
      problems.push(`aliases[${i}] needs a name and a model, both texts`);
      return [];
    }
    unknownKeys(alias!, ALIAS_KEYS, `aliases[${i}]`, problems);
    const from = splitProvider(name, asString(alias!.provider));
    const to = splitProvider(model, asString(alias!.model_provider), from.provider === "openrouter");
    return [{ provider: from.provider, name: from.name, model: to.name, model_provider: to.provider }];
  });
}

const FILE_KEYS = new Set([
  "contract",
  "version",
  "currency",
  "valid_from",
  "valid_to",
  "prices",
  "aliases",
  "about",
]);
const ALIAS_KEYS = new Set(["name", "provider", "model", "model_provider", "about"]);
const ENTRY_KEYS = new Set([
  "provider",
  "model",
  "models",
  "service_tier",
  "valid_from",
  "valid_to",
  "tiers",
  "per_request_usd",
  "per_web_search_usd",
  "discount_percent",
  "source",
  "about",
  ...Object.keys(rateNames),
]);
const TIER_KEYS = new Set(["above_input_tokens", ...Object.keys(rateNames)]);

function readEntry(row: JsonRecord, where: string, problems: string[]): PriceEntry {
  const problem = (what: string) => problems.push(`${where}: ${what}`);
  unknownKeys(row, ENTRY_KEYS, where, problems);
  const models = (asArray(row.models) ?? [row.model]).flatMap((model) => asString(model) ?? []);
  if (models.length === 0) problem('names no model; write "model": "gpt-4o" or "models": ["gpt-4o*"]');
  const tiers = (asArray(row.tiers) ?? []).map((tier, i) => {
    const record = asRecord(tier) ?? {};
    unknownKeys(record, TIER_KEYS, `${where}.tiers[${i}]`, problems);
    const above = record.above_input_tokens;
    if (typeof above !== "number" || !Number.isSafeInteger(above) || above < 1)
      problem(`tiers[${i}] needs above_input_tokens, a whole number of tokens`);
    return { above_input_tokens: Number(above), ...readRates(record, problem) };
  });
  const entry: PriceEntry = {
    provider: canonicalProvider(asString(row.provider)),
    models,
    service_tier: asString(row.service_tier)?.toLowerCase() ?? null,
    valid_from: readDay(row, "valid_from", problem),
    valid_to: readDay(row, "valid_to", problem),
    ...readRates(row, problem),
    ...(tiers.length > 0 && { tiers }),
    ...readAmount(row, "per_request_usd", { low: 0, high: 1_000 }, problem),
    ...readAmount(row, "per_web_search_usd", { low: 0, high: 1_000 }, problem),
    ...readAmount(row, "discount_percent", { low: -1_000, high: 100 }, problem),
    ...(asString(row.source) !== null && { source: asString(row.source)! }),
  };
  if (entry.service_tier === "standard" || entry.service_tier === "default") entry.service_tier = null;
  const ownRates = hasOwnRates(entry);
  const changesList = entry.discount_percent !== undefined || entry.per_request_usd !== undefined;
  if (!ownRates && !changesList)
    problem("has no price: give rates (input, output, ...), discount_percent or per_request_usd");
  if (ownRates && entry.discount_percent !== undefined)
    problem("has rates and discount_percent; give the rates that are paid, or the discount");
  if (ownRates && entry.input === undefined && entry.output === undefined)
    problem("has neither input nor output");
  if (!ownRates && tiers.length > 0) problem("has tiers but no rates of its own");
  if (entry.valid_from !== null && entry.valid_to !== null && entry.valid_from >= entry.valid_to)
    problem(`ends (${entry.valid_to}) before it begins (${entry.valid_from})`);
  return entry;
}

function readRates(row: JsonRecord, problem: (what: string) => void): EntryRates {
  const rates: EntryRates = {};
  for (const name of Object.keys(rateNames) as Array<keyof EntryRates>) {
    const value = row[name];
    if (value === undefined || value === null) continue;
    if (isPlausible(value)) rates[name] = value as number;
    else
      problem(`${name} is ${JSON.stringify(value)}: not USD per million tokens (0 to ${MAX_USD_PER_MTOK})`);
  }
  return rates;
}

function readAmount<Name extends "per_request_usd" | "per_web_search_usd" | "discount_percent">(
  row: JsonRecord,
  name: Name,
  { low, high }: { low: number; high: number },
  problem: (what: string) => void,
): { [Key in Name]?: number } {
  const value = row[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== "number" || !(value >= low && value <= high)) {
    problem(`${name} is ${JSON.stringify(value)}: not a number from ${low} to ${high}`);
    return {};
  }
  return { [name]: value } as { [Key in Name]: number };
}

function readDay(
  row: JsonRecord,
  name: "valid_from" | "valid_to",
  problem: (what: string) => void,
): string | null {
  const value = row[name];
  if (value === undefined || value === null) return null;
  try {
    momentOf(asString(value) ?? JSON.stringify(value), 0);
    return value as string;
  } catch (error) {
    problem(`${name} is ${(error as Error).message}`);
    return null;
  }
}

function splitProvider(
  name: string,
  provider: string | null,
  keepsOwner = false,
): { name: string; provider: string | null } {
  if (provider !== null) return { name, provider: canonicalProvider(provider) };
  const split = keepsOwner || name.startsWith("arn:") ? null : splitPrefix(name);
  const named = split && canonicalProvider(split.prefix);
  return split && named !== null && findProvider({ providerId: named }) !== undefined
    ? { name: split.rest, provider: named }
    : { name, provider: null };
}

function unknownKeys(
  record: JsonRecord,
  known: ReadonlySet<string>,
  where: string,
  problems: string[],
): void {
  const unknown = Object.keys(record).filter((key) => !known.has(key));
  if (unknown.length > 0) problems.push(`${where} has unknown fields: ${unknown.slice(0, 5).join(", ")}`);
}
