-- Which rows lost, and to which. Of all rows with one id the best stays: the newest updated_at (NULL is oldest), then the larger
-- output, then the larger input, then the first read. Every other row is a loser, explained by the row that beat it at the time: the
-- best one read before it, or, for a row that was the best until then, the next that was better. So it does not matter how the files
-- were split into runs.
-- In: candidates, rows that may share their id with another one, numbered by n.
-- Out: table contest (n, was_best, beaten_by: the n of the other row). Grain: one row per loser.
CREATE OR REPLACE TEMP TABLE contest AS
WITH shared AS (
  SELECT request_id, attempt_no, min(n) AS id
  FROM candidates
  GROUP BY request_id, attempt_no
  HAVING count(*) > 1
),
narrow AS (
  SELECT
    id, n, is_old, updated_at, output_total_tokens, input_total_tokens,
    row_number() OVER (PARTITION BY id ORDER BY place, file_no NULLS LAST, source_line, part, row_no) AS read_no
  FROM candidates
  JOIN shared USING (request_id, attempt_no)
),
ranked AS (
  SELECT
    id, n, read_no,
    row_number() OVER (
      PARTITION BY id
      ORDER BY is_old, updated_at DESC NULLS LAST, output_total_tokens DESC NULLS LAST, input_total_tokens DESC NULLS LAST, read_no
    ) AS rank_no
  FROM narrow
),
compared AS (
  SELECT
    *,
    min(rank_no) OVER (PARTITION BY id ORDER BY read_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best_before
  FROM ranked
),
judged AS (
  SELECT
    *,
    best_before IS NULL OR rank_no < best_before AS was_best,
    CASE
      WHEN best_before < rank_no THEN best_before
      ELSE lead(rank_no) OVER (PARTITION BY id, best_before IS NULL OR rank_no < best_before ORDER BY read_no)
    END AS beaten_by_rank
  FROM compared
)
SELECT l.n, l.was_best, w.n AS beaten_by
FROM judged AS l
JOIN ranked AS w ON w.id = l.id AND w.rank_no = l.beaten_by_rank
