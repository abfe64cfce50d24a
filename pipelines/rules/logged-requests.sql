-- Inputs: billed_requests (one row per attempt).
-- Output: what rules ask of each request, as its last attempt has it; lengths in characters.
-- Grain: one row per logical request; embeddings are left out, no router sees them.
-- Units: usd in USD, over all attempts; NULL when one that was charged has no known price.
WITH attempts AS (
  SELECT request_id, attempt_no, logical_id, billed_usd, is_unpriced, created_at
  FROM billed_requests
  WHERE endpoint IS DISTINCT FROM 'embeddings'
),
calls AS (
  SELECT logical_id, CASE WHEN bool_or(is_unpriced) THEN NULL ELSE coalesce(sum(billed_usd), 0) END AS usd
  FROM attempts
  GROUP BY logical_id
),
lasts AS (
  SELECT request_id, attempt_no, logical_id
  FROM attempts
  QUALIFY row_number() OVER (PARTITION BY logical_id ORDER BY attempt_no DESC, created_at DESC, request_id DESC) = 1
)
SELECT
  r.request_id,
  r.app,
  r.endpoint,
  r.tenant,
  r.content_state,
  r.user_text,
  CAST(coalesce(length(r.system_text), 0) + coalesce(length(r.history_json), 0) AS DOUBLE) AS context_chars,
  r.n_tools,
  r.n_images,
  r.has_json_schema,
  r.max_tokens,
  c.usd
FROM billed_requests AS r
JOIN lasts AS l ON l.request_id = r.request_id AND l.attempt_no = r.attempt_no
JOIN calls AS c ON c.logical_id = l.logical_id
