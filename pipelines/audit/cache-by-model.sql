-- inputs:  billed_requests
-- output:  how much of the input came from the providers' prompt caches, and how much was written to them
-- grain:   one row per model that read or wrote any
-- units:   tokens
SELECT
  model,
  count(*) AS requests,
  count_if(input_cache_read_tokens > 0) AS requests_with_reads,
  sum(input_total_tokens) AS input_tokens,
  sum(input_cache_read_tokens) AS read_tokens,
  sum(input_cache_write_5m_tokens) AS write_5m_tokens,
  sum(input_cache_write_1h_tokens) AS write_1h_tokens
FROM billed_requests
WHERE input_total_tokens IS NOT NULL
GROUP BY model
HAVING sum(input_cache_read_tokens + input_cache_write_5m_tokens + input_cache_write_1h_tokens) > 0
ORDER BY input_tokens DESC, model
