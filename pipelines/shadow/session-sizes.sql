-- inputs:  requests
-- output:  how many sessions have how many logical requests; a request without a session is one by itself
-- grain:   one row per session size
-- units:   logical requests, sessions
WITH sizes AS (
  SELECT coalesce(session_id, logical_id) AS unit, count(DISTINCT logical_id) AS size
  FROM requests
  GROUP BY unit
)
SELECT size, count(*) AS sessions
FROM sizes
GROUP BY size
ORDER BY size
