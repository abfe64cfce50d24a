import { inputTotal, type TokenUsage } from "../tokens/token-usage.js";

/** USD per million tokens of each kind; null for a kind that has no price. */
export interface TokenRates {
  input: number | null;
  cacheRead: number | null;
  cacheWrite5m: number | null;
  cacheWrite1h: number | null;
  output: number | null;
  reasoning: number | null;
  /** null: such tokens are charged at the text rate. */
  inputAudio: number | null;
  cacheReadAudio: number | null;
  inputImage: number | null;
  outputAudio: number | null;
  outputImage: number | null;
}

/** The rates of one range of prompt sizes. A whole request is charged at the rates of its range, not only the part above it. */
export interface RateTier {
  /** Smallest input total that belongs to the range, in tokens; 0 for the first. */
  minInputTokens: number;
  usdPerMTok: TokenRates;
}

/** What a model costs, without a date. */
export interface Rates {
  /** USD for the request itself. */
  perRequestUsd: number;
  /** USD for one search that the provider made; null when the list doesn't say. */
  perWebSearchUsd: number | null;
  /** The list has no price for 1-hour cache writes; they are at the factor that the maker documents. */
  isWrite1hDerived?: true;
  /** By rising minInputTokens; the first starts at 0. */
  tiers: RateTier[];
}

/** Everything that decides the price of a (provider, model, tier) within a window of time: plain data, so that a join can do what
 * {@link applyRates} does. Times are microseconds since 1970, UTC. */
export interface RateCard extends Rates {
  /** Provider whose list it is. */
  provider: string;
  /** The list's own id of the model. */
  modelKey: string;
  /** standard, batch, flex, priority, ... */
  serviceTier: string;
  /** Which list, then what was assumed: see docs/prices.md. */
  priceSource: string;
  /** Version or date of the list; null where it has none. */
  listVersion: string | null;
  /** Inclusive; null when the card holds for all time before validTo. */
  validFrom: number | null;
  /** Exclusive; null when no change is known. */
  validTo: number | null;
}

/** What one request costs, or why that is unknown. `isTextRate`: audio or image tokens were charged as text, because the list has
 * no audio price or the usage doesn't say which of them came from the cache. */
export type Cost = { usd: number; isTextRate: boolean } | { failure: "unpriced_unit" | "invalid_usage" };

/** Price a usage: perRequestUsd + searches x perWebSearchUsd + sum of tokens x USD per million / 1e6, at the rates of the range that
 * the input total is in. Audio and image tokens with a price of their own are taken out of the part that they are in first. */
export function applyRates({ perRequestUsd, perWebSearchUsd, tiers }: Rates, usage: TokenUsage): Cost {
  const { inputUncached, inputCacheRead, inputCacheWrite5m, inputCacheWrite1h, outputText, outputReasoning } =
    usage;
  const inputAll = inputTotal(usage);
  const smallest = Math.min(
    inputUncached,
    inputCacheRead,
    inputCacheWrite5m,
    inputCacheWrite1h,
    outputText,
    outputReasoning,
  );
  if (!(smallest >= 0) || !Number.isFinite(inputAll + outputText + outputReasoning))
    return { failure: "invalid_usage" };
  const rates = ratesFor(tiers, inputAll);
  const [fresh, cached] = splitInput(usage, rates, inputAll > inputUncached);
  const output = splitMedia(usage.outputAudio, usage.outputImage, outputText, {
    audio: rates.outputAudio,
    image: rates.outputImage,
  });
  const perMillion =
    charge(inputUncached - fresh.tokens, rates.input) +
    charge(inputCacheRead - cached.tokens, rates.cacheRead) +
    charge(inputCacheWrite5m, rates.cacheWrite5m) +
    charge(inputCacheWrite1h, rates.cacheWrite1h) +
    charge(outputText - output.tokens, rates.output) +
    charge(outputReasoning, rates.reasoning) +
    fresh.charge +
    cached.charge +
    output.charge;
  const usd = perRequestUsd + charge(positive(usage.webSearches), perWebSearchUsd) + perMillion / 1e6;
  if (Number.isNaN(usd)) return { failure: "unpriced_unit" };
  return Number.isFinite(usd)
    ? { usd, isTextRate: fresh.isTextRate || cached.isTextRate || output.isTextRate }
    : { failure: "invalid_usage" };
}

/** The rates of the range that an input total falls into. */
export function ratesFor(tiers: readonly RateTier[], inputAll: number): TokenRates {
  let i = tiers.length - 1;
  while (i > 0 && inputAll < tiers[i]!.minInputTokens) i -= 1;
  return tiers[i]!.usdPerMTok;
}

/** The same with other token rates: half of them for a batch job. Fees stay as they are. */
export function scaleTokenRates<Kind extends Rates>(
  rates: Kind,
  { factor, cacheReadFactor }: { factor: number; cacheReadFactor: number },
): Kind {
  const factorOf = (kind: string) => (kind.startsWith("cacheRead") ? cacheReadFactor : factor);
  const scale = (values: TokenRates) =>
    Object.fromEntries(
      Object.entries(values).map(([kind, rate]) => [kind, rate === null ? null : rate * factorOf(kind)]),
    ) as unknown as TokenRates;
  return {
    ...rates,
    tiers: rates.tiers.map((tier) => ({ ...tier, usdPerMTok: scale(tier.usdPerMTok) })),
  };
}

interface MediaCharge {
  tokens: number;
  charge: number;
  isTextRate: boolean;
}

const NO_MEDIA: MediaCharge = { tokens: 0, charge: 0, isTextRate: false };

/** What of the uncached input and of the cache reads is charged as audio or image. When part of the prompt came from the cache, it must
 * be known which part of its audio did; nobody says it of images. */
function splitInput(usage: TokenUsage, rates: TokenRates, hasCache: boolean): [MediaCharge, MediaCharge] {
  const audio = positive(usage.inputAudio);
  const cachedAudio = hasCache ? (usage.inputCacheReadAudio ?? null) : 0;
  const isUnknown =
    hasCache &&
    ((audio > 0 && cachedAudio === null) || (positive(usage.inputImage) > 0 && rates.inputImage !== null));
  const fresh = splitMedia(
    audio - positive(cachedAudio),
    usage.inputImage,
    isUnknown ? 0 : usage.inputUncached,
    {
      audio: rates.inputAudio,
      image: rates.inputImage,
    },
  );
  const cached = splitMedia(cachedAudio, null, usage.inputCacheRead, {
    audio: rates.cacheReadAudio,
    image: null,
  });
  return [fresh, cached];
}

/** The audio and image tokens that can be charged apart: those of a part that can hold all of them. */
function splitMedia(
  audioTokens: number | null | undefined,
  imageTokens: number | null | undefined,
  partTokens: number,
  rates: { audio: number | null; image: number | null },
): MediaCharge {
  const audio = positive(audioTokens);
  const image = positive(imageTokens);
  if (audio === 0 && image === 0) return NO_MEDIA;
  const isSplittable = audio + (rates.image === null ? 0 : image) <= partTokens;
  const apart = {
    audio: isSplittable && rates.audio !== null ? audio : 0,
    image: isSplittable && rates.image !== null ? image : 0,
  };
  return {
    tokens: apart.audio + apart.image,
    charge: charge(apart.audio, rates.audio) + charge(apart.image, rates.image),
    // Images without a price of their own are text tokens by the providers' own lists; audio never is.
    isTextRate: apart.audio < audio || (apart.image < image && rates.image !== null),
  };
}

function positive(count: number | null | undefined): number {
  return count != null && count > 0 ? count : 0;
}

/** NaN when there is something of a kind without a price. */
function charge(count: number, rate: number | null): number {
  return count === 0 ? 0 : rate === null ? Number.NaN : count * rate;
}
