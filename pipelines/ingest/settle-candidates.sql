-- All rows whose id may be another one's too.
-- In: stored (place 0) and staged (place 1), both with the Parquet file and the row's number in it; suspect_keys; read_files (order
--     of reading); $buckets. Rows of a file whose new reading is in hand are not in stored; is_old marks those that will be read anew
--     later.
-- Grain: one row per row whose hash of request_id and attempt_no is suspect; bucket, from 0 to $buckets - 1, is by that hash: all of
--     them at once may be more than memory holds.
WITH rows_of_all AS (
  SELECT 0 AS place, is_old, filename AS part, file_row_number AS row_no, 0 AS file_no, * EXCLUDE (is_old, filename, file_row_number)
  FROM stored
  UNION ALL BY NAME
  SELECT 1 AS place, false AS is_old, filename AS part, file_row_number AS row_no, file_no, * EXCLUDE (filename, file_row_number, file_no)
  FROM staged
  LEFT JOIN read_files USING (source_file)
)
SELECT
  place, is_old, part, row_no, file_no, request_id, attempt_no, source, source_file, source_line, created_at, updated_at, model, status,
  http_status, finish_reason, latency_ms, input_total_tokens, output_total_tokens, cost_reported_usd, feedback_score, user_chars,
  output_chars, key % $buckets AS bucket
FROM rows_of_all
JOIN suspect_keys ON key = hash(request_id, attempt_no)
