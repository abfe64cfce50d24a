-- inputs:  billed_requests
-- output:  spend per UTC day and model
-- grain:   one row per day and model
-- units:   USD
SELECT
  sb_day(created_at) AS day,
  model,
  coalesce(sum(billed_usd), 0) AS usd,
  count(*) AS requests,
  count_if(is_unpriced) AS unpriced_requests
FROM billed_requests
GROUP BY day, model
ORDER BY day, model
