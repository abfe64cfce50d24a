-- inputs:  sided_requests; $rows: requests of each side at most
-- output:  requests of sessions in random order (by hash), as many as are compared
-- grain:   one row per request id
-- units:   created_at in microseconds
SELECT
  request_id, session, is_since, epoch_us(created_at) AS created_us, session_id, app, endpoint, model_requested,
  system_text, user_text, history_json, system_chars, user_chars, history_turns, n_tools, n_images, has_json_schema,
  max_tokens, status, finish_reason, feedback_score
FROM sided_requests
QUALIFY row_number() OVER (PARTITION BY is_since ORDER BY md5(session), session, created_at, request_id) <= $rows
ORDER BY created_at, request_id
