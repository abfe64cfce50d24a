-- Why records of the file in hand did not become rows.
-- In: rejected. Grain: one row per disposition and reason, with its first example.
SELECT
  disposition,
  reason,
  count(*) AS count,
  arg_min(concat(source_file, ':', source_line, ': ', coalesce(detail, reason)), source_line) AS example
FROM rejected
GROUP BY disposition, reason
ORDER BY disposition, reason
