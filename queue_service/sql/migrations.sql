-- name: create_table
CREATE TABLE IF NOT EXISTS migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)

-- name: lock
-- Held until the end of the transaction: nobody else migrates meanwhile.
SELECT pg_advisory_xact_lock($1)

-- name: applied
SELECT number, name, checksum FROM migration ORDER BY number

-- name: exists
SELECT to_regclass('migration') IS NOT NULL

-- name: note
INSERT INTO migration (number, name, checksum) VALUES ($1, $2, $3)
