-- Inputs: requests (one row per attempt), outcome_items (one row per labelled request).
-- Parameters: $seed (order of sampling), $limit (rows).
-- Output: requests of sessions that nothing was labelled of, as the router would have seen them.
-- Grain: one row per logical request (its last attempt), in random order. Units: none.
WITH last_attempts AS (
  SELECT *
  FROM requests
  QUALIFY row_number() OVER (PARTITION BY logical_id ORDER BY attempt_no DESC, created_at DESC, request_id DESC) = 1
)
SELECT
  coalesce(session_id, logical_id) AS session,
  session_id,
  system_text,
  user_text,
  history_json,
  n_tools,
  n_images,
  has_json_schema,
  max_tokens
FROM last_attempts
WHERE
  status = 'ok'
  AND endpoint IS DISTINCT FROM 'embeddings'
  AND content_state IN ('full', 'redacted')
  AND trim(coalesce(user_text, '')) <> ''
  AND request_id NOT IN (SELECT item_id FROM outcome_items)
  AND (
    session_id IS NULL
    OR session_id NOT IN (SELECT session_id FROM outcome_items WHERE session_id IS NOT NULL)
  )
ORDER BY md5(concat($seed, ':', request_id))
LIMIT $limit
