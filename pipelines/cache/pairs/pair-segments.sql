-- How much of each segment's traffic a semantic cache could serve, and how many pairs of it can be judged.
-- Inputs: pair_groups (pair-groups.sql).
-- Output: segment, requests (replayed), candidates (an entry was near), above_floor (near enough for any threshold), judgeable (of those, the
--   ones whose texts are known), pairs (distinct pairs that stand for the judgeable). Grain: one row per segment. Units: requests.
SELECT
  segment,
  CAST(sum(requests) AS BIGINT) AS requests,
  CAST(coalesce(sum(requests) FILTER (excluded IS NULL OR excluded IN ('below_floor', 'no_text', 'no_answer')), 0) AS BIGINT) AS candidates,
  CAST(coalesce(sum(requests) FILTER (excluded IS NULL OR excluded IN ('no_text', 'no_answer')), 0) AS BIGINT) AS above_floor,
  CAST(coalesce(sum(requests) FILTER (excluded IS NULL), 0) AS BIGINT) AS judgeable,
  count(*) FILTER (excluded IS NULL) AS pairs
FROM pair_groups
GROUP BY segment
ORDER BY segment
