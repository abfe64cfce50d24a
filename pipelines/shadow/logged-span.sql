-- inputs:  requests
-- output:  how long the log goes
-- grain:   one row
-- units:   seconds from the first request to the last; NULL for an empty log
SELECT sb_seconds_between(min(created_at), max(created_at)) AS seconds
FROM requests
