import type { RateCard } from "./rate-card.js";

/** One range of prompt sizes of a card, flat: what a SQL query joins requests with.
 *
 * usd = per_request_usd + (input_uncached_tokens * input_usd_per_mtok + ... + output_reasoning_tokens * reasoning_usd_per_mtok) / 1e6,
 * on the one row with min_input_tokens <= input_total_tokens <= max_input_tokens and valid_from <= created_at < valid_to. A NULL rate
 * makes a request unpriced that has tokens of that kind. Rows with audio or image tokens, or with web searches, need more than this sum: applyRates. */
export interface RateRow {
  provider: string;
  model_key: string;
  service_tier: string;
  price_source: string;
  /** Microseconds since 1970, UTC; NULL = open. */
  valid_from: number | null;
  valid_to: number | null;
  min_input_tokens: number;
  /** Inclusive; NULL in the last range. */
  max_input_tokens: number | null;
  per_request_usd: number;
  per_web_search_usd: number | null;
  input_usd_per_mtok: number | null;
  cache_read_usd_per_mtok: number | null;
  cache_write_5m_usd_per_mtok: number | null;
  cache_write_1h_usd_per_mtok: number | null;
  output_usd_per_mtok: number | null;
  reasoning_usd_per_mtok: number | null;
  input_audio_usd_per_mtok: number | null;
  cache_read_audio_usd_per_mtok: number | null;
  input_image_usd_per_mtok: number | null;
  output_audio_usd_per_mtok: number | null;
  output_image_usd_per_mtok: number | null;
}

/** The rows of a card, one per range of prompt sizes. */
export function rateRows(card: RateCard): RateRow[] {
  return card.tiers.map(({ minInputTokens, usdPerMTok: rates }, i) => ({
    provider: card.provider,
    model_key: card.modelKey,
    service_tier: card.serviceTier,
    price_source: card.priceSource,
    valid_from: card.validFrom,
    valid_to: card.validTo,
    min_input_tokens: minInputTokens,
    max_input_tokens: i + 1 < card.tiers.length ? card.tiers[i + 1]!.minInputTokens - 1 : null,
    per_request_usd: card.perRequestUsd,
    per_web_search_usd: card.perWebSearchUsd,
    input_usd_per_mtok: rates.input,
    cache_read_usd_per_mtok: rates.cacheRead,
    cache_write_5m_usd_per_mtok: rates.cacheWrite5m,
    cache_write_1h_usd_per_mtok: rates.cacheWrite1h,
    output_usd_per_mtok: rates.output,
    reasoning_usd_per_mtok: rates.reasoning,
    input_audio_usd_per_mtok: rates.inputAudio,
    cache_read_audio_usd_per_mtok: rates.cacheReadAudio,
    input_image_usd_per_mtok: rates.inputImage,
    output_audio_usd_per_mtok: rates.outputAudio,
    output_image_usd_per_mtok: rates.outputImage,
  }));
}
