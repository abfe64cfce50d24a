-- Inputs: view labels.
-- Output: how many judge calls there are, and how many of them came from a simulated judge.
-- Grain: one row.
SELECT
  count(*) AS calls,
  count(*) FILTER (WHERE is_simulated) AS simulated
FROM labels
