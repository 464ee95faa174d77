-- name: store_categories
INSERT INTO category AS stored (code, body, position)
SELECT code, body::jsonb, position
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (code, body, position)
ORDER BY code
ON CONFLICT (code) DO UPDATE
SET body = excluded.body, position = excluded.position, version = stored.version + 1
WHERE (stored.body, stored.position) IS DISTINCT FROM (excluded.body, excluded.position)

-- name: store_services
INSERT INTO service AS stored (code, body, position)
SELECT code, body::jsonb, position
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (code, body, position)
ORDER BY code
ON CONFLICT (code) DO UPDATE
SET body = excluded.body, position = excluded.position, version = stored.version + 1
WHERE (stored.body, stored.position) IS DISTINCT FROM (excluded.body, excluded.position)

-- name: store_branches
INSERT INTO branch AS stored (code, body, position)
SELECT code, body::jsonb, position
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (code, body, position)
ORDER BY code
ON CONFLICT (code) DO UPDATE
SET body = excluded.body, position = excluded.position, version = stored.version + 1
WHERE (stored.body, stored.position) IS DISTINCT FROM (excluded.body, excluded.position)

-- name: store_regimes
INSERT INTO regime AS stored (id, body, loaded)
SELECT id, body::jsonb, body::jsonb
FROM unnest($1::text[], $2::text[]) AS given (id, body)
ORDER BY id
ON CONFLICT (id) DO UPDATE
SET
    body = excluded.body, loaded = excluded.loaded, version = stored.version + 1,
    changed_at = now(), changed_by = 'catalogue'
WHERE stored.loaded IS DISTINCT FROM excluded.loaded

-- name: loaded_regimes
SELECT id AS code, loaded::text AS body FROM regime

-- name: read_categories
SELECT code, body::text FROM category ORDER BY position, code

-- name: read_services
SELECT code, body::text FROM service ORDER BY position, code

-- name: read_branches
SELECT code, body::text FROM branch ORDER BY position, code

-- name: catalogue_revision
SELECT
    coalesce((SELECT sum(version) FROM category), 0)
    + coalesce((SELECT sum(version) FROM service), 0)
    + coalesce((SELECT sum(version) FROM branch), 0)
    + coalesce((SELECT sum(version) FROM regime), 0)
