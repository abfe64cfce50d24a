-- The sampled requests with all that judging needs.
-- Inputs: label_drawn (request_id, stratum, inclusion_probability, place), requests.
-- Output: the columns below; inclusion_probability in (0, 1]; costs in USD, tokens, ms; created_at in UTC microseconds.
-- Grain: one row per sampled request, in the random order in which they are judged.
SELECT
  r.request_id,
  d.stratum,
  d.inclusion_probability,
  r.session_id,
  r.app,
  r.created_at,
  r.model,
  r.content_state,
  r.system_text,
  r.user_text,
  r.history_json,
  r.output_text,
  r.output_total_tokens,
  r.max_tokens,
  r.temperature,
  r.latency_ms,
  r.cost_reported_usd,
  r.cost_list_usd
FROM label_drawn AS d
JOIN requests AS r ON r.request_id = d.request_id
ORDER BY d.place
