-- inputs:  pricing_requests
-- output:  the days of the log, and how many attempts name their user
-- grain:   one row
-- units:   UTC days; attempts
SELECT
  min(day) AS "from",
  max(day) AS "to",
  coalesce(date_diff('day', min(day)::DATE, max(day)::DATE) + 1, 0) AS days,
  count(*) AS requests,
  count(user_hash) AS by_user
FROM pricing_requests
