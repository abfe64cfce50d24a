-- How many attempts the workspace holds, of how many logical requests.
-- In: requests as stored, new_links. Grain: one row.
SELECT
  (SELECT count(*) FROM requests) AS attempts,
  (SELECT count(*) FROM requests) - (SELECT count(*) FROM new_links) AS logical_requests,
  coalesce(count_if(kind = 'retry'), 0) AS retries,
  coalesce(count_if(kind = 'fallback'), 0) AS fallbacks,
  coalesce(count_if(evidence = 'inferred'), 0) AS inferred
FROM new_links
