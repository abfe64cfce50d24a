-- Inputs: view outcome_items.
-- Output: every labelled item with what training needs of it; created_at in microseconds since 1970, UTC.
-- Grain: one row per item, ordered by item_id, which makes training repeatable.
SELECT
  item_id,
  messages_json,
  "group",
  session_id,
  created_at,
  weight,
  tier,
  is_stakes
FROM outcome_items
ORDER BY item_id
