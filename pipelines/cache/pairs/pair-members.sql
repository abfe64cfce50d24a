-- Replayed requests with the entry that they were offered, and the question that they ask.
-- Inputs: cache_candidates (one row per replayed request), requests (one row per attempt).
-- Parameter: $is_scored (compare scores instead of similarities).
-- Output: request_id, entry_id, segment, value (score or cosine), question (hash of the last user turn but for case and spaces; the request's
--   own id where no text was kept), has_text and has_answer (of what a judge must see), apart (why it is no candidate, or NULL).
-- Grain: one row per replayed request. Units: none.
WITH attempts AS (
  SELECT
    request_id,
    attempt_no,
    created_at,
    md5(lower(regexp_replace(trim(nfc_normalize(user_text)), '\s+', ' ', 'g'))) AS question,
    coalesce(content_state IN ('full', 'redacted') AND trim(user_text) <> '', false) AS has_text,
    trim(coalesce(output_text, '')) <> '' AS has_answer
  FROM requests
),
-- Texts are hashed before the sort, which holds every column that it is given.
asked AS (
  SELECT *
  FROM attempts
  QUALIFY row_number() OVER (PARTITION BY request_id ORDER BY attempt_no DESC, created_at DESC) = 1
)
SELECT
  c.request_id,
  c.entry_id,
  c.segment,
  CASE WHEN $is_scored THEN c.score ELSE c.similarity END AS value,
  coalesce(r.question, c.request_id) AS question,
  coalesce(r.has_text AND e.has_text, false) AS has_text,
  coalesce(e.has_answer, false) AS has_answer,
  CASE
    WHEN c.tier NOT IN ('semantic', 'miss') THEN c.tier
    WHEN c.entry_id IS NULL OR c.similarity IS NULL THEN 'no_entry'
  END AS apart
FROM cache_candidates AS c
LEFT JOIN asked AS r ON r.request_id = c.request_id
LEFT JOIN asked AS e ON e.request_id = c.entry_id
