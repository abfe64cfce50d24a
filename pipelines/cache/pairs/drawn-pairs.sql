-- The drawn pairs with all that judging needs.
-- Inputs: pair_drawn (request_id, entry_id, inclusion_probability, place), cache_candidates, requests.
-- Output: the columns below; created_at in UTC microseconds; reference_answer is the request's own logged answer, NULL where there is none
--   or it was cut. Grain: one row per drawn pair, in the random order in which they are judged.
WITH texts AS (
  SELECT
    request_id,
    content_state,
    system_text,
    history_json,
    user_text,
    output_text,
    status,
    finish_reason
  FROM requests
  WHERE request_id IN (SELECT request_id FROM pair_drawn UNION ALL SELECT entry_id FROM pair_drawn)
  QUALIFY row_number() OVER (PARTITION BY request_id ORDER BY attempt_no DESC, created_at DESC) = 1
)
SELECT
  d.request_id,
  d.entry_id,
  c.segment,
  d.inclusion_probability,
  c.created_at,
  c.similarity,
  c.features_json,
  r.content_state,
  r.system_text,
  r.history_json,
  r.user_text,
  CASE WHEN r.status = 'ok' AND r.finish_reason IS DISTINCT FROM 'length' THEN r.output_text END AS reference_answer,
  e.content_state AS entry_content_state,
  e.user_text AS cached_request,
  e.output_text AS cached_answer
FROM pair_drawn AS d
JOIN cache_candidates AS c ON c.request_id = d.request_id AND c.entry_id = d.entry_id
JOIN texts AS r ON r.request_id = d.request_id
JOIN texts AS e ON e.request_id = d.entry_id
ORDER BY d.place
