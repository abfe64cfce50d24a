-- inputs:  billed_requests
-- output:  what the simulation needs of each attempt, in the order in which production would have seen it
-- grain:   one row per attempt
-- units:   billed_usd in USD, created_at in UTC, tokens
SELECT
  request_id,
  coalesce(session_id, logical_id) AS session,
  session_id,
  coalesce(app, '(not logged)') AS app,
  created_at,
  model,
  provider,
  endpoint,
  billed_usd,
  is_unpriced,
  is_success,
  system_text,
  user_text,
  history_json,
  n_tools,
  n_images,
  has_json_schema,
  max_tokens,
  service_tier,
  is_batch,
  input_uncached_tokens,
  input_cache_read_tokens,
  input_cache_write_5m_tokens,
  input_cache_write_1h_tokens,
  output_text_tokens,
  output_reasoning_tokens
FROM billed_requests
ORDER BY created_at, request_id
