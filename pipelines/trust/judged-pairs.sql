-- Pairs of answers that a judge compared in both orders, or that an exact check settled, with what was compared.
-- Inputs: views labels, outcomes, outcome_items, requests.
-- Output: quality (0, 0.5 or 1: as labelled), is_exact (no judge was asked: there is no order), weight (inverse inclusion probability), flip_share and first_share (share of the judges
--   whose verdict changed with the order, and of those that preferred the first place), judged tier and stakes, texts and their
--   lengths in characters.
-- Grain: one row per request and candidate model, ordered by both.
WITH by_judge AS (
  SELECT
    request_id,
    candidate_model,
    judge,
    bool_and(answer_order IS NULL) AS is_exact,
    max(verdict) FILTER (answer_order = 'reference_first') AS reference_first,
    max(verdict) FILTER (answer_order = 'candidate_first') AS candidate_first
  FROM labels
  WHERE kind = 'sufficiency' AND verdict IN ('sufficient', 'insufficient')
  GROUP BY ALL
),
orders AS (
  SELECT
    request_id,
    candidate_model,
    bool_and(is_exact) AS is_exact,
    avg(CAST(reference_first <> candidate_first AS INTEGER)) AS flip_share,
    avg(CAST(reference_first = 'insufficient' AS INTEGER)) FILTER (reference_first <> candidate_first) AS first_share
  FROM by_judge
  GROUP BY ALL
),
answers AS (
  SELECT request_id, candidate_model, max(answer_text) AS answer_text
  FROM labels
  WHERE kind = 'answer'
  GROUP BY ALL
),
asked AS (
  SELECT request_id, content_state, system_text, history_json, user_text, output_text
  FROM requests
  QUALIFY row_number() OVER (PARTITION BY request_id ORDER BY attempt_no DESC, created_at DESC) = 1
)
SELECT
  o.request_id,
  o.candidate_model AS candidate,
  q.quality,
  o.is_exact,
  i.weight,
  coalesce(i.session_id, o.request_id) AS session,
  o.flip_share,
  o.first_share,
  i.tier,
  i.is_stakes,
  r.content_state,
  r.system_text,
  r.history_json,
  r.user_text,
  r.output_text AS reference_answer,
  a.answer_text AS candidate_answer
FROM orders AS o
JOIN outcomes AS q ON q.item_id = o.request_id AND q.model = o.candidate_model AND q.origin = 'judged'
JOIN outcome_items AS i ON i.item_id = o.request_id
LEFT JOIN answers AS a ON a.request_id = o.request_id AND a.candidate_model = o.candidate_model
LEFT JOIN asked AS r ON r.request_id = o.request_id
ORDER BY o.request_id, o.candidate_model
