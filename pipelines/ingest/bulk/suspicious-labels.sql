-- Names that many records share and that redaction might touch.
-- In: records (canonical-claims.sql); macros of bulk/macros.ts. Grain: one row per distinct label of claimed records.
SELECT DISTINCT label
FROM (
  SELECT unnest([tenant, app, endpoint, model_asked, model_served, provider, gateway, finish_reason, service_tier]) AS label
  FROM records
  WHERE is_claimed
)
WHERE bulk_is_suspicious(label)
