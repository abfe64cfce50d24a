-- A random part of the requests that can be labelled, with what strata are made of.
-- Inputs: label_population (eligible-requests.sql), requests.
-- Parameter: $rows (most rows to read).
-- Output: the columns below. Grain: one row per logical request, in random order. Units: none.
SELECT
  p.request_id,
  p.app,
  p.length_bucket,
  p.model,
  r.system_text,
  r.history_json,
  r.user_text
FROM (SELECT * FROM label_population WHERE excluded IS NULL ORDER BY sample_order, request_id LIMIT $rows) AS p
JOIN requests AS r ON r.request_id = p.request_id
ORDER BY p.sample_order, p.request_id
