-- name: has_branches
SELECT EXISTS (SELECT FROM branch);

-- name: last_instant
SELECT max(at) FROM event;

-- name: forget_staff
WITH revoked AS (DELETE FROM token WHERE login IS NOT NULL) DELETE FROM staff;

-- name: counters
SELECT counter ->> 'id' AS id
FROM branch, jsonb_array_elements(body -> 'counters') AS counter
WHERE code = $1;
