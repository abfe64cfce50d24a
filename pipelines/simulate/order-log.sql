-- inputs:  billed_requests
-- output:  each attempt's place in order of time, and the numbers of its session and app; `visit` is the order in which sessions are
--          decided: those that begin with the same prompt one after the other, for a router remembers what it saw lately
-- grain:   one row per attempt
-- units:   row, session, visit and app_number count from 0; sessions in order of their first attempt, apps by name
WITH placed AS (
  SELECT
    request_id,
    source_file,
    source_line,
    coalesce(session_id, logical_id) AS session_key,
    coalesce(app, '(not logged)') AS app,
    prompt_hash,
    row_number() OVER (ORDER BY created_at, request_id, attempt_no, source_file, source_line) - 1 AS row
  FROM billed_requests
),
sessions AS (
  SELECT
    session_key,
    row_number() OVER (ORDER BY min(row)) - 1 AS session,
    row_number() OVER (ORDER BY min_by(prompt_hash, row) NULLS LAST, min(row)) - 1 AS visit
  FROM placed
  GROUP BY session_key
),
apps AS (
  SELECT app, row_number() OVER (ORDER BY app) - 1 AS app_number FROM placed GROUP BY app
)
SELECT
  request_id,
  source_file,
  source_line,
  app,
  CAST(row AS INTEGER) AS row,
  CAST(session AS INTEGER) AS session,
  CAST(visit AS INTEGER) AS visit,
  CAST(app_number AS INTEGER) AS app_number
FROM placed
JOIN sessions USING (session_key)
JOIN apps USING (app)
