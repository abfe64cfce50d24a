-- inputs:  billed_requests
-- output:  the totals of the log
-- grain:   one row
-- units:   USD, tokens, UTC days
SELECT
  count(*) AS requests,
  count(DISTINCT logical_id) AS logical_requests,
  count(DISTINCT coalesce(session_id, logical_id)) AS sessions,
  strftime(min(created_at), '%Y-%m-%dT%H:%M:%SZ') AS "from",
  strftime(max(created_at), '%Y-%m-%dT%H:%M:%SZ') AS "to",
  count(DISTINCT sb_day(created_at)) AS days,
  coalesce(sum(billed_usd), 0) AS billed_usd,
  count(billed_usd) AS billed_priced,
  coalesce(sum(CASE WHEN NOT is_unpriced THEN coalesce(input_total_tokens, 0) + coalesce(output_total_tokens, 0) END), 0)
    AS priced_tokens,
  coalesce(count_if(is_unpriced), 0) AS unpriced,
  coalesce(sum(cost_list_usd), 0) AS list_usd,
  count(cost_list_usd) AS list_priced,
  coalesce(count_if(cost_list_usd IS NULL AND (is_unpriced OR cost_reported_usd IS NOT NULL)), 0) AS list_unpriced,
  coalesce(sum(cost_reported_usd), 0) AS reported_usd,
  count(cost_reported_usd) AS reported_priced,
  coalesce(count_if(cost_reported_usd IS NULL), 0) AS reported_unpriced,
  count(DISTINCT CASE WHEN is_success THEN logical_id END) AS successful_logical_requests
FROM billed_requests
