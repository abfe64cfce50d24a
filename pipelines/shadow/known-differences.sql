-- inputs:  outcomes, outcome_items
-- output:  quality of the baseline's answer minus the candidate's where both are known
-- grain:   one row per item
-- units:   quality, -1 to 1
SELECT coalesce(i.session_id, b.item_id) AS session, b.quality - c.quality AS difference
FROM outcomes AS b
JOIN outcomes AS c ON c.item_id = b.item_id AND c.model = $candidate
LEFT JOIN outcome_items AS i ON i.item_id = b.item_id
WHERE b.model = $baseline
ORDER BY session, b.item_id
