-- inputs:  requests; $rows: about how many rows of a group to take
-- output:  calls that were charged and have a list price, zero costs too (rounding can make them); a random sample of large groups,
--          the same one every time
-- grain:   one row per call, by group and time
-- units:   USD, tokens, microseconds since 1970 UTC
WITH comparable AS (
  SELECT *, coalesce(gateway, source) AS group_gateway
  FROM requests
  WHERE cost_reported_usd >= 0
    AND cost_list_usd > 0
    AND coalesce(cache_status, '') NOT IN ('hit', 'semantic_hit')
), sizes AS (
  SELECT group_gateway, provider, model, count(*) AS calls
  FROM comparable
  GROUP BY 1, 2, 3
)
SELECT
  c.group_gateway AS gateway,
  c.provider,
  c.model,
  epoch_us(c.created_at) AS created_at,
  sb_day(c.created_at) AS day,
  c.session_id,
  c.service_tier,
  c.is_batch,
  c.cost_reported_usd,
  c.cost_list_usd,
  coalesce(c.input_uncached_tokens, 0) AS input_uncached_tokens,
  coalesce(c.input_cache_read_tokens, 0) AS input_cache_read_tokens,
  coalesce(c.input_cache_write_5m_tokens, 0) AS input_cache_write_5m_tokens,
  coalesce(c.input_cache_write_1h_tokens, 0) AS input_cache_write_1h_tokens,
  coalesce(c.output_text_tokens, c.output_total_tokens, 0) AS output_text_tokens,
  CASE WHEN c.output_text_tokens IS NULL THEN 0 ELSE coalesce(c.output_reasoning_tokens, 0) END AS output_reasoning_tokens,
  c.input_audio_tokens,
  c.output_audio_tokens
FROM comparable AS c
INNER JOIN sizes AS s
  ON c.group_gateway = s.group_gateway
  AND c.provider IS NOT DISTINCT FROM s.provider
  AND c.model = s.model
-- the first 32 bits of a hash of the id are a uniform draw that belongs to the call
WHERE s.calls <= $rows
  OR ('0x' || substr(md5(c.request_id), 1, 8))::BIGINT < 4294967296.0 * $rows / s.calls
ORDER BY c.group_gateway, c.provider, c.model, c.created_at, c.request_id
