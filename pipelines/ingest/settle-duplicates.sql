-- Reject every suspect that is not the first of its id, saying where the first is and in what the two differ.
-- In: suspects, firsts. Out: rows added to rejected. Grain: one row per duplicate record.
INSERT INTO rejected BY NAME
SELECT
  s.source_file,
  s.source_line,
  s.source,
  'duplicate' AS disposition,
  'duplicate_id' AS reason,
  concat(
    'request ', s.request_id, ' (attempt ', s.attempt_no, ') was read before at ', f.source_file, ':', f.source_line,
    CASE WHEN d.differences = '' THEN ', the same in every compared column' ELSE concat(', but differs in ', d.differences) END
  ) AS detail,
  s.raw
FROM suspects AS s
JOIN firsts AS f ON f.request_id = s.request_id AND f.attempt_no = s.attempt_no
CROSS JOIN LATERAL (
  SELECT concat_ws(', ',
    CASE WHEN s.created_at IS DISTINCT FROM f.created_at THEN 'created_at' END,
    CASE WHEN s.model IS DISTINCT FROM f.model THEN 'model' END,
    CASE WHEN s.status IS DISTINCT FROM f.status THEN 'status' END,
    CASE WHEN s.input_total_tokens IS DISTINCT FROM f.input_total_tokens THEN 'input_total_tokens' END,
    CASE WHEN s.output_total_tokens IS DISTINCT FROM f.output_total_tokens THEN 'output_total_tokens' END,
    CASE WHEN s.user_chars IS DISTINCT FROM f.user_chars THEN 'user_chars' END,
    CASE WHEN s.output_chars IS DISTINCT FROM f.output_chars THEN 'output_chars' END
  ) AS differences
) AS d
WHERE f.suspect_no IS DISTINCT FROM s.suspect_no
