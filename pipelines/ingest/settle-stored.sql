-- The stored rows with which rows in hand may share their id.
-- In: all_stored; replaced (files that this run reads anew, by commit and path). Out: view stored, without the rows of files whose
--     new reading is in hand; is_old says that a row's file will be read anew later in this run.
-- Grain: one row per stored row.
CREATE OR REPLACE TEMP VIEW stored AS
SELECT s.*, r.is_now IS NOT NULL AS is_old
FROM all_stored AS s
LEFT JOIN replaced AS r
  ON r.source_file = s.source_file AND r.commit_name = left(parse_filename(s.filename), 12)
WHERE r.is_now IS DISTINCT FROM true
