-- What names and rates have to be looked up for.
-- In: records (canonical-claims.sql). Grain: one row per (model, provider, tier, batch) as named by claimed records.
SELECT
  model_named,
  provider AS provider_named,
  service_tier,
  is_batch,
  min(created_at) AS first_at,
  max(created_at) AS last_at
FROM records
WHERE is_claimed
GROUP BY model_named, provider, service_tier, is_batch
