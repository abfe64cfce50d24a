-- inputs:  billed_requests
-- output:  where each billed dollar's price comes from
-- grain:   one row per price source
-- units:   USD
SELECT
  CASE
    WHEN cost_reported_usd IS NOT NULL THEN 'reported by ' || coalesce(gateway, source)
    WHEN cost_list_usd IS NOT NULL THEN coalesce(price_source, 'list price')
    WHEN is_unpriced THEN 'no price: ' || coalesce(price_source, 'unknown')
    ELSE 'failed, not charged'
  END AS price_source,
  count(*) AS requests,
  coalesce(sum(billed_usd), 0) AS usd
FROM billed_requests
GROUP BY 1
ORDER BY usd DESC, requests DESC, price_source
