-- inputs:  pricing_requests
-- output:  attempts by what is known of them
-- grain:   one row per reason (NULL: nothing is missing), kind of token counts and whether it was free
-- units:   USD
SELECT
  unknown_reason,
  is_free,
  tokens_source IN ('counted', 'estimated') AS is_estimated,
  count(*) AS requests,
  sum(billed_usd) AS usd
FROM pricing_requests
GROUP BY ALL
ORDER BY ALL
