-- The sampled requests with all that judging needs.
-- Inputs: label_population (eligible-requests.sql), label_allocation (stratum, population, sampled), requests.
-- Output: the columns below; inclusion_probability in (0, 1]; costs in USD, tokens, ms; created_at in UTC microseconds.
-- Grain: one row per sampled request, in the random order in which they are judged.
SELECT
  r.request_id,
  p.stratum,
  a.sampled / a.population AS inclusion_probability,
  a.population AS stratum_population,
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
FROM label_population AS p
JOIN label_allocation AS a ON a.stratum = p.stratum
JOIN requests AS r ON r.request_id = p.request_id
WHERE p.excluded IS NULL AND p.sample_rank <= a.sampled
ORDER BY p.sample_order, p.request_id
