-- inputs:  pricing_requests; $payer: user, tenant, app, api_key or session, the field that names who pays; $needs_tokens, $needs_list:
--          whether some plan charges by tokens, or at list price
-- output:  what each payer sent on each day, of attempts that every plan can price
-- grain:   one row per payer (or, for attempts without one, per session) and UTC day
-- units:   USD, tokens
WITH named AS (
  SELECT
    *,
    CASE $payer
      WHEN 'user' THEN user_hash
      WHEN 'tenant' THEN tenant
      WHEN 'app' THEN app
      WHEN 'api_key' THEN api_key
      ELSE session_id
    END AS payer
  FROM pricing_requests
  WHERE unknown_reason IS NULL
    OR (unknown_reason = 'tokens' AND NOT $needs_tokens)
    OR (unknown_reason = 'list' AND NOT $needs_list)
)
SELECT
  coalesce('payer ' || payer, 'session ' || coalesce(session_id, logical_id)) AS cluster,
  payer IS NOT NULL AS is_payer,
  day,
  count(*)::DOUBLE AS calls,
  count_if(NOT is_success)::DOUBLE AS failed_calls,
  count(DISTINCT CASE WHEN is_success THEN logical_id END)::DOUBLE AS successes,
  sum(billed_usd)::DOUBLE AS billed_usd,
  sum(input_tokens)::DOUBLE AS input_tokens,
  sum(cached_input_tokens)::DOUBLE AS cached_input_tokens,
  sum(cache_write_tokens)::DOUBLE AS cache_write_tokens,
  sum(output_tokens)::DOUBLE AS output_tokens,
  sum(list_usd)::DOUBLE AS list_usd,
  coalesce(sum(CASE WHEN is_batchable THEN input_tokens END), 0)::DOUBLE AS batchable_input_tokens,
  coalesce(sum(CASE WHEN is_batchable THEN cached_input_tokens END), 0)::DOUBLE AS batchable_cached_input_tokens,
  coalesce(sum(CASE WHEN is_batchable THEN cache_write_tokens END), 0)::DOUBLE AS batchable_cache_write_tokens,
  coalesce(sum(CASE WHEN is_batchable THEN output_tokens END), 0)::DOUBLE AS batchable_output_tokens,
  coalesce(sum(CASE WHEN is_batchable THEN list_usd END), 0)::DOUBLE AS batchable_list_usd
FROM named
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
