-- Names that many records share.
-- In: records (canonical-claims.sql). Grain: one row per distinct label of claimed records.
WITH used AS (
  SELECT DISTINCT tenant, app, endpoint, model_asked, model_served, provider, gateway, finish_reason, service_tier
  FROM records
  WHERE is_claimed
)
SELECT DISTINCT label
FROM (
  SELECT unnest([tenant, app, endpoint, model_asked, model_served, provider, gateway, finish_reason, service_tier]) AS label
  FROM used
)
WHERE label IS NOT NULL
