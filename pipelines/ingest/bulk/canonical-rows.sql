-- The claimed records as rows of the request log.
-- In: records (canonical-claims.sql), system_texts, classes (bulk/price-classes.ts: canonical names and rates), variables source_file,
--     content_mode, salt; macros of bulk/macros.ts.
-- Grain: one row per claimed record. Units: as in the request log; rates in USD per million tokens.
SELECT
  r.request_id,
  CAST(coalesce(r.attempt_no, 1) AS INTEGER) AS attempt_no,
  coalesce(r.logical_id, r.request_id) AS logical_id,
  r.session_id,
  r.tenant,
  bulk_hash(r.end_user) AS user_hash,
  r.app,
  NULL::VARCHAR AS api_key,
  r.endpoint,
  'canonical' AS source,
  getvariable('source_file') AS source_file,
  r.line AS source_line,
  r.created_at,
  NULL::TIMESTAMP AS updated_at,
  r.latency_ms,
  r.ttft_ms,
  r.model_asked AS model_requested,
  r.model_served,
  c.canonical_model AS model,
  c.canonical_provider AS provider,
  r.gateway,
  CASE
    WHEN r.user_text IS NULL OR getvariable('content_mode') = 'none' THEN 'none'
    WHEN getvariable('content_mode') = 'hash' THEN 'hashed'
    WHEN r.content_state = 'truncated' THEN 'truncated'
    WHEN getvariable('content_mode') = 'redacted' OR r.content_state = 'redacted' THEN 'redacted'
    ELSE 'full'
  END AS content_state,
  CASE WHEN getvariable('keeps_text') THEN r.system_text END AS system_text,
  CASE WHEN getvariable('keeps_text') THEN r.user_text END AS user_text,
  NULL::VARCHAR AS history_json,
  CASE WHEN getvariable('keeps_text') THEN r.output_text END AS output_text,
  CASE WHEN getvariable('content_mode') <> 'none' THEN s.hash END AS system_hash,
  CASE
    WHEN getvariable('content_mode') <> 'none' AND r.user_text IS NOT NULL THEN bulk_hash(concat(
      '[', coalesce(s.json, 'null'), ',[{"role":"user","content":', bulk_json_text(r.user_text), '}]]'
    ))
  END AS prompt_hash,
  NULL::VARCHAR AS tools_hash,
  CASE WHEN r.user_text IS NOT NULL THEN coalesce(s.chars, 0) END AS system_chars,
  bulk_chars(r.user_text) AS user_chars,
  CASE WHEN r.user_text IS NOT NULL THEN 0::BIGINT END AS history_chars,
  CASE WHEN r.user_text IS NOT NULL THEN 0::INTEGER END AS history_turns,
  bulk_chars(r.output_text) AS output_chars,
  CASE WHEN r.user_text IS NOT NULL THEN 0::INTEGER END AS n_images,
  CASE WHEN r.user_text IS NOT NULL THEN 0::INTEGER END AS n_audio,
  CASE WHEN r.user_text IS NOT NULL THEN 0::INTEGER END AS n_files,
  CAST(r.part_uncached AS BIGINT) AS input_uncached_tokens,
  CAST(r.part_read AS BIGINT) AS input_cache_read_tokens,
  CAST(r.part_write_5m AS BIGINT) AS input_cache_write_5m_tokens,
  CAST(r.part_write_1h AS BIGINT) AS input_cache_write_1h_tokens,
  CAST(r.part_uncached + r.part_read + r.part_write_5m + r.part_write_1h AS BIGINT) AS input_total_tokens,
  CAST(r.part_text AS BIGINT) AS output_text_tokens,
  CAST(r.part_reasoning AS BIGINT) AS output_reasoning_tokens,
  CAST(r.part_text + r.part_reasoning AS BIGINT) AS output_total_tokens,
  CASE WHEN r.usage_from = 'own' THEN CAST(r.input_audio AS BIGINT) END AS input_audio_tokens,
  CASE WHEN r.usage_from = 'own' THEN CAST(r.input_image AS BIGINT) END AS input_image_tokens,
  CASE WHEN r.usage_from = 'own' THEN CAST(r.output_audio AS BIGINT) END AS output_audio_tokens,
  'logged' AS tokens_source,
  NULL::DOUBLE AS tokens_error_share,
  CASE
    WHEN r.usage_from = 'flat' THEN concat(
      '{"prompt_tokens":', bulk_json_count(r.input_tokens), ',"completion_tokens":', bulk_json_count(r.output_tokens),
      ',"total_tokens":', bulk_json_count(r.total_tokens),
      ',"prompt_tokens_details":{"cached_tokens":', bulk_json_count(r.cache_read_tokens),
      ',"cache_write_tokens":', bulk_json_count(r.cache_write_tokens),
      '},"completion_tokens_details":{"reasoning_tokens":', bulk_json_count(r.reasoning_tokens), '}}'
    )
  END AS usage_json,
  NULL::VARCHAR AS other_usage_json,
  r.cost_reported_usd,
  CASE
    WHEN r.cache_status IN ('hit', 'semantic_hit') THEN 0
    ELSE c.per_request_usd + (
      bulk_charge(r.part_uncached, c.input_rate) + bulk_charge(r.part_read, c.cache_read_rate)
      + bulk_charge(r.part_write_5m, c.cache_write_5m_rate) + bulk_charge(r.part_write_1h, c.cache_write_1h_rate)
      + bulk_charge(r.part_text, c.output_rate) + bulk_charge(r.part_reasoning, c.reasoning_rate)
    ) / 1000000
  END AS cost_list_usd,
  CASE
    WHEN r.cache_status IN ('hit', 'semantic_hit') THEN 'gateway_cache_hit'
    WHEN c.per_request_usd IS NOT NULL AND cost_list_usd IS NULL THEN 'unpriced_unit'
    ELSE c.price_source
  END AS price_source,
  CASE
    WHEN r.cache_status IN ('hit', 'semantic_hit') OR cost_list_usd IS NULL THEN NULL
    ELSE strftime(r.created_at, '%Y-%m-%d')
  END AS price_date,
  'ok' AS status,
  CAST(r.http_status AS INTEGER) AS http_status,
  NULL::VARCHAR AS error_class,
  r.finish_reason,
  r.is_stream,
  r.cache_status,
  r.feedback_score,
  r.service_tier,
  r.is_batch,
  r.temperature,
  CAST(r.max_tokens AS BIGINT) AS max_tokens,
  NULL::INTEGER AS n_tools,
  r.has_json_schema
FROM records AS r
LEFT JOIN system_texts AS s ON s.system_text = r.system_text
JOIN classes AS c
  ON c.model_named = r.model_named
  AND c.provider_named IS NOT DISTINCT FROM r.provider
  AND c.service_tier IS NOT DISTINCT FROM r.service_tier
  AND c.is_batch IS NOT DISTINCT FROM r.is_batch
  AND r.created_at >= c.valid_from AND r.created_at < c.valid_to
  AND r.part_uncached + r.part_read + r.part_write_5m + r.part_write_1h >= c.min_input_tokens
  AND r.part_uncached + r.part_read + r.part_write_5m + r.part_write_1h < c.below_input_tokens
WHERE r.is_claimed
