/** A row of traffic-to-route.sql. */
export interface TrafficRow {
  session: string;
  session_id: string | null;
  app: string;
  created_at: number;
  model: string;
  provider: string | null;
  endpoint: string | null;
  billed_usd: number | null;
  is_unpriced: boolean;
  is_success: boolean;
  system_text: string | null;
  user_text: string | null;
  history_json: string | null;
  n_tools: number | null;
  n_images: number | null;
  has_json_schema: boolean | null;
  max_tokens: number | null;
  service_tier: string | null;
  is_batch: boolean | null;
  input_uncached_tokens: number | null;
  input_cache_read_tokens: number | null;
  input_cache_write_5m_tokens: number | null;
  input_cache_write_1h_tokens: number | null;
  output_text_tokens: number | null;
  output_reasoning_tokens: number | null;
}
