-- One step to the first attempt of every chain: each attempt's ancestor is replaced by that one's ancestor, so that the distance doubles.
-- In: chains (id, ancestor, distance). Out: table chains anew. Grain: one row per attempt that follows another one.
CREATE OR REPLACE TEMP TABLE chains AS
SELECT c.id, coalesce(up.ancestor, c.ancestor) AS ancestor, c.distance + coalesce(up.distance, 0) AS distance
FROM chains AS c
LEFT JOIN chains AS up ON up.id = c.ancestor
