-- inputs:  billed_requests
-- output:  money that no router is needed to save
-- grain:   one row per kind of waste; kinds overlap, so they must not be added up
-- units:   USD
WITH exact_repeats AS (
  -- the first successful attempt of an identical prompt to the same model and app is needed, the later ones are not;
  -- attempts of one logical request are retries, not repeats
  SELECT
    *,
    row_number() OVER (
      PARTITION BY prompt_hash, model, coalesce(app, ''), coalesce(tenant, '')
      ORDER BY created_at, request_id
    ) AS occurrence
  FROM billed_requests
  WHERE prompt_hash IS NOT NULL AND is_success AND attempt_no = 1
)
SELECT 'failed attempts' AS kind, count(*) AS requests, coalesce(sum(billed_usd), 0) AS usd
FROM billed_requests
WHERE status = 'error'
UNION ALL
SELECT 'retries', count(*), coalesce(sum(billed_usd), 0)
FROM billed_requests
WHERE attempt_no > 1
UNION ALL
SELECT 'exact repeats', count(*), coalesce(sum(billed_usd), 0)
FROM exact_repeats
WHERE occurrence > 1
UNION ALL
SELECT 'cut off by the output cap', count(*), coalesce(sum(billed_usd), 0)
FROM billed_requests
WHERE finish_reason = 'length'
ORDER BY usd DESC, kind
