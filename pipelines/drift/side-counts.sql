-- inputs:  sided_requests
-- output:  requests of each side
-- grain:   one row
SELECT
  count(*) FILTER (NOT is_since) AS before,
  count(*) FILTER (is_since) AS since
FROM sided_requests
