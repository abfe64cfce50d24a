-- inputs:  replay
-- output:  its columns as numbers: ids as numbers in order of their first attempt; texts of few values stay texts
-- grain:   one row per attempt, in any order
-- units:   created_at in microseconds since 1970 UTC, billed_usd in USD, times in ms, tokens; -1 = not logged
WITH logicals AS (
  SELECT logical_id, row_number() OVER (ORDER BY min(row)) - 1 AS logical FROM replay GROUP BY logical_id
),
prompts AS (
  SELECT prompt_hash, row_number() OVER (ORDER BY min(row)) - 1 AS prompt
  FROM replay
  WHERE prompt_hash IS NOT NULL
  GROUP BY prompt_hash
),
users AS (
  SELECT user_hash, row_number() OVER (ORDER BY min(row)) - 1 AS user_number
  FROM replay
  WHERE user_hash IS NOT NULL
  GROUP BY user_hash
)
SELECT
  r.row,
  r.session,
  CAST(l.logical AS INTEGER) AS logical,
  r.attempt_no,
  CAST(epoch_us(r.created_at) AS DOUBLE) AS created_at,
  r.evidence = 'replayed' AS is_replayed,
  r.evidence = 'unknown' AS is_unknown,
  r.served,
  r.chosen,
  coalesce(r.tier, -1) AS tier,
  coalesce(CAST(r.is_stakes AS INTEGER), -1) AS stakes,
  r.confidence,
  r.is_success,
  coalesce(r.is_stream, false) AS is_stream,
  coalesce(r.is_batch, false) AS is_batch,
  coalesce(r.has_tools, false) AS has_tools,
  coalesce(r.input_tokens, -1) AS input_tokens,
  coalesce(r.cache_read_tokens, -1) AS cache_read_tokens,
  coalesce(r.cache_write_tokens, -1) AS cache_write_tokens,
  coalesce(r.output_tokens, -1) AS output_tokens,
  coalesce(r.user_chars, -1) AS user_chars,
  r.billed_usd,
  r.latency_ms,
  r.ttft_ms,
  CAST(coalesce(p.prompt, -1) AS INTEGER) AS prompt,
  CAST(coalesce(u.user_number, -1) AS INTEGER) AS user_number,
  r.app,
  r.tenant,
  r.endpoint,
  r.error_class,
  r.finish_reason
FROM replay AS r
JOIN logicals AS l USING (logical_id)
LEFT JOIN prompts AS p USING (prompt_hash)
LEFT JOIN users AS u USING (user_hash)
