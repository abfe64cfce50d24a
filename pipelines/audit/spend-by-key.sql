-- inputs:  billed_requests
-- output:  spend by model, provider, app, API key, endpoint and source, in one scan
-- grain:   one row per dimension and key
-- units:   USD, tokens
SELECT
  CASE
    WHEN grouping(model) = 0 THEN 'model'
    WHEN grouping(provider) = 0 THEN 'provider'
    WHEN grouping(app) = 0 THEN 'app'
    WHEN grouping(api_key) = 0 THEN 'api_key'
    WHEN grouping(endpoint) = 0 THEN 'endpoint'
    ELSE 'source'
  END AS dimension,
  coalesce(
    CASE
      WHEN grouping(model) = 0 THEN model
      WHEN grouping(provider) = 0 THEN provider
      WHEN grouping(app) = 0 THEN app
      WHEN grouping(api_key) = 0 THEN api_key
      WHEN grouping(endpoint) = 0 THEN endpoint
      ELSE source
    END,
    '(not logged)'
  ) AS key,
  count(*) AS requests,
  count_if(status = 'error') AS errors,
  coalesce(sum(billed_usd), 0) AS usd,
  count(*) - count_if(is_unpriced) AS priced_requests,
  count_if(is_unpriced) AS unpriced_requests,
  coalesce(sum(input_total_tokens), 0) AS input_tokens,
  coalesce(sum(output_total_tokens), 0) AS output_tokens,
  coalesce(sum(input_cache_read_tokens), 0) AS cache_read_tokens
FROM billed_requests
GROUP BY GROUPING SETS ((model), (provider), (app), (api_key), (endpoint), (source))
ORDER BY dimension, usd DESC, requests DESC, key
