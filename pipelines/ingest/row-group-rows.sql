-- Rows that a row group of the rows in hand may have: DuckDB holds a whole group in memory while it writes it.
-- In: fresh. Grain: one row. Units: n in rows, a multiple of 2,048; about 32 MB of text in a group of n rows.
SELECT 2048 * CAST(greatest(1, least(60, floor(32e6 / 2048 / greatest(1, max(bytes))))) AS INTEGER) AS n
FROM (
  SELECT avg(
    strlen(coalesce(system_text, '')) + strlen(coalesce(user_text, '')) + strlen(coalesce(history_json, ''))
    + strlen(coalesce(output_text, '')) + strlen(coalesce(usage_json, ''))
  ) AS bytes
  FROM fresh
  UNION ALL
  SELECT avg(strlen(coalesce(raw, ''))) AS bytes FROM fresh
)
