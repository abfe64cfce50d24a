-- The requests that labels speak for, each with what strata are made of and the reason why it can't be sampled.
-- Inputs: requests (one row per attempt).
-- Parameters: $needs_answer (the logged answer will be compared), $reference (only this model's answers; NULL = any),
--   $only_candidate (the one candidate, whose own answers have nothing to be compared with; NULL when there are several),
--   $seed (order of sampling).
-- Output: request_id, excluded (reason or NULL), app, length_bucket, model, sample_order (a hash: a random order).
-- Grain: one row per logical request (its last attempt). Units: none.
WITH last_attempts AS (
  SELECT *
  FROM requests
  QUALIFY row_number() OVER (PARTITION BY logical_id ORDER BY attempt_no DESC, created_at DESC, request_id DESC) = 1
),
judged AS (
  SELECT
    request_id,
    CASE
      WHEN status <> 'ok' THEN 'failed'
      WHEN content_state NOT IN ('full', 'redacted') THEN 'no_content'
      WHEN trim(coalesce(user_text, '')) = '' THEN 'no_user_text'
      WHEN $needs_answer AND $reference IS NOT NULL AND model <> $reference THEN 'other_model'
      WHEN $needs_answer AND model = $only_candidate THEN 'served_by_candidate'
      WHEN $needs_answer AND coalesce(n_tools, 0) > 0 THEN 'tools'
      WHEN $needs_answer AND coalesce(n_images, 0) + coalesce(n_audio, 0) + coalesce(n_files, 0) > 0 THEN 'attachments'
      WHEN $needs_answer AND trim(coalesce(output_text, '')) = '' THEN 'no_answer'
      WHEN $needs_answer AND finish_reason = 'length' THEN 'cut_answer'
    END AS excluded,
    coalesce(app, '(none)') AS app,
    CASE
      WHEN coalesce(user_chars, length(user_text)) < 200 THEN 'short'
      WHEN coalesce(user_chars, length(user_text)) < 1000 THEN 'medium'
      ELSE 'long'
    END AS length_bucket,
    model,
    md5(concat($seed, ':', request_id)) AS sample_order
  FROM last_attempts
)
SELECT * FROM judged
