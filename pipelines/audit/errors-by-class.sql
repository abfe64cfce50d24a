-- inputs:  billed_requests
-- output:  failed attempts by class
-- grain:   one row per error class
-- units:   USD
SELECT
  coalesce(error_class, 'other') AS error_class,
  count(*) AS requests,
  coalesce(sum(billed_usd), 0) AS usd
FROM billed_requests
WHERE status = 'error'
GROUP BY 1
ORDER BY requests DESC, error_class
