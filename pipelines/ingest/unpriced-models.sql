-- Models whose tokens are known and whose price is not.
-- In: requests. Grain: one row per model and provider. Units: tokens.
SELECT
  model,
  provider,
  count(*) AS requests,
  CAST(sum(coalesce(input_total_tokens, 0) + coalesce(output_total_tokens, 0)) AS BIGINT) AS tokens
FROM requests
WHERE cost_list_usd IS NULL AND tokens_source <> 'missing'
GROUP BY model, provider
ORDER BY tokens DESC, model, provider NULLS FIRST
