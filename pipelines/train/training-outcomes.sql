-- Inputs: view outcomes.
-- Output: quality (0 to 1), cost (USD, NULL = unknown) and answer length (tokens) of each model on each item. Several
-- judgements of one pair are averaged.
-- Grain: one row per item and model, ordered by both.
SELECT
  item_id,
  model,
  avg(quality) AS quality,
  avg(cost_usd) AS cost_usd,
  avg(output_tokens) AS output_tokens,
  min(origin) AS origin
FROM outcomes
GROUP BY item_id, model
ORDER BY item_id, model
