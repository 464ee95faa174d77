-- name: changes
SELECT number, command, values::text, reverts_to, reason, actor, at
FROM plan_change
WHERE branch = $1 AND date = $2
ORDER BY number

-- name: add_change
INSERT INTO plan_change (branch, date, number, command, values, reverts_to, reason, actor, at)
VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8, $9)

-- name: add_regime
INSERT INTO regime (id, body, changed_by, changed_at)
VALUES ($1, $2::text::jsonb, $3, to_timestamp($4::bigint / 1000.0))
ON CONFLICT (id) DO NOTHING
RETURNING id

-- name: end_regime
UPDATE regime
SET body = jsonb_strip_nulls(body || $2::jsonb), version = version + 1,
    changed_by = $3, changed_at = to_timestamp($4::bigint / 1000.0)
WHERE id = $1

-- name: regimes
SELECT body::text, changed_by, (extract(epoch FROM changed_at) * 1000)::bigint AS changed_at
FROM regime
ORDER BY body ->> 'from', id
