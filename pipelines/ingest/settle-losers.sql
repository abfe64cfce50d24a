-- What is to be said of every loser.
-- In: contest, candidates, raws (records as read, where JavaScript suspected a duplicate). Out: table explained_losers, the columns of
--     quarantine and the place of the row. Grain: one row per loser.
CREATE OR REPLACE TEMP TABLE explained_losers AS
SELECT
  l.place,
  l.part,
  l.row_no,
  l.source_file,
  l.source_line,
  l.source,
  CASE WHEN c.is_reuse THEN 'quarantined' ELSE 'duplicate' END AS disposition,
  CASE
    WHEN c.is_reuse THEN 'id_reused'
    WHEN d.differences = '' AND l.updated_at IS NOT DISTINCT FROM w.updated_at THEN 'duplicate_id'
    WHEN l.output_total_tokens < w.output_total_tokens THEN 'streamed_partial'
    ELSE 're_export'
  END AS reason,
  CASE WHEN c.is_reuse THEN concat(
    'id ', l.request_id, ' (attempt ', l.attempt_no, ') belongs to another call at ', w.source_file, ':', w.source_line,
    ', more than an hour away; ids must be unique in a workspace: leave the id out, or name a better one in a mapping file'
  ) ELSE concat(
    'request ', l.request_id, ' (attempt ', l.attempt_no, ') was read ', CASE WHEN c.was_best THEN 'again' ELSE 'before' END,
    ' at ', w.source_file, ':', w.source_line,
    CASE WHEN c.was_best THEN ', where it is newer or fuller' END,
    CASE WHEN d.differences = '' THEN ', the same in every compared column' ELSE concat(', but differs in ', d.differences) END,
    CASE WHEN c.was_best THEN '; the record itself is only in its file' END
  ) END AS detail,
  CASE WHEN NOT c.was_best THEN r.raw END AS raw
FROM contest AS c
JOIN candidates AS l ON l.n = c.n
JOIN candidates AS w ON w.n = c.beaten_by
LEFT JOIN raws AS r ON l.place = 1 AND r.part = l.part AND r.row_no = l.row_no
CROSS JOIN LATERAL (
  SELECT concat_ws(', ',
    CASE WHEN l.created_at IS DISTINCT FROM w.created_at THEN 'created_at' END,
    CASE WHEN l.model IS DISTINCT FROM w.model THEN 'model' END,
    CASE WHEN l.status IS DISTINCT FROM w.status THEN 'status' END,
    CASE WHEN l.http_status IS DISTINCT FROM w.http_status THEN 'http_status' END,
    CASE WHEN l.finish_reason IS DISTINCT FROM w.finish_reason THEN 'finish_reason' END,
    CASE WHEN l.latency_ms IS DISTINCT FROM w.latency_ms THEN 'latency_ms' END,
    CASE WHEN l.input_total_tokens IS DISTINCT FROM w.input_total_tokens THEN 'input_total_tokens' END,
    CASE WHEN l.output_total_tokens IS DISTINCT FROM w.output_total_tokens THEN 'output_total_tokens' END,
    CASE WHEN l.cost_reported_usd IS DISTINCT FROM w.cost_reported_usd THEN 'cost_reported_usd' END,
    CASE WHEN l.feedback_score IS DISTINCT FROM w.feedback_score THEN 'feedback_score' END,
    CASE WHEN l.user_chars IS DISTINCT FROM w.user_chars THEN 'user_chars' END,
    CASE WHEN l.output_chars IS DISTINCT FROM w.output_chars THEN 'output_chars' END
  ) AS differences
) AS d
