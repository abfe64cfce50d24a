-- Inputs: views outcomes, labels.
-- Output: quality (0 to 1), cost (USD, NULL = unknown) and answer length (tokens) of each model on each item, and whether a judge
-- compared this model's answer: the answer that it was compared with is not judged, its quality is 1 by definition. Several
-- judgements of one pair are averaged.
-- Grain: one row per item and model, ordered by both.
WITH judged AS (
  SELECT DISTINCT request_id, candidate_model
  FROM labels
  -- An exact check has no order, and no judge's error.
  WHERE kind = 'sufficiency' AND answer_order IS NOT NULL
)
SELECT
  o.item_id,
  o.model,
  avg(o.quality) AS quality,
  avg(o.cost_usd) AS cost_usd,
  avg(o.output_tokens) AS output_tokens,
  min(o.origin) AS origin,
  bool_and(o.origin = 'judged' AND j.request_id IS NOT NULL) AS is_judged
FROM outcomes AS o
LEFT JOIN judged AS j ON j.request_id = o.item_id AND j.candidate_model = o.model
GROUP BY o.item_id, o.model
ORDER BY o.item_id, o.model
