-- inputs:  requests
-- output:  what a router needs of each request, in the order in which production saw them
-- grain:   one row per request id: its first attempt
-- units:   created_at in UTC
SELECT
  request_id,
  session_id,
  app,
  endpoint,
  system_text,
  user_text,
  history_json,
  n_tools,
  n_images,
  has_json_schema,
  max_tokens
FROM requests
WHERE user_text IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY request_id ORDER BY attempt_no, created_at) = 1
ORDER BY created_at, request_id
