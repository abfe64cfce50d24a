-- The attempts that belong to an earlier one.
-- In: logged_attempts; candidates, links and chains of the inferred ones; $max_attempts of one logical request: a chain that is longer
--     is a job that fails time and again, and is cut into requests of that many.
-- Out: table new_links with the columns of attempt_links. Grain: one row per attempt after the first of its logical request.
CREATE OR REPLACE TEMP TABLE new_links AS
WITH members AS (
  SELECT id, ancestor AS chain, distance FROM chains
  UNION ALL
  SELECT DISTINCT ancestor AS id, ancestor AS chain, 0 AS distance FROM chains
),
firsts AS (
  SELECT m.chain, m.distance // $max_attempts AS piece, c.logical_id
  FROM members AS m
  JOIN candidates AS c USING (id)
  WHERE m.distance % $max_attempts = 0
)
SELECT
  a.request_id,
  a.attempt_no AS logged_attempt_no,
  f.logical_id,
  CAST(m.distance % $max_attempts + 1 AS INTEGER) AS attempt_no,
  CASE
    WHEN a.model = e.model OR (e.model_served IS NULL AND a.model_requested = e.model_requested) THEN 'retry'
    ELSE 'fallback'
  END AS kind,
  'inferred' AS evidence,
  a.rule
FROM members AS m
JOIN firsts AS f ON f.chain = m.chain AND f.piece = m.distance // $max_attempts
JOIN links AS l ON l.later = m.id
JOIN candidates AS a ON a.id = m.id
JOIN candidates AS e ON e.id = l.earlier
WHERE m.distance % $max_attempts > 0
UNION ALL BY NAME
SELECT
  request_id,
  attempt_no AS logged_attempt_no,
  logical_id,
  CAST(place AS INTEGER) AS attempt_no,
  kind,
  'logged' AS evidence,
  'logical_id' AS rule
FROM logged_attempts
WHERE place > 1
