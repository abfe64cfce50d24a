-- inputs:  requests
-- output:  view billed_requests: every column of requests, with billed_usd, is_unpriced, is_success and is_batchable
-- grain:   one row per attempt
-- units:   billed_usd in USD: what the log reports, else our list price, else NULL
--          is_unpriced: the attempt was (or may have been) charged and no price is known; a failed attempt without token
--          counts was not charged by any provider we know of and is not unpriced
--          is_batchable: nobody seems to wait for the answer (answered, one turn, not streamed, no tools, not at a reduced price
--          already), at a provider whose documentation gives batch jobs half the list price (datasets/prices/service-tier.ts)
CREATE OR REPLACE TEMP VIEW billed_requests AS
SELECT
  *,
  coalesce(cost_reported_usd, cost_list_usd) AS billed_usd,
  coalesce(cost_reported_usd, cost_list_usd) IS NULL
    AND NOT (status = 'error' AND coalesce(input_total_tokens, 0) + coalesce(output_total_tokens, 0) = 0) AS is_unpriced,
  status IN ('ok', 'partial') AS is_success,
  status IN ('ok', 'partial') AND coalesce(is_stream = false, false) AND is_batch IS NOT TRUE AND coalesce(history_turns = 0, false)
    AND coalesce(n_tools, 0) = 0 AND lower(coalesce(service_tier, '')) NOT IN ('batch', 'flex')
    AND coalesce(provider, '') IN ('openai', 'azure', 'anthropic', 'google', 'aws', 'mistral', 'groq') AS is_batchable
FROM requests
