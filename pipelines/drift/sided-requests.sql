-- inputs:  requests; $since: ISO time, UTC
-- output:  temp table sided_requests: the first attempt of each request, with its session and side
-- grain:   one row per request id
-- units:   created_at in UTC
CREATE OR REPLACE TEMP TABLE sided_requests AS
WITH first_attempts AS (
  SELECT *, coalesce(session_id, logical_id, request_id) AS session
  FROM requests
  QUALIFY row_number() OVER (PARTITION BY request_id ORDER BY attempt_no, created_at) = 1
)
SELECT
  *,
  min(created_at) OVER (PARTITION BY session) >= CAST($since AS TIMESTAMP) AS is_since
FROM first_attempts
