-- What an import holds, by model.
-- In: $path, the import's Parquet file of the outcomes table. Grain: one row per model. Units: USD for one request; quality 0 to 1.
SELECT
  model,
  count(*) AS outcomes,
  avg(quality) AS mean_quality,
  avg(cost_usd) AS mean_cost_usd,
  count(*) FILTER (WHERE cost_source = 'given') AS given_costs,
  count(*) FILTER (WHERE cost_source = 'price_book') AS price_book_costs,
  count(*) FILTER (WHERE cost_source = 'missing') AS missing_costs
FROM read_parquet($path)
GROUP BY model
ORDER BY mean_quality DESC, model
