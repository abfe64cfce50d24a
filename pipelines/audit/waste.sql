-- inputs:  billed_requests
-- output:  money that no router is needed to save
-- grain:   one row per kind of waste; kinds overlap, so they must not be added up
-- units:   USD
WITH repeated AS (
  -- attempts of one logical request are retries, not repeats
  SELECT prompt_hash
  FROM billed_requests
  WHERE prompt_hash IS NOT NULL AND is_success AND attempt_no = 1
  GROUP BY prompt_hash
  HAVING count(*) > 1
),
exact_repeats AS (
  -- the first successful attempt of an identical prompt to the same model and app is needed, the later ones are not
  SELECT
    billed_usd,
    row_number() OVER (
      PARTITION BY prompt_hash, model, coalesce(app, ''), coalesce(tenant, '')
      ORDER BY created_at, request_id
    ) AS occurrence
  FROM billed_requests
  WHERE is_success AND attempt_no = 1 AND prompt_hash IN (SELECT prompt_hash FROM repeated)
),
usual_inputs AS (
  SELECT app, endpoint, model, sb_quantile(input_total_tokens, 0.5) AS median_tokens
  FROM billed_requests
  WHERE is_success
  GROUP BY app, endpoint, model
  HAVING count(*) >= 20
),
scanned AS (
  SELECT
    r.billed_usd,
    r.status = 'error' AS is_failed,
    r.finish_reason = 'length' AS is_cut,
    r.is_batchable,
    r.is_success AND r.input_total_tokens >= 4000 AND r.input_total_tokens > 8 * u.median_tokens AS is_oversize
  FROM billed_requests AS r
  LEFT JOIN usual_inputs AS u
    ON u.app IS NOT DISTINCT FROM r.app AND u.endpoint IS NOT DISTINCT FROM r.endpoint AND u.model = r.model
),
kinds AS (
  SELECT 'failed attempts' AS kind, count_if(is_failed) AS requests, sum(CASE WHEN is_failed THEN billed_usd END) AS usd
  FROM scanned
  UNION ALL
  SELECT 'cut off by the output cap', count_if(is_cut), sum(CASE WHEN is_cut THEN billed_usd END) FROM scanned
  UNION ALL
  SELECT 'batchable at half price', count_if(is_batchable), sum(CASE WHEN is_batchable THEN billed_usd / 2 END) FROM scanned
  UNION ALL
  SELECT 'oversize prompts', count_if(is_oversize), sum(CASE WHEN is_oversize THEN billed_usd END) FROM scanned
  UNION ALL
  SELECT 'exact repeats', count(*), sum(billed_usd) FROM exact_repeats WHERE occurrence > 1
)
SELECT kind, requests, coalesce(usd, 0) AS usd
FROM kinds
ORDER BY usd DESC, kind
