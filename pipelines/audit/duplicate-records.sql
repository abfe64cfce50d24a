-- inputs:  quarantine
-- output:  records of calls that were in the log already, and are not counted again
-- grain:   one row per reason and source
SELECT reason, source, count(*) AS records
FROM quarantine
WHERE disposition = 'duplicate'
GROUP BY reason, source
ORDER BY records DESC, reason, source NULLS FIRST
