-- inputs:  billed_requests, log_order; $part and $parts: a session belongs to one part; $from and $before: its place in the order of visits
-- output:  what the simulation needs of each attempt of one part, session by session, each in the order in which production saw it
-- grain:   one row per attempt
-- units:   billed_usd in USD, created_at in UTC, tokens, latency_ms in ms
SELECT
  o.row,
  o.session,
  o.app_number,
  b.request_id,
  b.session_id,
  b.app,
  b.created_at,
  b.model,
  b.provider,
  b.endpoint,
  b.billed_usd,
  CASE WHEN b.cost_reported_usd > 0 THEN coalesce(b.gateway, b.source) END AS charged_by,
  b.is_unpriced,
  b.is_success,
  b.latency_ms,
  b.system_text,
  b.user_text,
  b.history_json,
  b.n_tools,
  b.n_images,
  b.has_json_schema,
  b.max_tokens,
  b.service_tier,
  b.is_batch,
  b.input_uncached_tokens IS NOT NULL AND b.output_text_tokens IS NOT NULL AS has_tokens,
  coalesce(b.input_uncached_tokens, 0)
    + coalesce(b.input_cache_read_tokens, 0)
    + coalesce(b.input_cache_write_5m_tokens, 0)
    + coalesce(b.input_cache_write_1h_tokens, 0) AS input_tokens,
  coalesce(b.output_text_tokens, 0) + coalesce(b.output_reasoning_tokens, 0) AS output_tokens
FROM billed_requests AS b
JOIN log_order AS o USING (request_id, source_file, source_line)
WHERE o.session % $parts = $part AND o.visit >= $from AND o.visit < $before
ORDER BY o.visit, o.row
