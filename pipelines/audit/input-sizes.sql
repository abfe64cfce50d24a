-- inputs:  billed_requests
-- output:  requests and money by the size of the prompt
-- grain:   one row per size class: from_tokens <= input < to_tokens
-- units:   tokens, USD
WITH classed AS (
  SELECT
    CASE
      WHEN input_total_tokens < 1000 THEN 0
      WHEN input_total_tokens < 8000 THEN 1000
      WHEN input_total_tokens < 32000 THEN 8000
      WHEN input_total_tokens < 128000 THEN 32000
      WHEN input_total_tokens < 200000 THEN 128000
      ELSE 200000
    END AS from_tokens,
    input_total_tokens,
    billed_usd
  FROM billed_requests
  WHERE input_total_tokens IS NOT NULL
)
SELECT
  from_tokens,
  count(*) AS requests,
  sum(input_total_tokens) AS input_tokens,
  coalesce(sum(billed_usd), 0) AS usd
FROM classed
GROUP BY from_tokens
ORDER BY from_tokens
