import type { RecordedUsage } from "../../log/decision-record.js";

/** Tokens of one call as OpenTelemetry counts them: input with cache reads and writes, output with reasoning; undefined = not said. */
export interface NormalUsage {
  inputTokens: number | undefined;
  cacheReadTokens: number | undefined;
  cacheWriteTokens: number | undefined;
  outputTokens: number | undefined;
  reasoningTokens: number | undefined;
}

/** Bring a provider's usage numbers to one convention. Anthropic's and Bedrock's input leaves cached tokens out, Gemini's output leaves
 * thoughts out; OpenAI's counts (chat and responses), LiteLLM's and the AI SDK's include them.
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ gen_ai.usage.input_tokens SHOULD include cached tokens */
export function normaliseUsage(usage: RecordedUsage): NormalUsage {
  if (has(usage, "promptTokenCount", "candidatesTokenCount")) return geminiUsage(usage);
  const isAnthropic = has(usage, "cache_read_input_tokens", "cache_creation_input_tokens");
  if (isAnthropic && !has(usage, "prompt_tokens")) return anthropicUsage(usage);
  if (has(usage, "cacheReadInputTokens", "cacheWriteInputTokens")) return bedrockUsage(usage);
  const input = partOf(usage.prompt_tokens_details ?? usage.input_tokens_details ?? usage.inputTokenDetails);
  const output = partOf(
    usage.completion_tokens_details ?? usage.output_tokens_details ?? usage.outputTokenDetails,
  );
  return {
    inputTokens: first(usage.prompt_tokens, usage.input_tokens, usage.inputTokens),
    cacheReadTokens: first(
      input.cached_tokens,
      input.cacheReadTokens,
      usage.cachedInputTokens,
      usage.prompt_cache_hit_tokens,
      usage.cache_read_input_tokens,
    ),
    cacheWriteTokens: first(
      input.cache_write_tokens,
      input.cacheWriteTokens,
      usage.cache_creation_input_tokens,
    ),
    outputTokens: first(usage.completion_tokens, usage.output_tokens, usage.outputTokens),
    reasoningTokens: first(output.reasoning_tokens, output.reasoningTokens, usage.reasoningTokens),
  };
}

function anthropicUsage(usage: RecordedUsage): NormalUsage {
  const read = first(usage.cache_read_input_tokens);
  const write = first(usage.cache_creation_input_tokens);
  return {
    inputTokens: sum(first(usage.input_tokens), read, write),
    cacheReadTokens: read,
    cacheWriteTokens: write,
    outputTokens: first(usage.output_tokens),
    reasoningTokens: undefined,
  };
}

function bedrockUsage(usage: RecordedUsage): NormalUsage {
  const read = first(usage.cacheReadInputTokens);
  const write = first(usage.cacheWriteInputTokens);
  return {
    inputTokens: sum(first(usage.inputTokens), read, write),
    cacheReadTokens: read,
    cacheWriteTokens: write,
    outputTokens: first(usage.outputTokens),
    reasoningTokens: undefined,
  };
}

function geminiUsage(usage: RecordedUsage): NormalUsage {
  const thoughts = first(usage.thoughtsTokenCount);
  return {
    inputTokens: sum(first(usage.promptTokenCount), first(usage.toolUsePromptTokenCount)),
    cacheReadTokens: first(usage.cachedContentTokenCount),
    cacheWriteTokens: undefined,
    outputTokens: sum(first(usage.candidatesTokenCount), thoughts),
    reasoningTokens: thoughts,
  };
}

type Count = RecordedUsage[string] | undefined;

function has(usage: RecordedUsage, ...names: string[]): boolean {
  return names.some((name) => typeof usage[name] === "number");
}

function partOf(value: Count): RecordedUsage {
  return typeof value === "object" ? value : {};
}

function first(...values: Count[]): number | undefined {
  return values.find((value) => typeof value === "number");
}

/** Undefined when the first, which the others add to, is. */
function sum(base: number | undefined, ...more: Array<number | undefined>): number | undefined {
  return base === undefined ? undefined : more.reduce<number>((total, value) => total + (value ?? 0), base);
}
