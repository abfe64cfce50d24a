-- Suspects that proved to be the first of their id: the hash of the id was taken, the id itself was not.
-- In: suspects, firsts. Out: rows added to staged. Grain: one row per request_id and attempt_no.
INSERT INTO staged BY NAME
SELECT s.* EXCLUDE (suspect_no, raw)
FROM suspects AS s
JOIN firsts AS f ON f.suspect_no = s.suspect_no
