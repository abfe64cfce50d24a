-- inputs:  billed_requests
-- output:  when the log begins and ends, over all vendors
-- grain:   one row; NULLs for an empty log
-- units:   microseconds since 1970, UTC
SELECT epoch_us(min(created_at)) AS first_at, epoch_us(max(created_at)) AS last_at
FROM billed_requests
