-- name: exists
SELECT to_regclass('event') IS NOT NULL

-- name: streams
SELECT DISTINCT branch, date
FROM event
WHERE ($1::text IS NULL OR branch = $1) AND ($2::date IS NULL OR date = $2)
ORDER BY branch, date

-- name: page
SELECT seq, at, kind, command, part, actor, body
FROM event
WHERE branch = $1 AND date = $2 AND seq > $3
ORDER BY seq
LIMIT $4

-- name: newest
-- Somebody was at work then: no day that was over by that time may have been left unended.
SELECT max(at) FROM event
