-- System prompts, worked on once for all records that share them.
-- In: records (canonical-claims.sql), variable redacts_texts; macros of bulk/macros.ts.
-- Out: table system_texts; is_left marks those whose records are left to JavaScript.
-- Grain: one row per distinct system prompt of claimed records. Units: chars in UTF-16 units.
CREATE OR REPLACE TEMP TABLE system_texts AS
SELECT
  system_text,
  bulk_hash(system_text) AS hash,
  bulk_chars(system_text) AS chars,
  bulk_json_text(system_text) AS json,
  bulk_is_odd_text(system_text) OR (getvariable('redacts_texts') AND bulk_is_suspicious(system_text)) AS is_left
FROM (SELECT DISTINCT system_text FROM records WHERE is_claimed AND system_text IS NOT NULL)
