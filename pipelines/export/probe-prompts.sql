-- inputs:  requests (one row per attempt)
-- parameters: $seed (order of sampling), $per_segment (rows)
-- output:  texts of users, by the application that has a threshold of its own
-- grain:   one row per segment and distinct text, in random order
-- units:   none
WITH texts AS (
  SELECT DISTINCT coalesce(app, 'default') AS segment, trim(user_text) AS text
  FROM requests
  WHERE
    content_state IN ('full', 'redacted')
    AND endpoint IS DISTINCT FROM 'embeddings'
    AND length(trim(coalesce(user_text, ''))) BETWEEN 1 AND 2000
)
SELECT segment, text
FROM texts
QUALIFY row_number() OVER (PARTITION BY segment ORDER BY md5(concat($seed, ':', text)), text) <= $per_segment
ORDER BY segment, text
