-- inputs:  billed_requests
-- output:  failed attempts by class
-- grain:   one row per error class
SELECT coalesce(error_class, 'other') AS error_class, count(*) AS requests
FROM billed_requests
WHERE status = 'error'
GROUP BY 1
ORDER BY requests DESC, error_class
