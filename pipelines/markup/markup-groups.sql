-- inputs:  requests
-- output:  what every gateway reports and what the list says, with what can't be compared counted apart
-- grain:   one row per gateway (or log format, where no gateway is named), provider and model; only with some reported cost
-- units:   USD
WITH judged AS (
  SELECT
    *,
    coalesce(cache_status, '') IN ('hit', 'semantic_hit') AS is_cache_hit,
    status = 'error' AND coalesce(input_total_tokens, 0) + coalesce(output_total_tokens, 0) = 0 AS is_uncharged
  FROM requests
)
SELECT
  coalesce(gateway, source) AS gateway,
  provider,
  model,
  count(*) AS calls,
  count(*) FILTER (WHERE is_cache_hit) AS cache_hits,
  count(*) FILTER (WHERE cost_reported_usd IS NULL AND NOT is_cache_hit AND NOT is_uncharged) AS without_reported,
  count(*) FILTER (WHERE cost_list_usd IS NULL AND cost_reported_usd IS NOT NULL AND NOT is_cache_hit AND NOT is_uncharged) AS without_list,
  count(*) FILTER (WHERE cost_reported_usd < 0 AND NOT is_cache_hit) AS negative,
  count(*) FILTER (WHERE cost_reported_usd = 0 AND cost_list_usd > 0 AND NOT is_cache_hit) AS zero_calls,
  coalesce(sum(cost_list_usd) FILTER (cost_reported_usd = 0 AND cost_list_usd > 0 AND NOT is_cache_hit), 0) AS zero_list_usd,
  count(*) FILTER (WHERE cost_reported_usd > 0 AND cost_list_usd > 0 AND NOT is_cache_hit) AS usable,
  coalesce(sum(cost_reported_usd) FILTER (cost_reported_usd > 0 AND cost_list_usd > 0 AND NOT is_cache_hit), 0) AS reported_usd,
  coalesce(sum(cost_list_usd) FILTER (cost_reported_usd > 0 AND cost_list_usd > 0 AND NOT is_cache_hit), 0) AS list_usd
FROM judged
GROUP BY 1, 2, 3
HAVING count(*) FILTER (WHERE cost_reported_usd IS NOT NULL AND NOT is_uncharged) > 0
ORDER BY reported_usd DESC, gateway, provider, model
