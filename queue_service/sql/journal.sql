-- name: append
SELECT stale_branch, stale_date FROM append_events($1::jsonb, $2::jsonb)

-- name: newer
-- From the known head on, so that the reader sees whether its head still stands.
SELECT
    asked.place, event.seq, event.at, event.command, event.part, event.actor, event.body
FROM unnest($1::text[], $2::date[], $3::integer[]) WITH ORDINALITY
    AS asked (branch, date, seq, place)
CROSS JOIN LATERAL (
    SELECT seq, at, command, part, actor, body
    FROM event
    WHERE event.branch = asked.branch AND event.date = asked.date AND event.seq >= asked.seq
    ORDER BY seq
    LIMIT $4
) AS event
ORDER BY asked.place, event.seq

-- name: page
SELECT seq, at, command, part, actor, body
FROM event
WHERE branch = $1 AND date = $2 AND seq > $3
ORDER BY seq
LIMIT $4

-- name: of_commands
SELECT branch, date, seq, at, command, part, actor, body
FROM event
WHERE command = ANY ($1::uuid[])
ORDER BY command, part

-- name: streams_since
SELECT branch, date
FROM event
WHERE seq = 1 AND date >= $1
ORDER BY branch, date

-- name: unended_since
-- The last event of a day that is over is its end; a few that are not listed late cost nothing.
SELECT first.branch, first.date
FROM event AS first
CROSS JOIN LATERAL (
    SELECT kind
    FROM event
    WHERE event.branch = first.branch AND event.date = first.date
    ORDER BY seq DESC
    LIMIT 1
) AS last
WHERE first.seq = 1 AND first.date >= $1 AND last.kind <> 'DayEnded'
ORDER BY first.date, first.branch

-- name: hint
-- A hint is worth no wait for the disk. Only this transaction is told so: where connections are
-- pooled, what is set for a session would hold for others.
SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, hint)
FROM unnest($2::text[]) AS hint

-- name: latest_instant
SELECT max(at) AS at FROM event
