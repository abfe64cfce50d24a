-- Days of the rows that are not in a part yet.
-- In: fresh. Grain: one row per UTC day.
SELECT strftime(created_at, '%Y-%m-%d') AS day, count(raw) AS n_raw
FROM fresh
GROUP BY day
ORDER BY day
