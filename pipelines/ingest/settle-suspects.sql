-- Hashes that came twice, in the rows in hand or there and among the rows stored before. Equal ids have equal hashes; the reverse
-- is only likely.
-- In: staged_keys, known_keys. Out: table suspect_keys. Grain: one row per hash.
CREATE OR REPLACE TEMP TABLE suspect_keys AS
SELECT key
FROM staged_keys
GROUP BY key
HAVING count(*) > 1
UNION
SELECT key
FROM staged_keys
SEMI JOIN known_keys USING (key)
