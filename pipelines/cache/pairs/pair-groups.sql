-- The pairs of a question and a cached entry that a semantic cache could serve, each once, and why the others can't be judged.
-- Inputs: pair_members (pair-members.sql).
-- Parameters: $floor (least value that a threshold will be set to; NULL = none), $needs_text (the texts will be shown to a judge).
-- Output: segment, entry_id, question, request_id (the one of the equal requests that stands for them: the first by hash, whatever the
--   seed), value (its score or cosine), requests (how many are equal), excluded (reason or NULL).
-- Grain: one row per segment, entry and question. Units: none.
WITH grouped AS (
  SELECT
    segment,
    entry_id,
    question,
    apart,
    arg_min(request_id, md5(request_id)) AS request_id,
    arg_min(value, md5(request_id)) AS value,
    arg_min(has_text, md5(request_id)) AS has_text,
    arg_min(has_answer, md5(request_id)) AS has_answer,
    count(*) AS requests
  FROM pair_members
  GROUP BY segment, entry_id, question, apart
)
SELECT
  segment,
  entry_id,
  question,
  request_id,
  value,
  requests,
  CASE
    WHEN apart IS NOT NULL THEN apart
    WHEN value < $floor THEN 'below_floor'
    WHEN $needs_text AND NOT has_text THEN 'no_text'
    WHEN $needs_text AND NOT has_answer THEN 'no_answer'
  END AS excluded
FROM grouped
