-- Attempts that the log itself joins.
-- In: requests. Out: table logged_attempts, rows that share their logical id with another one, in the order of the attempts.
-- Grain: one row per attempt. The logical ids are compared by hash first: five million of them need not be held at once.
CREATE OR REPLACE TEMP TABLE logged_attempts AS
WITH shared AS (
  SELECT hash(logical_id) AS key
  FROM requests
  GROUP BY key
  HAVING count(*) > 1
)
SELECT
  request_id,
  attempt_no,
  logical_id,
  CASE WHEN model IS NOT DISTINCT FROM lag(model) OVER attempts_of_one THEN 'retry' ELSE 'fallback' END AS kind,
  row_number() OVER attempts_of_one AS place
FROM requests
WHERE hash(logical_id) IN (SELECT key FROM shared)
WINDOW attempts_of_one AS (PARTITION BY logical_id ORDER BY attempt_no, created_at, request_id)
QUALIFY count(*) OVER (PARTITION BY logical_id) > 1
