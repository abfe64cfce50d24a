-- inputs:  billed_requests
-- output:  tokens by kind
-- grain:   one row per kind
-- units:   tokens
UNPIVOT (
  SELECT
    coalesce(sum(input_uncached_tokens), 0)::DOUBLE AS "input, uncached",
    coalesce(sum(input_cache_read_tokens), 0)::DOUBLE AS "input, cache read",
    coalesce(sum(input_cache_write_5m_tokens), 0)::DOUBLE AS "input, cache write 5 min",
    coalesce(sum(input_cache_write_1h_tokens), 0)::DOUBLE AS "input, cache write 1 h",
    coalesce(sum(output_text_tokens), 0)::DOUBLE AS "output, text",
    coalesce(sum(output_reasoning_tokens), 0)::DOUBLE AS "output, reasoning"
  FROM billed_requests
)
ON COLUMNS(*) INTO NAME kind VALUE tokens
