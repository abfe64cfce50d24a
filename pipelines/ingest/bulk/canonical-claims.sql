-- The records of a chunk that SQL is certain to read as datasets/sources/canonical.ts, validate-draft.ts and draft-to-row.ts do.
-- In: fields (bulk/fields-view.ts), variables latest_time, learned_lines, redacts_labels, redacts_texts; macros of bulk/macros.ts.
-- Out: table records: every record that was parsed, is_claimed and, for those, its token parts; usage_from says which columns the
--     tokens came from: own (the request log's) or flat (input_tokens and the like); without usage tokens are counted, by JavaScript.
-- Grain: one row per record. Units: times UTC, tokens, USD.
CREATE OR REPLACE TEMP TABLE records AS
WITH read AS (
  SELECT
    * REPLACE (
      nullif(logical_id, '') AS logical_id, nullif(session_id, '') AS session_id, nullif(tenant, '') AS tenant,
      nullif(end_user, '') AS end_user, nullif(app, '') AS app, nullif(endpoint, '') AS endpoint,
      nullif(model_served, '') AS model_served, nullif(provider, '') AS provider, nullif(gateway, '') AS gateway,
      nullif(system_text, '') AS system_text, nullif(output_text, '') AS output_text, nullif(status, '') AS status,
      nullif(finish_reason, '') AS finish_reason, nullif(cache_status, '') AS cache_status,
      nullif(service_tier, '') AS service_tier, coalesce(latency_ms, latency_s * 1000) AS latency_ms
    ),
    coalesce(nullif(id, ''), derived_id) AS request_id,
    coalesce(nullif(model_requested, ''), nullif(model_served, '')) AS model_asked,
    coalesce(nullif(model_served, ''), nullif(model_requested, '')) AS model_named,
    CASE
      WHEN coalesce(
        own_input_uncached_tokens, own_input_cache_read_tokens, own_input_cache_write_5m_tokens, own_input_cache_write_1h_tokens,
        own_input_total_tokens, own_output_text_tokens, own_output_reasoning_tokens, own_output_total_tokens
      ) IS NOT NULL THEN 'own'
      WHEN input_tokens IS NOT NULL OR output_tokens IS NOT NULL THEN 'flat'
    END AS usage_from
  FROM fields
  WHERE line IS NOT NULL
),
cached AS (
  SELECT
    *,
    CASE usage_from WHEN 'own' THEN coalesce(own_input_cache_read_tokens, 0) WHEN 'flat' THEN coalesce(cache_read_tokens, 0) END
      AS part_read,
    CASE usage_from WHEN 'own' THEN coalesce(own_input_cache_write_5m_tokens, 0) WHEN 'flat' THEN coalesce(cache_write_tokens, 0) END
      AS part_write_5m,
    CASE usage_from WHEN 'own' THEN coalesce(own_input_cache_write_1h_tokens, 0) WHEN 'flat' THEN 0 END AS part_write_1h,
    CASE usage_from WHEN 'own' THEN coalesce(own_output_reasoning_tokens, 0) WHEN 'flat' THEN coalesce(reasoning_tokens, 0) END
      AS part_reasoning,
    CASE usage_from WHEN 'own' THEN own_input_total_tokens WHEN 'flat' THEN input_tokens END AS input_stated,
    CASE usage_from WHEN 'own' THEN own_output_total_tokens WHEN 'flat' THEN output_tokens END AS output_stated
  FROM read
),
parts AS (
  SELECT
    *,
    part_read + part_write_5m + part_write_1h AS part_cached,
    CASE WHEN usage_from = 'own' THEN own_input_uncached_tokens END AS uncached_stated,
    CASE WHEN usage_from = 'own' THEN own_output_text_tokens END AS text_stated
  FROM cached
),
totals AS (
  SELECT
    *,
    coalesce(uncached_stated, coalesce(input_stated, part_cached) - part_cached) AS part_uncached,
    coalesce(text_stated, coalesce(output_stated, part_reasoning) - part_reasoning) AS part_text
  FROM parts
)
SELECT
  line, request_id, attempt_no, logical_id, session_id, tenant, end_user, app, endpoint, created_at, latency_ms, ttft_ms,
  model_asked, model_served, model_named, provider, gateway, content_state, system_text, user_text, output_text,
  usage_from, part_uncached, part_read, part_write_5m, part_write_1h, part_text, part_reasoning,
  own_input_audio_tokens AS input_audio, own_input_image_tokens AS input_image, own_output_audio_tokens AS output_audio,
  input_tokens, output_tokens, total_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
  cost_reported_usd, http_status, finish_reason, is_stream, cache_status, feedback_score, service_tier, is_batch,
  temperature, max_tokens, has_json_schema,
  coalesce(
    NOT has_unread AND line > getvariable('learned_lines')
    AND request_id IS NOT NULL
    AND model_named IS NOT NULL
    AND created_at >= TIMESTAMP '2000-01-01' AND created_at <= getvariable('latest_time')
    AND bulk_is_quantity(latency_ms) AND bulk_is_quantity(ttft_ms) AND bulk_is_quantity(cost_reported_usd)
    AND (feedback_score IS NULL OR feedback_score BETWEEN 0 AND 1)
    AND (temperature IS NULL OR isfinite(temperature))
    AND bulk_is_count(attempt_no) AND bulk_is_count(max_tokens)
    AND (http_status IS NULL OR (http_status BETWEEN 100 AND 599 AND http_status = floor(http_status)))
    -- Calls that went well; the words of failures are JavaScript's business.
    AND (
      status IN ('ok', 'OK', 'success', 'SUCCESS', 'succeeded', 'successful', 'complete', 'completed', 'done', 'finished')
      OR (
        status IS NULL AND coalesce(http_status, 200) < 400
        AND coalesce(error_text, '') = '' AND coalesce(error_class, '') = ''
      )
    )
    AND (cache_status IS NULL OR cache_status IN ('hit', 'semantic_hit', 'miss'))
    -- Tokens: whole, not negative, and the totals are the sums of their parts.
    AND bulk_is_count(input_tokens) AND bulk_is_count(output_tokens) AND bulk_is_count(total_tokens)
    AND bulk_is_count(cache_read_tokens) AND bulk_is_count(cache_write_tokens) AND bulk_is_count(reasoning_tokens)
    AND bulk_is_count(own_input_audio_tokens) AND bulk_is_count(own_input_image_tokens) AND bulk_is_count(own_output_audio_tokens)
    AND coalesce(own_input_audio_tokens, 0) + coalesce(own_input_image_tokens, 0) + coalesce(own_output_audio_tokens, 0) = 0
    AND bulk_is_count(part_uncached) AND bulk_is_count(part_read) AND bulk_is_count(part_write_5m) AND bulk_is_count(part_write_1h)
    AND bulk_is_count(part_text) AND bulk_is_count(part_reasoning)
    AND (input_stated IS NULL OR part_uncached + part_cached = input_stated)
    AND (output_stated IS NULL OR part_text + part_reasoning = output_stated)
    -- Both sides are counted: what one side alone tells is JavaScript's business.
    AND (
      usage_from = 'own' AND coalesce(uncached_stated, input_stated) IS NOT NULL AND coalesce(text_stated, output_stated) IS NOT NULL
      OR (
        usage_from = 'flat' AND input_tokens IS NOT NULL AND output_tokens IS NOT NULL
        AND (total_tokens IS NULL OR total_tokens = input_tokens + output_tokens)
        -- xAI's output count leaves the reasoning out.
        AND (part_reasoning = 0 OR total_tokens IS NOT NULL OR provider IS NULL OR NOT regexp_matches(provider, '(?i)x.?ai|grok'))
      )
    )
    -- One user turn of plain text, or no prompt at all; no conversation as JSON inside it, no attachment, no control characters.
    AND (user_text <> '' AND NOT bulk_is_odd_text(user_text) OR user_text IS NULL AND system_text IS NULL)
    -- Nothing that redaction might touch; see system-texts.sql and tainted-labels.ts for what many records share. One match over
    -- everything: a text that redaction touches matches between others, too.
    AND (
      NOT getvariable('redacts_labels')
      OR NOT bulk_is_suspicious(concat_ws(
        E'\n',
        CASE WHEN regexp_full_match(id, '[0-9]+') THEN NULL ELSE id END,
        CASE WHEN regexp_full_match(logical_id, '[0-9]+') THEN NULL ELSE logical_id END,
        session_id,
        CASE WHEN getvariable('redacts_texts') THEN user_text END,
        CASE WHEN getvariable('redacts_texts') THEN output_text END
      ))
    ),
    false
  ) AS is_claimed
FROM totals
