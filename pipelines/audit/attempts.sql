-- inputs:  billed_requests
-- output:  what it took to serve the logical requests
-- grain:   one row
-- units:   requests, USD; usd_superseded is the money for attempts that a later attempt of the same request followed
WITH ordered AS (
  SELECT
    billed_usd,
    is_success,
    row_number() OVER attempts_of_one AS place,
    lead(1) OVER attempts_of_one IS NULL AS is_last,
    model IS DISTINCT FROM lag(model) OVER attempts_of_one AS is_other_model
  FROM billed_requests
  WHERE logical_id IN (SELECT logical_id FROM billed_requests WHERE attempt_no > 1)
  WINDOW attempts_of_one AS (PARTITION BY logical_id ORDER BY attempt_no, created_at, request_id)
)
SELECT
  coalesce(count_if(place = 1), 0) AS retried_requests,
  coalesce(count_if(place > 1 AND NOT is_other_model), 0) AS retries,
  coalesce(count_if(place > 1 AND is_other_model), 0) AS fallbacks,
  coalesce(count_if(is_last AND is_success), 0) AS recovered_requests,
  coalesce(sum(CASE WHEN NOT is_last THEN billed_usd END), 0) AS usd_superseded
FROM ordered
