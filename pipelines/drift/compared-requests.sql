-- inputs:  sided_requests, requests; $rows: requests of each side at most
-- output:  requests of sessions in random order (by hash), as many as are compared, with their texts
-- grain:   one row per request id
-- units:   created_us in microseconds
WITH compared AS (
  SELECT request_id, attempt_no, session, is_since
  FROM sided_requests
  QUALIFY row_number() OVER (PARTITION BY is_since ORDER BY md5(session), session, created_at, request_id) <= $rows
)
SELECT
  r.request_id, c.session, c.is_since, epoch_us(r.created_at) AS created_us, r.session_id, r.app, r.endpoint,
  r.model_requested, r.system_text, r.user_text, r.history_json, r.system_chars, r.user_chars, r.history_turns,
  r.n_tools, r.n_images, r.has_json_schema, r.max_tokens, r.status, r.finish_reason, r.feedback_score
FROM compared AS c
JOIN requests AS r ON r.request_id = c.request_id AND r.attempt_no = c.attempt_no
ORDER BY r.created_at, r.request_id
