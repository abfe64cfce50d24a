-- inputs:  traced_items
-- output:  every column, in the order of time; without times in the order of reading
-- grain:   one row per request to replay
-- units:   cost_usd in USD, created_at in UTC
SELECT *
FROM traced_items
ORDER BY created_at NULLS FIRST, place
