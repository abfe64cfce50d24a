-- inputs:  billed_requests
-- output:  view pricing_requests: attempts with what a price depends on
-- grain:   one row per attempt
-- units:   USD, tokens, UTC days
--          unknown_reason: why the attempt can't be priced; NULL when it can. An attempt that failed and was charged nothing can.
--          is_batchable: nobody seems to wait for the answer; the same rule as in pipelines/audit/waste.sql
CREATE OR REPLACE TEMP VIEW pricing_requests AS
SELECT
  user_hash,
  tenant,
  app,
  api_key,
  session_id,
  logical_id,
  is_success,
  tokens_source,
  sb_day(created_at) AS day,
  coalesce(billed_usd, 0) AS billed_usd,
  coalesce(cost_list_usd, 0) AS list_usd,
  coalesce(input_cache_read_tokens, 0) AS cached_input_tokens,
  coalesce(input_cache_write_5m_tokens, 0) + coalesce(input_cache_write_1h_tokens, 0) AS cache_write_tokens,
  greatest(
    0,
    coalesce(input_total_tokens, 0) - coalesce(input_cache_read_tokens, 0)
      - coalesce(input_cache_write_5m_tokens, 0) - coalesce(input_cache_write_1h_tokens, 0)
  ) AS input_tokens,
  coalesce(output_total_tokens, 0) AS output_tokens,
  is_success AND is_stream IS FALSE AND is_batch IS NOT TRUE AND history_turns = 0 AND coalesce(n_tools, 0) = 0 AS is_batchable,
  NOT is_unpriced AND billed_usd IS NULL AS is_free_failure,
  CASE
    WHEN is_unpriced THEN 'price'
    WHEN billed_usd IS NULL THEN NULL
    WHEN input_total_tokens IS NULL OR (output_total_tokens IS NULL AND endpoint IS DISTINCT FROM 'embeddings') THEN 'tokens'
    WHEN cost_list_usd IS NULL THEN 'list'
  END AS unknown_reason
FROM billed_requests
