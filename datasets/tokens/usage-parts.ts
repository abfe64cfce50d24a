import { asRecord, asRecords, asText, type JsonRecord } from "../sources/json-access.js";
import {
  AUDIO,
  CACHE_MODALITIES,
  CACHE_READ,
  CACHE_WRITE,
  EXCLUSIVE_CACHE,
  IMAGE,
  INPUT,
  INPUT_DETAILS,
  INPUT_MODALITIES,
  OUTPUT,
  OUTPUT_DETAILS,
  OUTPUT_MODALITIES,
  REASONING,
  TOTAL,
} from "./usage-keys.js";

/** The counts of one usage object under common names, before it is decided which of them contain which. */
export interface UsageParts {
  input: number | null;
  output: number | null;
  total: number | null;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  reasoning: number;
  inputAudio: number | null;
  inputImage: number | null;
  outputAudio: number | null;
  outputImage: number | null;
  inputCacheReadAudio: number | null;
  webSearches: number | null;
  /** What the key names declare: whether `input` holds the cache counts, and `output` the reasoning. */
  cacheInInput: boolean;
  reasoningInOutput: boolean;
  /** The cache counts stand in a `..._details` object: parts of the input by definition. */
  cacheIsDetail: boolean;
  /** Anthropic's `iterations` that the counts leave out: the other model (advisor, server-side fallback) or the kind (compaction). */
  uncounted: string[];
}

/** Collect the counts of a usage object from every spelling in use.
 * @param provider genai-prices provider id, where known
 * @returns null when there is no count, an error for a negative or impossible one */
export function readUsageParts(
  raw: unknown,
  provider: string | null,
): UsageParts | { error: "negative_tokens" | "bad_value"; detail: string } | null {
  const usage = unwrap(raw);
  if (usage === null) return null;
  const inputDetails = recordOf(usage, INPUT_DETAILS);
  const outputDetails = recordOf(usage, OUTPUT_DETAILS);
  const creation =
    recordOf(usage, ["cache_creation"]) ??
    recordOf(inputDetails, ["cache_creation_token_details"]) ??
    inputDetails;
  const reader = new CountReader();
  const input = reader.count(usage, INPUT);
  const output = reader.count(usage, OUTPUT);
  const total = reader.count(usage, TOTAL);
  const detailRead = reader.count(inputDetails, [
    "cached_tokens",
    "cache_read",
    "cachedTokens",
    "cacheReadTokens",
    "cache_read_tokens",
  ]);
  const flatRead = reader.count(usage, CACHE_READ);
  const detailWrite = reader.count(inputDetails, [
    "cache_write_tokens",
    "cache_creation_tokens",
    "cache_creation",
    "cacheWriteTokens",
  ]);
  const flatWrite = reader.count(usage, CACHE_WRITE);
  const write5m = reader.count(creation, ["ephemeral_5m_input_tokens"]) ?? ttlCount(usage, "5m", reader);
  const write1h = reader.count(creation, ["ephemeral_1h_input_tokens"]) ?? ttlCount(usage, "1h", reader);
  const toolInput = reader.count(usage, [
    "toolUsePromptTokenCount",
    "tool_use_prompt_token_count",
    "total_tool_use_tokens",
  ]);
  const thoughts = reader.count(usage, [
    "thoughtsTokenCount",
    "thoughts_token_count",
    "total_thought_tokens",
  ]);
  const reasoning = reader.count(outputDetails, REASONING) ?? reader.count(usage, REASONING) ?? thoughts ?? 0;
  const parts: UsageParts = {
    input: input === null ? null : input + (toolInput ?? 0),
    output,
    total,
    cacheRead: detailRead || flatRead || 0,
    ...splitWrites(detailWrite || flatWrite || 0, write5m ?? 0, write1h ?? 0),
    reasoning,
    inputAudio: reader.count(inputDetails, AUDIO) ?? modality(usage, INPUT_MODALITIES, /^AUDIO$/, reader),
    inputImage: reader.count(inputDetails, IMAGE) ?? modality(usage, INPUT_MODALITIES, /^IMAGE$/, reader),
    outputAudio: reader.count(outputDetails, AUDIO) ?? modality(usage, OUTPUT_MODALITIES, /^AUDIO$/, reader),
    outputImage: reader.count(outputDetails, IMAGE) ?? modality(usage, OUTPUT_MODALITIES, /^IMAGE$/, reader),
    inputCacheReadAudio:
      reader.count(recordOf(inputDetails, ["cached_tokens_details"]), AUDIO) ??
      modality(usage, CACHE_MODALITIES, /^AUDIO$/, reader),
    webSearches: reader.count(recordOf(usage, ["server_tool_use"]), ["web_search_requests"]),
    cacheInInput: !(hasAny(usage, EXCLUSIVE_CACHE) && !hasAny(usage, ["prompt_tokens"])),
    reasoningInOutput: thoughts === null && !(provider === "x-ai" && hasAny(usage, ["completion_tokens"])),
    cacheIsDetail: Boolean(detailRead || detailWrite),
    uncounted: uncountedIterations(usage),
  };
  if (reader.problem !== null) return reader.problem;
  const counted = [input, output, detailRead, flatRead, detailWrite, flatWrite, thoughts].some(
    (count) => count !== null,
  );
  return counted || (provider === "voyageai" && total !== null) ? parts : null;
}

/** Reads counts and remembers the first that can't be one. */
class CountReader {
  problem: { error: "negative_tokens" | "bad_value"; detail: string } | null = null;

  /** The first positive count among the names, else the first zero; null when none is there. (Gateways that translate between
   * two APIs write both spellings and leave one of them 0.) */
  count(record: JsonRecord | null, names: readonly string[]): number | null {
    if (record === null) return null;
    let found: number | null = null;
    for (const name of names) {
      const given = record[name];
      const value = given !== undefined && Object.hasOwn(record, name) ? this.check(name, given) : null;
      if (value !== null && (found === null || found === 0)) found = value;
    }
    return found;
  }

  check(name: string, value: unknown): number | null {
    if (value === null || value === undefined || typeof value === "object") return null;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number !== "number" || !Number.isSafeInteger(number)) {
      this.problem ??= {
        error: "bad_value",
        detail: `${name} is not a token count: ${JSON.stringify((asText(value) || typeof value).slice(0, 40))}`,
      };
      return null;
    }
    if (number < 0) {
      this.problem ??= { error: "negative_tokens", detail: `${name} is ${number}` };
      return null;
    }
    return number;
  }
}

function unwrap(raw: unknown): JsonRecord | null {
  const usage = asRecord(raw);
  // Cohere bills `billed_units`; `tokens` beside it also counts its own prompt template.
  return recordOf(usage, ["billed_units"]) ?? recordOf(usage, ["tokens"]) ?? flattened(usage);
}

/** The AI SDK's provider layer nests its counts: {inputTokens: {total, noCache, cacheRead, cacheWrite}, outputTokens: {total, text, reasoning}}. */
function flattened(usage: JsonRecord | null): JsonRecord | null {
  const input = recordOf(usage, ["inputTokens"]);
  const output = recordOf(usage, ["outputTokens"]);
  if (input === null && output === null) return usage;
  return {
    inputTokens: input?.total,
    outputTokens: output?.total,
    inputTokenDetails: { cacheReadTokens: input?.cacheRead, cacheWriteTokens: input?.cacheWrite },
    outputTokenDetails: { reasoningTokens: output?.reasoning },
  };
}

function splitWrites(
  all: number,
  write5m: number,
  write1h: number,
): { cacheWrite5m: number; cacheWrite1h: number } {
  return { cacheWrite5m: Math.max(all, write5m + write1h) - write1h, cacheWrite1h: write1h };
}

/** Bedrock lists its cache writes by life: cacheDetails [{inputTokens, ttl: "5m" | "1h"}]. */
function ttlCount(usage: JsonRecord, ttl: string, reader: CountReader): number | null {
  return sumOf(usage, ["cacheDetails"], (entry) =>
    entry.ttl === ttl ? reader.count(entry, ["inputTokens"]) : null,
  );
}

/** Gemini's counts by modality: [{modality: "IMAGE", tokenCount}]. */
function modality(
  usage: JsonRecord,
  names: readonly string[],
  wanted: RegExp,
  reader: CountReader,
): number | null {
  return sumOf(usage, names, (entry) =>
    wanted.test(asText(entry.modality)) ? reader.count(entry, ["tokenCount", "token_count"]) : null,
  );
}

function sumOf(
  usage: JsonRecord,
  names: readonly string[],
  read: (entry: JsonRecord) => number | null,
): number | null {
  let sum: number | null = null;
  for (const name of names) {
    for (const entry of asRecords(usage[name])) {
      const count = read(entry);
      if (count !== null) sum = (sum ?? 0) + count;
    }
  }
  return sum;
}

function uncountedIterations(usage: JsonRecord): string[] {
  const uncounted = asRecords(usage.iterations).filter(
    (entry) => entry.type !== "message" || typeof entry.model === "string",
  );
  return [...new Set(uncounted.map((entry) => asText(entry.model ?? entry.type)))];
}

function hasAny(usage: JsonRecord, names: readonly string[]): boolean {
  return names.some((name) => usage[name] !== undefined && usage[name] !== null);
}

function recordOf(usage: JsonRecord | null, names: readonly string[]): JsonRecord | null {
  for (const name of names) {
    const value = asRecord(usage?.[name]);
    if (value !== null) return value;
  }
  return null;
}
