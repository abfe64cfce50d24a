import { normaliseUsage } from "../../datasets/tokens/normalise-usage.js";
import { inputTotal, outputTotal, type TokenUsage } from "../../datasets/tokens/token-usage.js";
import { type PriceOutcome, priceUsageShape } from "./price-usage-shapes.js";

/** One entry of genai-prices' test data: a real usage object and what each of its extractors makes of it. */
export interface UsageShape {
  body: { file: string; model?: string; usage?: object; usageMetadata?: object; meta?: object };
  model?: string;
  extracted: { usage: Record<string, number>; extractors: UsageExtractor[] }[];
}

/** One of genai-prices' readings of a usage object, and what it costs by its list; the prices are missing where the list has none. */
export interface UsageExtractor {
  provider_id: string;
  api_flavor: string;
  input_price?: string;
  output_price?: string;
  total_price?: string;
}

/** How one usage object compares: equal when `differences` is empty. */
export interface UsageComparison {
  file: string;
  /** The extractor that fits the object's own provider, `provider/flavour`. */
  extractor: string;
  /** Number of different answers that the extractors give for it. */
  answers: number;
  differences: string[];
  /** null where the counts could not be compared. */
  price: { outcome: PriceOutcome; detail: string } | null;
}

/** Compare the canonical counts with those of the one extractor that fits the object's own provider. Which one that is, is
 * decided by the native shape of the keys, and for the chat shape, which many providers share, by the provider that the
 * recording is named for. Compared are the totals of input, output, cache reads, cache writes and reasoning, and the writes by
 * life where the extractor tells them apart. */
export function compareUsageShape(shape: UsageShape): UsageComparison {
  const usage = shape.body.usage ?? shape.body.usageMetadata ?? shape.body.meta ?? {};
  const available = shape.extracted.flatMap((group) =>
    group.extractors.map((extractor) => ({ extractor, usage: group.usage })),
  );
  const wanted = nativeExtractors(shape.body.file, new Set(Object.keys(usage)));
  const found = wanted
    .flatMap((name) =>
      available.filter(({ extractor }) => `${extractor.provider_id}/${extractor.api_flavor}` === name),
    )
    .at(0);
  const normalised = normaliseUsage(usage, { provider: found?.extractor.provider_id ?? null });
  const base = { file: shape.body.file, extractor: wanted[0]!, answers: shape.extracted.length };
  if (found === undefined) return { ...base, differences: ["no extractor fits"], price: null };
  if (normalised === null || "error" in normalised) {
    const differences = [normalised === null ? "no usage found" : normalised.detail];
    return { ...base, differences, price: null };
  }
  return {
    ...base,
    extractor: `${found.extractor.provider_id}/${found.extractor.api_flavor}`,
    differences: differencesOf(normalised.usage, found.usage),
    price: priceUsageShape({
      model: shape.model ?? shape.body.model ?? null,
      usage: normalised.usage,
      usageRaw: usage,
      extractor: found.extractor,
    }),
  };
}

const CHAT_PROVIDERS: ReadonlyArray<readonly [RegExp, string]> = [
  [/openrouter/, "openrouter/chat"],
  [/groq/, "groq/default"],
  [/mistral/, "mistral/default"],
  [/deepseek/, "deepseek/chat"],
  [/cerebras/, "cerebras/chat"],
  [/zai|z-ai/, "zai/chat"],
  [/huggingface/, "huggingface_together/chat"],
];

/** Extractors in order of preference. */
function nativeExtractors(file: string, keys: ReadonlySet<string>): string[] {
  if (keys.has("promptTokenCount") || keys.has("candidatesTokenCount")) return ["google/default"];
  if (keys.has("inputTokens")) return ["aws/default"];
  if (keys.has("billed_units")) return ["cohere/default", "cohere/embeddings"];
  if (keys.has("input_tokens"))
    return keys.has("total_tokens") ? ["openai/responses"] : ["anthropic/default"];
  if (!keys.has("completion_tokens")) return ["openai/embeddings"];
  const named = CHAT_PROVIDERS.find(([pattern]) => pattern.test(file.split("/").slice(-2).join("/")));
  return named === undefined ? ["openai/chat"] : [named[1], "openai/chat"];
}

function differencesOf(usage: TokenUsage, expected: Record<string, number>): string[] {
  const writes = usage.inputCacheWrite5m + usage.inputCacheWrite1h;
  const pairs: [string, number, number | undefined][] = [
    ["input", inputTotal(usage), expected.input_tokens ?? 0],
    ["output", outputTotal(usage), expected.output_tokens ?? 0],
    ["cache read", usage.inputCacheRead, expected.cache_read_tokens ?? 0],
    ["cache write", writes, expected.cache_write_tokens ?? 0],
    ["cache write 5m", usage.inputCacheWrite5m, expected.cache_write_5m_tokens],
    ["cache write 1h", usage.inputCacheWrite1h, expected.cache_write_1h_tokens],
    ["reasoning", usage.outputReasoning, expected.output_reasoning_tokens ?? 0],
  ];
  return pairs
    .filter(([, ours, theirs]) => theirs !== undefined && ours !== theirs)
    .map(([name, ours, theirs]) => `${name} ${ours} (extractor: ${theirs})`);
}
