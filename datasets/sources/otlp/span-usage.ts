import { type NormalisedUsage, normaliseUsage } from "../../tokens/normalise-usage.js";
import { asNumber, asRecord, asString, firstNumber, type JsonRecord, parseEmbedded } from "../json-access.js";
import type { SpanRecord } from "./explode-export.js";

/** Token counts of a span in the canonical parts, and the counts as they stood in it. A provider's own usage object comes
 * first, since its convention is known; the conventions' attributes count the cache inside the input, unless more was
 * cached than the input holds or the stated total says otherwise.
 * @returns usage null when the span counts nothing */
export function usageOf(
  span: SpanRecord,
  provider: string | null,
): { usage: NormalisedUsage | null; raw: unknown } {
  const counts = countsOf(span.attributes);
  const native = nativeUsage(span.attributes, counts);
  if (native !== null) {
    const usage = normaliseUsage(native.raw, { provider, convention: native.convention });
    if (usage !== null) return { usage, raw: native.raw };
  }
  const raw = toUsageObject(counts);
  if (raw === null) return { usage: null, raw: null };
  const usage = normaliseUsage(raw, { provider });
  if (usage === null || !("error" in usage) || usage.error !== "cache_exceeds_input") return { usage, raw };
  return { usage: normaliseUsage(raw, { provider, convention: "exclusive" }), raw };
}

/** Whether a span states any tokens of its own. */
export function hasUsage({ attributes }: SpanRecord): boolean {
  const counts = countsOf(attributes);
  const { input, output, total, cacheRead, reasoning } = counts;
  if (
    (input ?? output ?? total ?? cacheRead ?? reasoning) !== null ||
    nativeUsage(attributes, counts) !== null
  )
    return true;
  return /"(\w*[tT]okens?\w*)":\s*\d/.test(asString(attributes["ai.response.providerMetadata"]) ?? "");
}

/** What the span says it cost, in USD. */
export function costOf({ attributes }: SpanRecord): number | null {
  const stated = firstNumber(attributes, costNames);
  if (stated !== null) return stated;
  const details = asRecord(parseEmbedded(attributes["langfuse.observation.cost_details"]));
  if (details === null) return null;
  const total = asNumber(details.total);
  const parts = Object.values(details).map(asNumber);
  return (
    total ??
    (parts.length > 0 && parts.every((part) => part !== null)
      ? parts.reduce((sum, part) => sum + part, 0)
      : null)
  );
}

const costNames = [
  "gen_ai.usage.cost",
  "llm.cost.total",
  "gen_ai.usage.total_cost",
  "gen_ai.cost.total_cost",
  "gen_ai.cost.total",
  "gen_ai.cost",
  "operation.cost",
  "litellm.response_cost",
];

const inputDetails = [
  "gen_ai.usage.details.",
  "gen_ai.usage.input_tokens_details.",
  "gen_ai.usage.prompt_tokens_details.",
  "gen_ai.usage.",
];

function detail(...names: string[]): string[] {
  return names.flatMap((name) => inputDetails.map((prefix) => prefix + name));
}

const names = {
  input: [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
  ],
  output: [
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "llm.usage.completion_tokens",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
  ],
  // The AI SDK counts an embedding in `ai.usage.tokens` alone.
  total: [
    "gen_ai.usage.total_tokens",
    "llm.usage.total_tokens",
    "llm.token_count.total",
    "ai.usage.totalTokens",
  ],
  cacheRead: [
    "gen_ai.usage.cache_read.input_tokens",
    "llm.token_count.prompt_details.cache_read",
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.cachedInputTokens",
    "gen_ai.usage.input_tokens.cached",
    "llm.usage.cache_read_input_tokens",
    ...detail(
      "cache_read_input_tokens",
      "cache_read_tokens",
      "cached_tokens",
      "input_cached_tokens",
      "cached_input_tokens",
      "cached_content_tokens",
    ),
  ],
  cacheWrite: [
    "gen_ai.usage.cache_creation.input_tokens",
    "llm.token_count.prompt_details.cache_write",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
    "gen_ai.usage.input_tokens.cache_write",
    "llm.usage.cache_creation_input_tokens",
    ...detail(
      "cache_creation_input_tokens",
      "cache_write_tokens",
      "cache_write_input_tokens",
      "input_cache_creation",
      "input_cache_write",
    ),
  ],
  reasoning: [
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "gen_ai.usage.output_tokens.reasoning",
    "llm.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
    "ai.usage.outputTokenDetails.reasoningTokens",
    "ai.usage.reasoningTokens",
    "gen_ai.usage.completion_tokens_details.reasoning_tokens",
    "gen_ai.usage.output_tokens_details.reasoning_tokens",
    ...detail("reasoning_tokens", "thoughts_tokens"),
  ],
  inputAudio: [
    "gen_ai.usage.audio.input_tokens",
    "gen_ai.usage.input_audio_tokens",
    "gen_ai.usage.details.input_audio_tokens",
    "llm.token_count.prompt_details.audio",
  ],
  inputImage: [
    "gen_ai.usage.image.input_tokens",
    "gen_ai.usage.input_image_tokens",
    "gen_ai.usage.details.input_image_tokens",
  ],
  outputAudio: [
    "gen_ai.usage.audio.output_tokens",
    "gen_ai.usage.output_audio_tokens",
    "gen_ai.usage.details.output_audio_tokens",
    "llm.token_count.completion_details.audio",
  ],
};

type Counts = Record<keyof typeof names, number | null>;

function countsOf(attributes: JsonRecord): Counts {
  const counts: Counts = { ...nothingCounted };
  for (const name in attributes) {
    const part = partOf.get(name);
    if (part !== undefined) counts[part] ??= firstCount(attributes, names[part]);
  }
  return counts.input === null && counts.output === null
    ? { ...counts, input: firstCount(attributes, ["ai.usage.tokens", "ai.usage.embeddingTokens"]) }
    : counts;
}

const parts = Object.keys(names) as Array<keyof typeof names>;
const nothingCounted = Object.fromEntries(parts.map((part) => [part, null])) as Counts;
const partOf = new Map(parts.flatMap((part) => names[part].map((name) => [name, part])));

/** Some instrumentations write two spellings and leave one of them 0: the first that isn't 0 counts. */
function firstCount(attributes: JsonRecord, keys: readonly string[]): number | null {
  let zero: number | null = null;
  for (const key of keys) {
    const count = key in attributes ? asNumber(attributes[key]) : null;
    if (count !== null && count !== 0) return count;
    zero ??= count;
  }
  return zero;
}

function toUsageObject(counts: Counts): JsonRecord | null {
  if (
    counts.input === null &&
    counts.output === null &&
    counts.cacheRead === null &&
    counts.reasoning === null
  )
    return null;
  return {
    ...(counts.input !== null && { prompt_tokens: counts.input }),
    ...(counts.output !== null
      ? { completion_tokens: counts.output }
      : counts.reasoning !== null && { completion_tokens: counts.reasoning }),
    ...(counts.total !== null && { total_tokens: counts.total }),
    prompt_tokens_details: part({
      cached_tokens: counts.cacheRead,
      cache_write_tokens: counts.cacheWrite,
      audio_tokens: counts.inputAudio,
      image_tokens: counts.inputImage,
    }),
    completion_tokens_details: part({ reasoning_tokens: counts.reasoning, audio_tokens: counts.outputAudio }),
  };
}

function part(counts: Record<string, number | null>): JsonRecord {
  const given: JsonRecord = {};
  for (const name in counts) if (counts[name] !== null) given[name] = counts[name];
  return given;
}

interface NativeUsage {
  raw: JsonRecord;
  convention?: "inclusive" | "exclusive";
}

/** A provider's own usage object, carried through by the AI SDK, Google's ADK, Logfire or Langfuse. */
function nativeUsage(attributes: JsonRecord, counts: Counts): NativeUsage | null {
  const metadata = asRecord(parseEmbedded(attributes["ai.response.providerMetadata"])) ?? {};
  const anthropic = asRecord(asRecord(metadata.anthropic)?.usage);
  if (anthropic !== null && asNumber(anthropic.input_tokens) !== null) {
    return { raw: { output_tokens: counts.output ?? 0, ...anthropic }, convention: "exclusive" };
  }
  const bedrock = asRecord(asRecord(metadata.bedrock)?.usage);
  if (bedrock !== null) return bedrockUsage(bedrock, counts);
  const google =
    asRecord(asRecord(metadata.google)?.usageMetadata) ?? asRecord(asRecord(metadata.vertex)?.usageMetadata);
  if (google !== null && asNumber(google.promptTokenCount) !== null) return { raw: google };
  const adk = asRecord(asRecord(parseEmbedded(attributes["gcp.vertex.agent.llm_response"]))?.usage_metadata);
  if (adk !== null && asNumber(adk.prompt_token_count) !== null) return { raw: adk };
  const langfuse = asRecord(parseEmbedded(attributes["langfuse.observation.usage_details"]));
  if (langfuse !== null) return langfuseUsage(langfuse);
  if (counts.input !== null || counts.output !== null) return null;
  const logfire = asRecord(asRecord(parseEmbedded(attributes.response_data))?.usage);
  const genkit = asRecord(asRecord(parseEmbedded(attributes["genkit:output"]))?.usage);
  return logfire !== null
    ? { raw: logfire }
    : genkit !== null
      ? { raw: { reasoning_tokens: genkit.thoughtsTokens, ...genkit } }
      : null;
}

/** The AI SDK passes on Bedrock's cache counts, with or without the rest. Bedrock counts input apart from its cache. */
function bedrockUsage(usage: JsonRecord, counts: Counts): NativeUsage | null {
  const input = asNumber(usage.inputTokens) ?? counts.input;
  if (input === null) return null;
  const raw = {
    inputTokens: input,
    outputTokens: asNumber(usage.outputTokens) ?? counts.output ?? 0,
    cacheReadInputTokens: asNumber(usage.cacheReadInputTokens) ?? 0,
    cacheWriteInputTokens:
      asNumber(usage.cacheWriteInputTokens) ?? asNumber(usage.cacheCreationInputTokens) ?? 0,
  };
  // AI SDK 5 and later add the cache to the input that they report; then the metadata holds no input of its own.
  const cache = raw.cacheReadInputTokens + raw.cacheWriteInputTokens;
  const included = asNumber(usage.inputTokens) === null && counts.cacheRead !== null && cache <= input;
  return { raw, convention: included ? "inclusive" : "exclusive" };
}

/** Langfuse's `input` is what no other key counts; OpenAI-shaped details are usual too. */
function langfuseUsage(usage: JsonRecord): NativeUsage | null {
  const input = firstNumber(usage, ["input"]);
  const output = firstNumber(usage, ["output"]);
  if (input === null && output === null) return { raw: usage };
  return {
    convention: "exclusive",
    raw: {
      input_tokens: input ?? 0,
      output_tokens:
        (output ?? 0) + (firstNumber(usage, ["output_reasoning_tokens", "output_reasoning"]) ?? 0),
      cached_tokens:
        firstNumber(usage, [
          "input_cached_tokens",
          "cache_read_input_tokens",
          "input_cache_read",
          "input_cached",
        ]) ?? 0,
      cache_write_tokens:
        firstNumber(usage, ["cache_creation_input_tokens", "input_cache_creation", "input_cache_write"]) ?? 0,
      reasoning_tokens: firstNumber(usage, ["output_reasoning_tokens", "output_reasoning"]) ?? 0,
    },
  };
}
