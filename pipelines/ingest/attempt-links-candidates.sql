-- Attempts that may follow, or be followed by, another one that asks the same: all attempts with a key that a failed one has.
-- In: requests, logged_attempts (left out: the log has spoken); $window_s in seconds, $slack_s in seconds.
-- Out: table candidates. Grain: one row per attempt. Units: t, from_t, until_t in microseconds since 1970 times 1,024, plus the place
--     among attempts of one moment, so that no two attempts of a key share a t; until_t is NULL for an attempt that did not fail.
-- The key is the prompt and the caller; without a prompt it is the caller, the endpoint and the size of the input.
CREATE OR REPLACE TEMP TABLE candidates AS
WITH keyed AS (
  SELECT
    request_id,
    attempt_no,
    logical_id,
    model,
    model_requested,
    model_served,
    status IN ('error', 'cancelled') AS is_failed,
    epoch_us(created_at) AS start_us,
    CAST(coalesce(latency_ms, 0) * 1000 AS BIGINT) AS duration_us,
    CASE
      WHEN prompt_hash IS NOT NULL THEN hash('prompt', prompt_hash, tenant, user_hash, app, api_key)
      WHEN input_total_tokens > 0 AND coalesce(session_id, user_hash, app, api_key) IS NOT NULL
        THEN hash('size', input_total_tokens, endpoint, session_id, tenant, user_hash, app, api_key)
    END AS key,
    CASE WHEN prompt_hash IS NOT NULL THEN 'prompt' ELSE 'caller_and_size' END AS rule
  FROM requests
),
joined_by_log AS (
  SELECT DISTINCT logical_id FROM logged_attempts
),
asked_again AS (
  SELECT *
  FROM keyed
  SEMI JOIN (SELECT key FROM keyed WHERE is_failed) USING (key)
  ANTI JOIN joined_by_log USING (logical_id)
),
placed AS (
  SELECT
    *,
    start_us * 1024 + least(1023, row_number() OVER (
      PARTITION BY key, start_us ORDER BY is_failed DESC, request_id, attempt_no
    ) - 1) AS t
  FROM asked_again
)
SELECT
  * EXCLUDE (start_us, duration_us),
  row_number() OVER (ORDER BY key, t, request_id, attempt_no) AS id,
  greatest(t + 1, (start_us + duration_us - $slack_s * 1000000) * 1024) AS from_t,
  CASE WHEN is_failed THEN (start_us + duration_us + $window_s * 1000000) * 1024 + 1023 END AS until_t
FROM placed
