-- inputs:  requests
-- output:  view billed_requests: every column of requests, with billed_usd, is_unpriced and is_success
-- grain:   one row per attempt
-- units:   billed_usd in USD: what the log reports, else our list price, else NULL
--          is_unpriced: the attempt was (or may have been) charged and no price is known; a failed attempt without token
--          counts was not charged by any provider we know of and is not unpriced
CREATE OR REPLACE TEMP VIEW billed_requests AS
SELECT
  *,
  coalesce(cost_reported_usd, cost_list_usd) AS billed_usd,
  coalesce(cost_reported_usd, cost_list_usd) IS NULL
    AND NOT (status = 'error' AND coalesce(input_total_tokens, 0) + coalesce(output_total_tokens, 0) = 0) AS is_unpriced,
  status IN ('ok', 'partial') AS is_success
FROM requests
