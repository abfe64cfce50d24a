-- inputs:  billed_requests; bill_vendors (whose bill each provider, gateway and model is on; its calendar's minutes ahead of UTC)
--          $basis: billed, list or reported
-- output:  what was logged; answers from a gateway's cache are counted apart, the vendor never saw them
-- grain:   one row per vendor, day of the vendor's calendar and model
-- units:   USD, tokens
WITH attempts AS (
  SELECT
    v.vendor,
    v.is_assumed,
    date_trunc('day', r.created_at + v.offset_minutes * INTERVAL 1 MINUTE) AS midnight,
    r.*,
    coalesce(r.cache_status, '') IN ('hit', 'semantic_hit') AS is_cache_hit,
    CASE $basis
      WHEN 'list' THEN r.cost_list_usd
      WHEN 'reported' THEN r.cost_reported_usd
      ELSE r.billed_usd
    END AS usd
  FROM billed_requests AS r
  INNER JOIN bill_vendors AS v
    ON r.provider IS NOT DISTINCT FROM v.provider
    AND r.gateway IS NOT DISTINCT FROM v.gateway
    AND r.model = v.model
), judged AS (
  SELECT
    *,
    usd IS NULL
      AND NOT (status = 'error' AND coalesce(input_total_tokens, 0) + coalesce(output_total_tokens, 0) = 0) AS lacks_price
  FROM attempts
)
SELECT
  vendor,
  sb_day(midnight) AS day,
  model,
  count_if(NOT is_cache_hit) AS requests,
  count_if(is_cache_hit) AS cache_hits,
  count_if(is_assumed AND NOT is_cache_hit) AS assumed_requests,
  count_if(lacks_price AND NOT is_cache_hit) AS unpriced_requests,
  count_if(cost_list_usd IS NULL AND NOT is_cache_hit) AS without_list,
  coalesce(sum(usd) FILTER (NOT is_cache_hit), 0) AS usd,
  coalesce(sum(cost_list_usd) FILTER (NOT is_cache_hit), 0) AS list_usd,
  coalesce(sum(cost_reported_usd) FILTER (NOT is_cache_hit), 0) AS reported_usd,
  coalesce(sum(input_uncached_tokens) FILTER (NOT is_cache_hit), 0)::DOUBLE AS input_uncached,
  coalesce(sum(input_cache_read_tokens) FILTER (NOT is_cache_hit), 0)::DOUBLE AS input_cache_read,
  coalesce(sum(input_cache_write_5m_tokens) FILTER (NOT is_cache_hit), 0)::DOUBLE AS input_cache_write_5m,
  coalesce(sum(input_cache_write_1h_tokens) FILTER (NOT is_cache_hit), 0)::DOUBLE AS input_cache_write_1h,
  coalesce(sum(input_total_tokens) FILTER (NOT is_cache_hit), 0)::DOUBLE AS input_total,
  coalesce(sum(output_total_tokens) FILTER (NOT is_cache_hit), 0)::DOUBLE AS output_total,
  coalesce(sum(input_uncached_tokens) FILTER (lacks_price AND NOT is_cache_hit), 0)::DOUBLE AS unpriced_input_uncached,
  coalesce(sum(input_cache_read_tokens) FILTER (lacks_price AND NOT is_cache_hit), 0)::DOUBLE AS unpriced_input_cache_read,
  coalesce(sum(input_cache_write_5m_tokens) FILTER (lacks_price AND NOT is_cache_hit), 0)::DOUBLE AS unpriced_input_cache_write_5m,
  coalesce(sum(input_cache_write_1h_tokens) FILTER (lacks_price AND NOT is_cache_hit), 0)::DOUBLE AS unpriced_input_cache_write_1h,
  coalesce(sum(input_total_tokens) FILTER (lacks_price AND NOT is_cache_hit), 0)::DOUBLE AS unpriced_input_total,
  coalesce(sum(output_total_tokens) FILTER (lacks_price AND NOT is_cache_hit), 0)::DOUBLE AS unpriced_output_total
FROM judged
GROUP BY vendor, midnight, model
ORDER BY vendor, midnight, model
