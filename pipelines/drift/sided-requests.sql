-- inputs:  requests; $since: ISO time, UTC
-- output:  temp table sided_requests: the first attempt of each request, with its session and side, without texts
-- grain:   one row per request id
-- units:   created_at in UTC
CREATE OR REPLACE TEMP TABLE sided_requests AS
WITH first_attempts AS (
  SELECT
    request_id, attempt_no, coalesce(session_id, logical_id, request_id) AS session, created_at, model_requested,
    model_served, model, status
  FROM requests
  QUALIFY row_number() OVER (PARTITION BY request_id ORDER BY attempt_no, created_at) = 1
)
SELECT
  *,
  min(created_at) OVER (PARTITION BY session) >= CAST($since AS TIMESTAMP) AS is_since
FROM first_attempts
