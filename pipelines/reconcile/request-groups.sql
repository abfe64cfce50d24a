-- inputs:  billed_requests
-- output:  the names by which a request's vendor is told
-- grain:   one row per provider, gateway and model
SELECT DISTINCT provider, gateway, model
FROM billed_requests
