-- inputs:  $rows, $prompts
-- output:  inserts a synthetic log into requests: $rows attempts in sessions of four turns on average, over ninety days, by eight apps, with $prompts distinct
--          prompts of some 400 characters, every 40th attempt failed, every 50th without a text; costs are list prices in USD
-- grain:   one row per attempt, with the columns of requests that are known
INSERT INTO requests BY NAME
WITH numbered AS (
  SELECT i, hash(i) AS h, hash(i % $prompts) AS p, i % 3 AS served FROM range($rows) AS t (i)
),
sized AS (
  SELECT *, 60 + p % 400 AS input_tokens, 20 + (h >> 8) % 480 AS output_tokens FROM numbered
)
SELECT
  'r' || lpad(CAST(i AS VARCHAR), 9, '0') AS request_id,
  1 AS attempt_no,
  'r' || lpad(CAST(i AS VARCHAR), 9, '0') AS logical_id,
  's' || CAST((h >> 20) % greatest(1, $rows // 4) AS VARCHAR) AS session_id,
  'tenant' || CAST(h % 20 AS VARCHAR) AS tenant,
  'user' || CAST(h % 5000 AS VARCHAR) AS user_hash,
  'app' || CAST(h % 8 AS VARCHAR) AS app,
  'chat' AS endpoint,
  'synthetic' AS source,
  'synthetic.jsonl' AS source_file,
  i + 1 AS source_line,
  TIMESTAMP '2026-01-01' + to_seconds(CAST(i * 7776000 // $rows AS BIGINT)) AS created_at,
  200.0 + 9.0 * output_tokens * (1 + served) AS latency_ms,
  100.0 + h % 200 AS ttft_ms,
  CASE served WHEN 0 THEN 'gpt-4.1-mini' ELSE 'gpt-4.1' END AS model,
  'openai' AS provider,
  CASE WHEN i % 50 = 7 THEN 'none' ELSE 'full' END AS content_state,
  CASE WHEN i % 50 <> 7 THEN 'You are a helpful assistant of a shop. Answer in two sentences.' END AS system_text,
  CASE WHEN i % 50 <> 7 THEN
    'Customer ' || CAST(p % 100000 AS VARCHAR) || ' asks: '
    || list_aggregate(
      list_transform(
        range(12 + CAST(p % 100 AS BIGINT)),
        x -> ['refund', 'order', 'please', 'explain', 'why', 'the', 'invoice', 'prove', 'address', 'function', 'today',
          'compare', 'delivery', 'broken', 'matrix', 'late'][1 + CAST(hash(p + x) % 16 AS BIGINT)]
      ),
      'string_agg', ' '
    )
  END AS user_text,
  CASE WHEN i % 50 <> 7 THEN md5(CAST(p AS VARCHAR)) END AS prompt_hash,
  CASE WHEN i % 40 <> 3 THEN input_tokens END AS input_uncached_tokens,
  CASE WHEN i % 40 <> 3 THEN 0 END AS input_cache_read_tokens,
  CASE WHEN i % 40 <> 3 THEN input_tokens END AS input_total_tokens,
  CASE WHEN i % 40 <> 3 THEN output_tokens END AS output_text_tokens,
  CASE WHEN i % 40 <> 3 THEN output_tokens END AS output_total_tokens,
  'logged' AS tokens_source,
  CASE WHEN i % 40 = 3 THEN NULL
    WHEN served = 0 THEN (0.4 * input_tokens + 1.6 * output_tokens) / 1e6
    ELSE (2.0 * input_tokens + 8.0 * output_tokens) / 1e6
  END AS cost_list_usd,
  'genai-prices' AS price_source,
  CASE WHEN i % 40 = 3 THEN 'error' ELSE 'ok' END AS status,
  CASE WHEN i % 40 = 3 THEN 'rate_limit' END AS error_class,
  'stop' AS finish_reason,
  false AS is_stream,
  false AS is_batch
FROM sized
ORDER BY i
