-- inputs:  billed_requests
-- output:  latency of successful attempts
-- grain:   one row per model
-- units:   ms
SELECT
  model,
  sb_quantile(latency_ms, 0.5) AS p50_ms,
  sb_quantile(latency_ms, 0.95) AS p95_ms,
  count(latency_ms) AS n
FROM billed_requests
WHERE is_success
GROUP BY model
HAVING count(latency_ms) > 0
ORDER BY n DESC, model
