-- inputs:  traced_items
-- output:  requests that must not be cached, by reason
-- grain:   one row per reason, the most frequent first
SELECT never_cache AS reason, count(*) AS requests
FROM traced_items
WHERE never_cache IS NOT NULL
GROUP BY never_cache
ORDER BY requests DESC, reason
