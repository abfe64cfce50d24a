import type { PolicyModel } from "../artifact/artifact.js";
import type { ReadRequest } from "../request/read-request.js";

/** Estimated tokens of one call. */
export interface CallTokens {
  /** System prompt, history and tool definitions: what a provider's prompt cache can hold. */
  prefix: number;
  /** The last user turn. */
  turn: number;
  /** Null when nothing bounds it: no length head and no cap of the request's. */
  output: number | null;
}

/** Estimates of one call's tokens: what is likely, and what is on the safe side. */
export interface TokenEstimates {
  likely: CallTokens;
  most: CallTokens;
}

/** UTF-16 units of a token. Measured with o200k_base: English and German prose 5 to 5.7, source code 3.1, JSON 2.4; Cyrillic, Arabic
 * and Devanagari 3 to 3.5, Hangul, Han and Kana 1.3 to 1.6. Likely numbers lie between, safe ones at the low end. */
const units = { likely: { ascii: 4, other: 2 }, most: { ascii: 2.4, other: 1 } } as const;
const tokensPerImage = { likely: 1_000, most: 1_600 } as const;
const tokensPerTool = { likely: 100, most: 300 } as const;
/** More than any model writes; a length head may say anything. */
const outputLimit = 1_000_000;

/** Estimate the tokens of a call from lengths.
 * @param nonAsciiShare of the last user turn, in [0, 1]; the rest of the request is taken to be alike
 * @param lengths quantiles of ln(1 + output tokens), ascending; empty without a length head
 * @param median place of the median among them */
export function estimateTokens(
  read: ReadRequest,
  nonAsciiShare: number,
  lengths: ArrayLike<number>,
  median: number,
): TokenEstimates {
  const cap = read.maxTokens ?? Number.POSITIVE_INFINITY;
  const estimate = (kind: keyof typeof units, output: number | null): CallTokens => {
    const perUnit = (1 - nonAsciiShare) / units[kind].ascii + nonAsciiShare / units[kind].other;
    const context = (read.systemText.length + read.historyChars) * perUnit;
    return {
      prefix: context + read.nTools * tokensPerTool[kind],
      turn: read.userText.length * perUnit + read.nImages * tokensPerImage[kind],
      output,
    };
  };
  const likely = outputTokens(lengths, median, cap);
  const most = outputTokens(lengths, lengths.length - 1, cap);
  return { likely: estimate("likely", likely), most: estimate("most", most ?? read.maxTokens) };
}

function outputTokens(lengths: ArrayLike<number>, at: number, cap: number): number | null {
  if (lengths.length === 0) return null;
  return Math.min(cap, outputLimit, Math.max(0, Math.expm1(lengths[at]!)));
}

/** Cost of a call at full input prices, USD; null when a price or the output isn't known. An unknown price is never zero. */
export function callCost(model: PolicyModel, tokens: CallTokens): number | null {
  return costWithPrefixAt(model, tokens, model.input_usd_per_mtok);
}

/** Cost of a call whose prefix is in the provider's prompt cache; at the full price where the cached one isn't known. */
export function cachedCallCost(model: PolicyModel, tokens: CallTokens): number | null {
  return costWithPrefixAt(model, tokens, model.cache_read_usd_per_mtok ?? model.input_usd_per_mtok);
}

function costWithPrefixAt(
  { input_usd_per_mtok: input, output_usd_per_mtok: output }: PolicyModel,
  tokens: CallTokens,
  prefixPrice: number | null,
): number | null {
  if (input === null || output === null || prefixPrice === null || tokens.output === null) return null;
  return (tokens.prefix * prefixPrice + tokens.turn * input + tokens.output * output) / 1e6;
}
