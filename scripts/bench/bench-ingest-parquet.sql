-- The ingest benchmark's Parquet file: calls under the request log's own names and types.
-- In: $lines, JSONL of bench-ingest-files.ts. Out: $path. Grain: one row per call. Units: as in the request log.
COPY (
  SELECT *
  FROM read_json($lines, format = 'newline_delimited', columns = {
    request_id: 'VARCHAR', session_id: 'VARCHAR', user_hash: 'VARCHAR', app: 'VARCHAR', created_at: 'TIMESTAMP',
    latency_ms: 'DOUBLE', ttft_ms: 'DOUBLE', model_requested: 'VARCHAR', model_served: 'VARCHAR', provider: 'VARCHAR',
    system_text: 'VARCHAR', user_text: 'VARCHAR', output_text: 'VARCHAR', input_cache_read_tokens: 'BIGINT',
    input_total_tokens: 'BIGINT', output_total_tokens: 'BIGINT', cost_reported_usd: 'DOUBLE', status: 'VARCHAR',
    finish_reason: 'VARCHAR', is_stream: 'BOOLEAN'
  })
) TO $path (FORMAT parquet, ROW_GROUP_SIZE 20480)
