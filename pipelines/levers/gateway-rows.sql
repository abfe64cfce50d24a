-- inputs:  replay, billed_requests; $gateway, $provider, $model: one of the gateway_terms of results/simulate.json
-- output:  attempts of the group whose bill is the gateway's own figure
-- grain:   one row per attempt
SELECT DISTINCT r.row
FROM replay AS r
JOIN billed_requests AS b
  ON b.request_id = r.request_id AND b.attempt_no = r.attempt_no AND b.created_at = r.created_at
WHERE coalesce(b.gateway, b.source) = $gateway
  AND b.provider IS NOT DISTINCT FROM $provider
  AND b.model = $model
  AND b.cost_reported_usd > 0
