-- inputs:  requests
-- output:  tokens of a sample of logical requests, each as its last attempt counts them
-- grain:   one row per sampled logical request
-- units:   tokens; NULL where the log has none
WITH last_attempts AS (
  SELECT *, row_number() OVER (PARTITION BY logical_id ORDER BY attempt_no DESC, created_at DESC, request_id) AS place
  FROM requests
)
SELECT
  input_uncached_tokens AS uncached,
  input_cache_read_tokens AS cache_read,
  coalesce(input_cache_write_5m_tokens, 0) + coalesce(input_cache_write_1h_tokens, 0) AS cache_write,
  output_text_tokens AS output_text,
  coalesce(output_reasoning_tokens, 0) AS reasoning
FROM last_attempts
WHERE place = 1
ORDER BY md5(logical_id), logical_id
LIMIT 5000
