-- inputs:  billed_requests; log_order; decided: row, left_code, served, chosen, tier, is_stakes, confidence; left_reasons
-- output:  the rows of replay
-- grain:   one row per attempt, in order of time
-- units:   billed_usd in USD, times in ms, created_at in UTC, tokens
SELECT
  o.row,
  b.request_id,
  b.logical_id,
  b.attempt_no,
  o.session,
  l.evidence,
  l.left_reason,
  b.created_at,
  b.app,
  b.tenant,
  b.user_hash,
  b.endpoint,
  d.served,
  d.chosen,
  d.tier,
  d.is_stakes,
  d.confidence,
  b.is_success,
  b.error_class,
  b.finish_reason,
  b.is_stream,
  b.is_batch,
  try_cast(b.input_total_tokens AS INTEGER) AS input_tokens,
  try_cast(b.input_cache_read_tokens AS INTEGER) AS cache_read_tokens,
  CASE
    WHEN b.input_cache_write_5m_tokens IS NOT NULL OR b.input_cache_write_1h_tokens IS NOT NULL
    THEN try_cast(
      coalesce(b.input_cache_write_5m_tokens, 0) + coalesce(b.input_cache_write_1h_tokens, 0) AS INTEGER
    )
  END AS cache_write_tokens,
  try_cast(b.output_total_tokens AS INTEGER) AS output_tokens,
  b.billed_usd,
  b.latency_ms,
  b.ttft_ms,
  try_cast(b.user_chars AS INTEGER) AS user_chars,
  b.n_tools > 0 AS has_tools,
  CASE
    WHEN b.prompt_hash IS NOT NULL
      AND b.content_state <> 'truncated'
      AND coalesce(b.n_images, 0) + coalesce(b.n_audio, 0) + coalesce(b.n_files, 0) = 0
    THEN md5(concat_ws(
      chr(31), coalesce(b.tenant, ''), b.prompt_hash, coalesce(b.tools_hash, ''), coalesce(b.has_json_schema, false)
    ))
  END AS prompt_hash
FROM billed_requests AS b
JOIN log_order AS o USING (request_id, source_file, source_line)
JOIN decided AS d ON d.row = o.row
JOIN left_reasons AS l ON l.left_code = d.left_code
ORDER BY o.row
