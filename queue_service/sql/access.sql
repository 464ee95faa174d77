-- name: mint
INSERT INTO token (hash, subject, role, branch) VALUES ($1, $2, $3, $4)

-- name: revoke
UPDATE token SET revoked_at = now() WHERE subject = $1 AND revoked_at IS NULL RETURNING subject

-- name: list
SELECT subject, role, branch, created_at, revoked_at FROM token ORDER BY created_at, subject

-- name: find
WITH found AS (
    SELECT hash, subject, role, branch, login, seen_at FROM token
    WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
), seen AS (
    UPDATE token SET seen_at = now() FROM found
    WHERE token.hash = found.hash AND found.login IS NULL
        AND (found.seen_at IS NULL OR found.seen_at < now() - interval '1 minute')
)
SELECT subject, role, branch FROM found

-- name: list_devices
SELECT subject, role, created_at, seen_at FROM token
WHERE branch = $1 AND role = ANY ($2::text[]) AND login IS NULL AND revoked_at IS NULL
ORDER BY role, subject

-- name: unpair
UPDATE token SET revoked_at = now()
WHERE branch = $1 AND role = ANY ($2::text[]) AND subject = $3
    AND login IS NULL AND revoked_at IS NULL
RETURNING subject

-- name: keep_contact
WITH added AS (
    INSERT INTO contact (ticket, value, erase_at) VALUES ($1, $2, $3)
    ON CONFLICT (ticket) DO NOTHING
)
SELECT value FROM contact WHERE ticket = $1

-- name: erase_contacts
DELETE FROM contact WHERE erase_at <= $1
