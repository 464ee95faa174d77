-- name: add_staff
INSERT INTO staff (login, password, role, branch, name) VALUES ($1, $2, $3, $4, $5)

-- name: list_staff
SELECT login, role, branch, name, created_at, removed_at FROM staff ORDER BY login

-- name: remove_staff
WITH removed AS (
    UPDATE staff SET removed_at = now() WHERE login = $1 AND removed_at IS NULL RETURNING login
), revoked AS (
    UPDATE token SET revoked_at = now()
    WHERE login IN (SELECT login FROM removed) AND revoked_at IS NULL
)
SELECT login FROM removed

-- name: find_staff
SELECT password, role, branch, name FROM staff WHERE login = $1 AND removed_at IS NULL

-- name: sign_in
INSERT INTO token (hash, subject, role, branch, login, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(hours => $6))
RETURNING expires_at

-- name: sign_out
UPDATE token SET revoked_at = now() WHERE hash = $1 AND revoked_at IS NULL

-- name: forget_expired
DELETE FROM pairing WHERE expires_at < now() - interval '1 day'

-- name: count_waiting
SELECT count(*), count(*) FILTER (WHERE origin = $1) AS here
FROM pairing WHERE expires_at > now() AND subject IS NULL

-- name: begin_pairing
INSERT INTO pairing (id, code, hash, expires_at, origin)
VALUES ($1, $2, $3, now() + make_interval(secs => $4), $5)
ON CONFLICT (code) DO NOTHING
RETURNING expires_at

-- name: approve_pairing
WITH approved AS (
    UPDATE pairing SET subject = $2
    WHERE code = $1 AND subject IS NULL AND expires_at > now()
    RETURNING hash
)
INSERT INTO token (hash, subject, role, branch) SELECT hash, $2, $3, $4 FROM approved
RETURNING subject

-- name: see_pairing
SELECT pairing.subject, pairing.expires_at <= now() AS expired, token.role, token.branch
FROM pairing LEFT JOIN token ON token.hash = pairing.hash
WHERE pairing.id = $1
