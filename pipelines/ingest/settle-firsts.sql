-- The row that came first for every id under suspicion.
-- In: stored (other files), staged (this file), suspects. Out: table firsts; suspect_no is NULL unless a suspect is the first.
-- Grain: one row per request_id and attempt_no.
CREATE OR REPLACE TEMP TABLE firsts AS
WITH candidates AS (
  SELECT 1 AS place, NULL AS suspect_no, request_id, attempt_no, source_file, source_line, created_at, model,
    status, input_total_tokens, output_total_tokens, user_chars, output_chars
  FROM stored
  WHERE request_id IN (SELECT request_id FROM suspects)
  UNION ALL
  SELECT 2 AS place, NULL AS suspect_no, request_id, attempt_no, source_file, source_line, created_at, model,
    status, input_total_tokens, output_total_tokens, user_chars, output_chars
  FROM staged
  WHERE request_id IN (SELECT request_id FROM suspects)
  UNION ALL
  SELECT 3 AS place, suspect_no, request_id, attempt_no, source_file, source_line, created_at, model,
    status, input_total_tokens, output_total_tokens, user_chars, output_chars
  FROM suspects
)
SELECT *
FROM candidates
QUALIFY row_number() OVER (
  PARTITION BY request_id, attempt_no
  ORDER BY place, source_file, source_line, suspect_no
) = 1
