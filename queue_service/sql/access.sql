-- name: mint
INSERT INTO token (hash, subject, role, branch) VALUES ($1, $2, $3, $4)

-- name: revoke
UPDATE token SET revoked_at = now() WHERE subject = $1 AND revoked_at IS NULL RETURNING subject

-- name: list
SELECT subject, role, branch, created_at, revoked_at FROM token ORDER BY created_at, subject

-- name: find
SELECT subject, role, branch FROM token
WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())

-- name: keep_contact
WITH added AS (
    INSERT INTO contact (ticket, value, erase_at) VALUES ($1, $2, $3)
    ON CONFLICT (ticket) DO NOTHING
)
SELECT value FROM contact WHERE ticket = $1

-- name: erase_contacts
DELETE FROM contact WHERE erase_at <= $1
