-- inputs:  outcome_items, replay
-- output:  labelled items that are logged attempts: their row of the replay and their weight (inverse inclusion probability);
--          item_id as in outcomes. Of a request's attempts the last replayed one counts: it gave the answer that was labelled.
-- grain:   one row per labelled attempt, in order of row
SELECT i.item_id, i.weight, r.row
FROM outcome_items AS i
JOIN replay AS r ON r.request_id = i.item_id AND r.evidence = 'replayed'
QUALIFY row_number() OVER (PARTITION BY i.item_id ORDER BY r.row DESC) = 1
ORDER BY r.row
