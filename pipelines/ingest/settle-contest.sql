-- Which rows lost, and to which. Of all rows with one id the best stays: the newest updated_at (NULL is oldest), then the larger
-- output, then the larger input, then the first read. Every other row is a loser, explained by the row that beat it at the time: the
-- best one read before it, or, for a row that was the best until then, the next that was better. So it does not matter how the files
-- were split into runs.
-- A row that begins more than an hour away from the first read one and is of another model, input or prompt is no version of it: the
-- log used the id twice (is_reuse). It never beats a row of the first call.
-- In: candidates, rows that may share their id with another one, numbered by n.
-- Out: table contest (n, was_best, is_reuse, beaten_by: the n of the other row). Grain: one row per loser.
CREATE OR REPLACE TEMP TABLE contest AS
WITH shared AS (
  SELECT request_id, attempt_no, min(n) AS id
  FROM candidates
  GROUP BY request_id, attempt_no
  HAVING count(*) > 1
),
narrow AS (
  SELECT
    id, n, is_old, created_at, updated_at, model, output_total_tokens, input_total_tokens, user_chars,
    row_number() OVER (PARTITION BY id ORDER BY place, file_no NULLS LAST, source_line, part, row_no) AS read_no
  FROM candidates
  JOIN shared USING (request_id, attempt_no)
),
told_apart AS (
  SELECT
    r.*,
    abs(sb_seconds_between(f.created_at, r.created_at)) > 3600
      AND (r.model, r.input_total_tokens, r.user_chars) IS DISTINCT FROM (f.model, f.input_total_tokens, f.user_chars) AS is_reuse
  FROM narrow AS r
  JOIN narrow AS f ON f.id = r.id AND f.read_no = 1
),
ranked AS (
  SELECT
    id, n, read_no, is_reuse,
    row_number() OVER (
      PARTITION BY id
      ORDER BY is_reuse, is_old, updated_at DESC NULLS LAST, output_total_tokens DESC NULLS LAST, input_total_tokens DESC NULLS LAST, read_no
    ) AS rank_no
  FROM told_apart
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
SELECT l.n, l.was_best, l.is_reuse, w.n AS beaten_by
FROM judged AS l
JOIN ranked AS w ON w.id = l.id AND w.rank_no = l.beaten_by_rank
