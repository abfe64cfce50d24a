-- Leave the records to JavaScript that have a label which redaction changes.
-- In: tainted (label). Out: records with is_claimed changed. Grain: one row per record.
UPDATE records
SET is_claimed = false
WHERE list_has_any(
  [tenant, app, endpoint, model_asked, model_served, provider, gateway, finish_reason, service_tier],
  (SELECT list(label) FROM tainted)
)
