-- inputs:  billed_requests
-- output:  view pricing_requests: attempts with what a price depends on
-- grain:   one row per attempt
-- units:   USD, tokens, UTC days
--          is_free: nothing was charged and no plan by tokens would charge: a failure without usage, an answer from the gateway's cache
--          unknown_reason: why the attempt can't be priced; NULL when it can
CREATE OR REPLACE TEMP VIEW pricing_requests AS
WITH judged AS (
  SELECT
    *,
    coalesce(billed_usd, 0) = 0 AND NOT is_unpriced AND (
      price_source = 'gateway_cache_hit'
      OR NOT is_success AND coalesce(input_total_tokens, 0) + coalesce(output_total_tokens, 0) = 0
    ) AS is_free
  FROM billed_requests
)
SELECT
  user_hash,
  tenant,
  app,
  api_key,
  session_id,
  logical_id,
  is_success,
  is_free,
  tokens_source,
  sb_day(created_at) AS day,
  coalesce(billed_usd, 0) AS billed_usd,
  coalesce(cost_list_usd, 0) AS list_usd,
  CASE WHEN is_free THEN 0 ELSE coalesce(input_cache_read_tokens, 0) END AS cached_input_tokens,
  CASE WHEN is_free THEN 0 ELSE coalesce(input_cache_write_5m_tokens, 0) + coalesce(input_cache_write_1h_tokens, 0) END
    AS cache_write_tokens,
  CASE
    WHEN is_free THEN 0
    ELSE greatest(
      0,
      coalesce(input_total_tokens, 0) - coalesce(input_cache_read_tokens, 0)
        - coalesce(input_cache_write_5m_tokens, 0) - coalesce(input_cache_write_1h_tokens, 0)
    )
  END AS input_tokens,
  CASE WHEN is_free THEN 0 ELSE coalesce(output_total_tokens, 0) END AS output_tokens,
  is_batchable,
  CASE
    WHEN is_unpriced THEN 'price'
    WHEN is_free THEN NULL
    WHEN input_total_tokens IS NULL OR (output_total_tokens IS NULL AND endpoint IS DISTINCT FROM 'embeddings') THEN 'tokens'
    WHEN cost_list_usd IS NULL THEN 'list'
  END AS unknown_reason
FROM judged
