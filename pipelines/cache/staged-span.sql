-- inputs:  traced_items
-- output:  how much there is to replay, and over what time
-- grain:   one row
-- units:   "from" and "to" in UTC
SELECT
  count(*) AS items,
  count(DISTINCT session) AS sessions,
  count(DISTINCT scope) AS scopes,
  count(DISTINCT segment) AS segments,
  count_if(truth >= 0) AS known_truths,
  min(created_at) AS "from",
  max(created_at) AS "to"
FROM traced_items
