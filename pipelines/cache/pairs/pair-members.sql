-- Replayed requests with the entry that they were offered, and the question that they ask.
-- Inputs: cache_candidates (one row per replayed request), requests (one row per attempt).
-- Parameter: $is_scored (compare scores instead of similarities).
-- Output: request_id, entry_id, segment, value (score or cosine), question (hash of the last user turn but for case and spaces; the request's
--   own id where no text was kept), has_text and has_answer (of what a judge must see), apart (why it is no candidate, or NULL).
-- Grain: one row per replayed request. Units: none.
WITH texts AS (
  SELECT request_id, content_state, user_text, output_text
  FROM requests
  QUALIFY row_number() OVER (PARTITION BY request_id ORDER BY attempt_no DESC, created_at DESC) = 1
)
SELECT
  c.request_id,
  c.entry_id,
  c.segment,
  CASE WHEN $is_scored THEN c.score ELSE c.similarity END AS value,
  coalesce(md5(lower(regexp_replace(trim(nfc_normalize(r.user_text)), '\s+', ' ', 'g'))), c.request_id) AS question,
  coalesce(r.content_state IN ('full', 'redacted') AND trim(r.user_text) <> '', false)
    AND coalesce(e.content_state IN ('full', 'redacted') AND trim(e.user_text) <> '', false) AS has_text,
  trim(coalesce(e.output_text, '')) <> '' AS has_answer,
  CASE
    WHEN c.tier NOT IN ('semantic', 'miss') THEN c.tier
    WHEN c.entry_id IS NULL OR c.similarity IS NULL THEN 'no_entry'
  END AS apart
FROM cache_candidates AS c
LEFT JOIN texts AS r ON r.request_id = c.request_id
LEFT JOIN texts AS e ON e.request_id = c.entry_id
