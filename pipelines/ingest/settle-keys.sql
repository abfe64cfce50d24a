-- Hashes of the ids of the rows in hand.
-- In: staged. Out: table staged_keys. Grain: one row per staged row.
CREATE OR REPLACE TEMP TABLE staged_keys AS
SELECT hash(request_id, attempt_no) AS key
FROM staged
