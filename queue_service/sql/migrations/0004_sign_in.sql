-- Members of staff who sign in; `password` is an argon2id hash with its parameters and salt.
CREATE TABLE staff (
    login text COLLATE "C" PRIMARY KEY,
    password text NOT NULL,
    role text NOT NULL,
    branch text NOT NULL DEFAULT '',
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz
);

-- A token made by signing in belongs to a member of staff and ends by itself.
ALTER TABLE token ADD COLUMN login text COLLATE "C" REFERENCES staff;
ALTER TABLE token ADD COLUMN expires_at timestamptz;

-- Devices own tickets: no two living tokens share a subject. A person may sign in at two screens.
DROP INDEX token_subject;
CREATE UNIQUE INDEX token_subject ON token (subject) WHERE revoked_at IS NULL AND login IS NULL;

-- A device that asks to be let in: it shows `code`; `hash` is of the token that it will have.
CREATE TABLE pairing (
    id text COLLATE "C" PRIMARY KEY,
    code text COLLATE "C" NOT NULL UNIQUE,
    hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    subject text
);
