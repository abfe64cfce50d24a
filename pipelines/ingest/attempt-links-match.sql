-- One round of matching: every failed attempt that nothing follows yet takes the first attempt of its key that began after it ended and
-- that follows nothing yet; where two want the same one, the failure that ended last gets it, and the other one tries again in the
-- next round.
-- In: candidates, links. Out: rows added to links. Grain: one row per attempt that follows another one.
INSERT INTO links
WITH failed AS (
  SELECT id, key, from_t, until_t FROM candidates WHERE is_failed AND id NOT IN (SELECT earlier FROM links)
),
later AS (
  SELECT id, key, t FROM candidates WHERE id NOT IN (SELECT later FROM links)
)
SELECT f.id AS earlier, a.id AS later
FROM failed AS f
ASOF JOIN later AS a ON f.key = a.key AND f.from_t <= a.t
WHERE a.t <= f.until_t
QUALIFY row_number() OVER (PARTITION BY a.id ORDER BY f.until_t DESC, f.id DESC) = 1
