-- inputs:  billed_requests
-- output:  what a cache would have been asked, in the order of time: of each logical request the attempt that answered, with the
--          bill of all its attempts, for a hit spares them all
-- grain:   one row per logical request, failed ones included
-- units:   billed_usd in USD, NULL when the price of an attempt is unknown; created_at in UTC
WITH attempts AS (
  SELECT
    request_id,
    logical_id,
    row_number() OVER (
      PARTITION BY logical_id
      ORDER BY CASE status WHEN 'ok' THEN 0 WHEN 'partial' THEN 1 ELSE 2 END, attempt_no DESC, request_id
    ) AS preference,
    CASE WHEN count_if(is_unpriced) OVER logical_request = 0 THEN sum(billed_usd) OVER logical_request END AS logical_usd
  FROM billed_requests
  WINDOW logical_request AS (PARTITION BY logical_id)
)
SELECT
  r.request_id,
  coalesce(r.session_id, r.logical_id) AS session,
  r.tenant,
  r.app,
  r.endpoint,
  r.created_at,
  r.model,
  r.content_state,
  r.system_text,
  r.system_hash,
  r.system_chars,
  r.user_text,
  r.history_json,
  r.history_turns,
  r.output_text,
  r.prompt_hash,
  r.tools_hash,
  r.n_tools,
  coalesce(r.n_images, 0) + coalesce(r.n_audio, 0) + coalesce(r.n_files, 0) AS attachments,
  r.has_json_schema,
  r.temperature,
  r.max_tokens,
  r.status,
  r.finish_reason,
  a.logical_usd AS billed_usd
FROM billed_requests AS r
JOIN attempts AS a ON a.request_id = r.request_id AND a.preference = 1
ORDER BY r.created_at, r.request_id
