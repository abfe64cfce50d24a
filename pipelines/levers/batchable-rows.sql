-- inputs:  replay, billed_requests
-- output:  attempts whose answer nobody seems to wait for, by the rule in billed_requests
-- grain:   one row per attempt
SELECT DISTINCT r.row
FROM replay AS r
JOIN billed_requests AS b
  ON b.request_id = r.request_id AND b.attempt_no = r.attempt_no AND b.created_at = r.created_at
WHERE b.is_batchable AND r.is_success
