-- inputs:  billed_requests
-- output:  token counts and money to be laid out as FOCUS rows
-- grain:   one row per UTC day, provider, model, service tier, batch or not, API key, and whether the bill and the list price are known
-- units:   tokens, USD, microseconds since 1970
SELECT
  sb_day(created_at) AS "day",
  epoch_us(min(created_at)) AS first_at,
  provider,
  model,
  service_tier,
  coalesce(is_batch, false) AS is_batch,
  api_key,
  billed_usd IS NOT NULL AS is_billed,
  cost_list_usd IS NOT NULL AS is_listed,
  count(*) AS requests,
  sum(billed_usd) AS billed_usd,
  sum(cost_list_usd) AS list_usd,
  coalesce(sum(input_uncached_tokens), 0) AS input_uncached,
  coalesce(sum(input_cache_read_tokens), 0) AS input_cache_read,
  coalesce(sum(input_cache_write_5m_tokens), 0) AS input_cache_write_5m,
  coalesce(sum(input_cache_write_1h_tokens), 0) AS input_cache_write_1h,
  coalesce(sum(output_text_tokens), 0) AS output_text,
  coalesce(sum(output_reasoning_tokens), 0) AS output_reasoning
FROM billed_requests
WHERE billed_usd IS NOT NULL OR is_unpriced
GROUP BY ALL
ORDER BY "day", provider NULLS FIRST, model, service_tier NULLS FIRST, is_batch, api_key NULLS FIRST, is_billed, is_listed
