-- A random part of the pairs that can be judged.
-- Inputs: pair_groups (pair-groups.sql). Parameters: $seed (order), $rows (most rows to read).
-- Output: the columns below, in random order. Grain: one row per pair. Units: none.
SELECT segment, request_id, entry_id, value, requests
FROM pair_groups
WHERE excluded IS NULL
ORDER BY md5(concat($seed, ':', request_id, ':', entry_id)), request_id
LIMIT $rows
