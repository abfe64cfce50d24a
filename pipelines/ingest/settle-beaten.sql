-- Stored rows that lost, as the quarantine of their own file will hold them.
-- In: explained_losers. Out: rows added to beaten. Grain: one row per stored row that lost.
INSERT INTO beaten BY NAME
SELECT source_file, source_line, source, disposition, reason, detail, raw, part
FROM explained_losers
WHERE place = 0
