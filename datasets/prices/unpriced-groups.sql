-- inputs:  billed_requests
-- output:  the attempts that were charged and have no price, for unpricedRange
-- grain:   one row per provider, model and reason
-- units:   tokens
SELECT
  provider,
  model,
  coalesce(price_source, 'unknown_model') AS reason,
  count(*) AS requests,
  count(*) FILTER (WHERE input_total_tokens IS NULL AND output_total_tokens IS NULL) AS requests_without_tokens,
  CAST(coalesce(sum(input_uncached_tokens), 0) AS BIGINT) AS input_uncached_tokens,
  CAST(coalesce(sum(input_cache_read_tokens), 0) AS BIGINT) AS input_cache_read_tokens,
  CAST(coalesce(sum(input_cache_write_5m_tokens), 0) AS BIGINT) AS input_cache_write_5m_tokens,
  CAST(coalesce(sum(input_cache_write_1h_tokens), 0) AS BIGINT) AS input_cache_write_1h_tokens,
  CAST(coalesce(sum(output_text_tokens), 0) AS BIGINT) AS output_text_tokens,
  CAST(coalesce(sum(output_reasoning_tokens), 0) AS BIGINT) AS output_reasoning_tokens
FROM billed_requests
WHERE is_unpriced
GROUP BY ALL
ORDER BY requests DESC, model
