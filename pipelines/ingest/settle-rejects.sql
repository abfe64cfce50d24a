-- Losers among the rows in hand are rejected; those among the stored rows are moved when their files are rewritten.
-- In: explained_losers. Out: rows added to rejected. Grain: one row per duplicate record.
INSERT INTO rejected BY NAME
SELECT source_file, source_line, source, disposition, reason, detail, raw
FROM explained_losers
WHERE place = 1
