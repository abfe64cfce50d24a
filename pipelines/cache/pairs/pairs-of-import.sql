-- The pairs of an imported file's rows, each with the request that stands for its question and the chance with which it was picked.
-- Inputs: imported_rows (place, request_id, entry_id), cache_candidates, pair_members, pair_groups (pair-groups.sql, without a floor).
-- Output: place; is_replayed (whether the request was); stand_in (request that stands for the equal ones; NULL where the pair is no candidate),
--   segment, created_at in UTC microseconds, similarity and features_json of the stand-in; chance (that of the request, were the
--   file's pairs picked at random among its segment's). Grain: one row per imported row. Units: none.
WITH found AS (
  SELECT i.place, g.*
  FROM imported_rows AS i
  JOIN pair_members AS m ON m.request_id = i.request_id AND m.entry_id = i.entry_id
  JOIN pair_groups AS g
    ON g.segment = m.segment AND g.entry_id = m.entry_id AND g.question = m.question AND g.excluded IS NULL
),
picked AS (
  SELECT segment, count(DISTINCT (entry_id, question)) AS pairs
  FROM found
  GROUP BY segment
),
sizes AS (
  SELECT segment, count(*) AS pairs
  FROM pair_groups
  WHERE excluded IS NULL
  GROUP BY segment
)
SELECT
  i.place,
  EXISTS (SELECT 1 FROM pair_members AS m WHERE m.request_id = i.request_id) AS is_replayed,
  f.request_id AS stand_in,
  f.segment,
  c.created_at,
  c.similarity,
  c.features_json,
  picked.pairs / sizes.pairs / f.requests AS chance
FROM imported_rows AS i
LEFT JOIN found AS f ON f.place = i.place
LEFT JOIN cache_candidates AS c ON c.request_id = f.request_id
LEFT JOIN picked ON picked.segment = f.segment
LEFT JOIN sizes ON sizes.segment = f.segment
ORDER BY i.place
