-- name: has_branches
SELECT EXISTS (SELECT FROM branch);

-- name: last_instant
SELECT max(at) FROM event;
