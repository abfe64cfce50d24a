-- inputs:  billed_requests, log_order; $part and $parts: a session belongs to one part
-- output:  how much one part of the log holds
-- grain:   one row
-- units:   bytes of texts, and visits of the whole log
SELECT
  coalesce(sum(
    coalesce(strlen(b.system_text), 0) + coalesce(strlen(b.user_text), 0) + coalesce(strlen(b.history_json), 0)
  ) FILTER (WHERE o.session % $parts = $part), 0) AS text_bytes,
  count(*) FILTER (WHERE o.session % $parts = $part) AS attempts,
  coalesce(max(o.visit) + 1, 0) AS visits
FROM billed_requests AS b
JOIN log_order AS o USING (request_id, source_file, source_line)
