import type { TokenUsage } from "../../datasets/tokens/token-usage.js";

/** One row of markup-sample.sql. */
export interface SampleRow {
  gateway: string;
  provider: string | null;
  model: string;
  created_at: number;
  day: string;
  session_id: string | null;
  service_tier: string | null;
  is_batch: boolean | null;
  cost_reported_usd: number;
  cost_list_usd: number;
  input_uncached_tokens: number;
  input_cache_read_tokens: number;
  input_cache_write_5m_tokens: number;
  input_cache_write_1h_tokens: number;
  output_text_tokens: number;
  output_reasoning_tokens: number;
  input_audio_tokens: number | null;
  output_audio_tokens: number | null;
}

/** The token parts of a sampled call. */
export function usageOf(row: SampleRow): TokenUsage {
  return {
    inputUncached: row.input_uncached_tokens,
    inputCacheRead: row.input_cache_read_tokens,
    inputCacheWrite5m: row.input_cache_write_5m_tokens,
    inputCacheWrite1h: row.input_cache_write_1h_tokens,
    outputText: row.output_text_tokens,
    outputReasoning: row.output_reasoning_tokens,
    inputAudio: row.input_audio_tokens,
    inputImage: null,
    outputAudio: row.output_audio_tokens,
  };
}
