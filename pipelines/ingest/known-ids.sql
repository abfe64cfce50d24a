-- The first 64 bits of the SHA-256 of every id, as KnownIds hashes them.
-- In: $rows, a FROM-clause item with request_id and attempt_no. Out: high and low, 32 bits each. Grain: one row per row.
SELECT
  CAST('0x' || substr(digest, 1, 8) AS UINTEGER) AS high,
  CAST('0x' || substr(digest, 9, 8) AS UINTEGER) AS low
FROM (SELECT sha256(concat(attempt_no, chr(0), request_id)) AS digest FROM $rows)
