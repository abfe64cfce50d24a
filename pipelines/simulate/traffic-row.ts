/** A row of traffic-to-route.sql. */
export interface TrafficRow {
  /** Place in order of time, from 0. */
  row: number;
  /** Number of the session. */
  session: number;
  app_number: number;
  request_id: string;
  session_id: string | null;
  app: string | null;
  created_at: number;
  model: string;
  provider: string | null;
  endpoint: string | null;
  billed_usd: number | null;
  /** The gateway (or log format) whose own figure the bill is; null when it is a list price or nothing. */
  charged_by: string | null;
  is_unpriced: boolean;
  is_success: boolean;
  latency_ms: number | null;
  system_text: string | null;
  user_text: string | null;
  history_json: string | null;
  n_tools: number | null;
  n_images: number | null;
  has_json_schema: boolean | null;
  max_tokens: number | null;
  service_tier: string | null;
  is_batch: boolean | null;
  /** Whether the log has input and output tokens at all. */
  has_tokens: boolean;
  /** All input, cached or not, and all output, reasoning included; a part that isn't logged counts as none. */
  input_tokens: number;
  output_tokens: number;
}
