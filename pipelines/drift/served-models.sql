-- inputs:  sided_requests
-- output:  which version answered to which name, on each side
-- grain:   one row per requested and served name
SELECT
  coalesce(model_requested, model_served, model) AS requested,
  coalesce(model_served, model_requested, model) AS served,
  model,
  count(*) FILTER (NOT is_since) AS before,
  count(*) FILTER (is_since) AS since
FROM sided_requests
WHERE model IS NOT NULL AND status = 'ok'
GROUP BY ALL
ORDER BY requested, served, model
