-- inputs:  replay
-- output:  its columns as numbers: ids as ranks of equal values; texts of few values stay texts
-- grain:   one row per attempt, in order of time
-- units:   created_at in microseconds since 1970 UTC, billed_usd in USD, times in ms, tokens; -1 = not logged
WITH numbered AS (
  SELECT
    *,
    dense_rank() OVER (ORDER BY logical_id) - 1 AS logical,
    dense_rank() OVER (ORDER BY prompt_hash NULLS LAST) - 1 AS prompt,
    dense_rank() OVER (ORDER BY user_hash NULLS LAST) - 1 AS user_number
  FROM replay
)
SELECT
  n.session,
  n.logical,
  n.attempt_no,
  n.created_at,
  n.evidence = 'replayed' AS is_replayed,
  n.evidence = 'unknown' AS is_unknown,
  n.served,
  n.chosen,
  coalesce(n.tier, -1) AS tier,
  coalesce(CAST(n.is_stakes AS INTEGER), -1) AS stakes,
  n.confidence,
  n.is_success,
  coalesce(n.is_stream, false) AS is_stream,
  coalesce(n.is_batch, false) AS is_batch,
  coalesce(n.has_tools, false) AS has_tools,
  coalesce(n.input_tokens, -1) AS input_tokens,
  coalesce(n.cache_read_tokens, -1) AS cache_read_tokens,
  coalesce(n.cache_write_tokens, -1) AS cache_write_tokens,
  coalesce(n.output_tokens, -1) AS output_tokens,
  coalesce(n.user_chars, -1) AS user_chars,
  n.billed_usd,
  n.latency_ms,
  n.ttft_ms,
  CASE WHEN n.prompt_hash IS NULL THEN -1 ELSE n.prompt END AS prompt,
  CASE WHEN n.user_hash IS NULL THEN -1 ELSE n.user_number END AS user_number,
  n.app,
  n.tenant,
  n.endpoint,
  n.error_class,
  n.finish_reason
FROM numbered AS n
ORDER BY n.row
