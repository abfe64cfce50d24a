-- The distinct last user turns that a workspace holds as text, in a random order that is the same each time.
-- Inputs: requests (one row per attempt).
-- Parameters: $limit (most texts), $units (characters kept of each).
-- Output: text.
-- Grain: one row per distinct beginning of a last user turn. Units: none.
SELECT text
FROM (
  SELECT DISTINCT substr(user_text, 1, CAST($units AS INTEGER)) AS text
  FROM requests
  WHERE content_state IN ('full', 'redacted', 'truncated') AND trim(coalesce(user_text, '')) <> ''
) AS prompts
ORDER BY md5(text), text
LIMIT $limit
