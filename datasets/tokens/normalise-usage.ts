import type { TokenUsage } from "./token-usage.js";
import { readUsageParts, type UsageParts } from "./usage-parts.js";

/** How the counts of a usage object relate to each other, as it was understood. */
interface UsageConvention {
  /** Whether the input count already held the cache reads and writes. */
  cacheInInput: boolean;
  /** Whether the output count already held the reasoning. */
  reasoningInOutput: boolean;
}

/** What the source is known to do; the shape of the keys decides where nothing is known. */
export interface UsageHint {
  /** genai-prices provider id; x-ai counts reasoning apart from completion_tokens. */
  provider?: string | null;
  /** Whether the source's input count includes its cache counts, where its documentation says so. */
  convention?: "inclusive" | "exclusive";
}

/** Disjoint token counts, or why the counts contradict themselves. */
export type NormalisedUsage =
  | {
      usage: TokenUsage;
      convention: UsageConvention;
      /** What the counts leave out or contradict, for people: iterations of another model, a total that the
       * parts don't reach. Empty when all is well. */
      notes: string[];
    }
  | { error: "negative_tokens" | "cache_exceeds_input" | "bad_value"; detail: string };

/** Turn a provider's usage object into the canonical disjoint parts. Understands OpenAI chat, responses and embeddings (Azure,
 * Mistral, Groq, DeepSeek, xAI, OpenRouter, LiteLLM, vLLM and other dialects), Anthropic, Gemini and Vertex, Bedrock (Converse,
 * invocation log, InvokeModel), Cohere (billed units), Ollama, AI SDK and LangChain counts, in camelCase and snake_case.
 *
 * The names of the keys say which convention holds. A stated total can overrule them in one direction each: counts whose total
 * only fits when cache (or reasoning) is added on top were exclusive, and a part can't be larger than its whole.
 * @param raw the usage object (`usage`, `usageMetadata`, Cohere's `meta`); not the whole response
 * @returns null when it counts nothing, or nothing of the input, whose part of the bill would then be missing; with `outputUnknown`
 * when it counts the input alone; an error when the counts contradict themselves */
export function normaliseUsage(raw: unknown, hint: UsageHint = {}): NormalisedUsage | null {
  const read = readUsageParts(raw, hint.provider ?? null);
  if (read === null || "error" in read) return read;
  const parts = {
    ...read,
    cacheInInput: hint.convention ? hint.convention === "inclusive" : read.cacheInInput,
  };
  const input = parts.input ?? inputBeside(parts);
  if (input === null) return null;
  const output = parts.output ?? outputBeside(parts, input);
  const cache = parts.cacheRead + parts.cacheWrite5m + parts.cacheWrite1h;
  const outputCounted = output ?? 0;
  const cacheInInput = decideCache(parts, input, outputCounted, cache);
  if (cacheInInput && cache > input) {
    return { error: "cache_exceeds_input", detail: `${cache} cached tokens of ${input} input tokens` };
  }
  const inputSum = cacheInInput ? input : input + cache;
  const reasoningInOutput = decideReasoning(parts, inputSum, outputCounted);
  const outputSum = reasoningInOutput ? outputCounted : outputCounted + parts.reasoning;
  return {
    usage: {
      inputUncached: inputSum - cache,
      inputCacheRead: parts.cacheRead,
      inputCacheWrite5m: parts.cacheWrite5m,
      inputCacheWrite1h: parts.cacheWrite1h,
      outputText: outputSum - parts.reasoning,
      outputReasoning: parts.reasoning,
      inputAudio: parts.inputAudio,
      inputImage: parts.inputImage,
      outputAudio: parts.outputAudio,
      ...(parts.outputImage !== null && { outputImage: parts.outputImage }),
      ...(parts.inputCacheReadAudio !== null && { inputCacheReadAudio: parts.inputCacheReadAudio }),
      ...(parts.webSearches !== null && { webSearches: parts.webSearches }),
      ...(output === null && { outputUnknown: true as const }),
    },
    convention: { cacheInInput, reasoningInOutput },
    notes: notesOn(parts, inputSum + outputSum),
  };
}

/** The input where it isn't counted by itself: what the total leaves, which is all of it for embeddings. */
function inputBeside({ total, output }: UsageParts): number | null {
  return total === null ? null : Math.max(0, total - (output ?? 0));
}

/** The output where it isn't counted by itself: what the total leaves, or none beside reasoning that is counted apart (Gemini
 * leaves out counts of 0). */
function outputBeside({ total, reasoning, reasoningInOutput }: UsageParts, input: number): number | null {
  if (total !== null) return Math.max(0, total - input);
  return reasoning > 0 && !reasoningInOutput ? 0 : null;
}

function decideCache(parts: UsageParts, input: number, output: number, cache: number): boolean {
  if (cache === 0 || !parts.cacheInInput) return parts.cacheInInput;
  const { total, reasoning } = parts;
  if (total === null) return cache <= input || parts.cacheIsDetail;
  const fits = (sum: number) => total === sum || total === sum + reasoning;
  return fits(input + output) || !fits(input + cache + output);
}

function decideReasoning(parts: UsageParts, inputSum: number, output: number): boolean {
  const { total, reasoning } = parts;
  if (reasoning === 0) return parts.reasoningInOutput;
  if (reasoning > output) return false;
  if (total === inputSum + output) return true;
  if (total === inputSum + output + reasoning) return false;
  return parts.reasoningInOutput;
}

function notesOn(parts: UsageParts, sum: number): string[] {
  const notes = parts.uncounted.map((what) => `iterations hold tokens of ${what} that the counts leave out`);
  if (parts.total !== null && parts.total > sum)
    notes.push(`the total is ${parts.total}, its parts sum to ${sum}`);
  return notes;
}
