-- inputs:  labels, sided_requests
-- output:  judged sufficiency of candidates, both orders together: 1, 0 or, for a contradiction, 0.5
-- grain:   one row per judged request and candidate
SELECT
  l.candidate_model AS candidate,
  s.session,
  s.is_since,
  avg(CASE l.verdict WHEN 'sufficient' THEN 1.0 ELSE 0.0 END) AS sufficiency,
  min(l.inclusion_probability) AS inclusion_probability
FROM labels AS l
JOIN sided_requests AS s ON s.request_id = l.request_id
WHERE l.kind = 'sufficiency' AND l.verdict IN ('sufficient', 'insufficient')
GROUP BY l.candidate_model, l.request_id, s.session, s.is_since
ORDER BY candidate, s.session, l.request_id
