-- Leave the records to JavaScript whose system prompt SQL can't do.
-- In: system_texts. Out: records with is_claimed changed. Grain: one row per record.
UPDATE records
SET is_claimed = false
WHERE system_text IN (SELECT system_text FROM system_texts WHERE is_left)
