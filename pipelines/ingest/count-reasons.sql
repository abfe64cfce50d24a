-- Why records did not become rows.
-- In: counted, a view with the columns of quarantine. Grain: one row per file, disposition and reason, with its first example.
SELECT
  source_file,
  disposition,
  reason,
  count(*) AS count,
  arg_min(concat(source_file, ':', source_line, ': ', coalesce(detail, reason)), source_line) AS example
FROM counted
GROUP BY source_file, disposition, reason
ORDER BY source_file, disposition, reason
