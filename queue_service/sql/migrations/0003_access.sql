-- Who may ask: a bearer token is known by its SHA-256 alone.
CREATE TABLE token (
    hash bytea PRIMARY KEY,
    subject text NOT NULL,
    role text NOT NULL,
    branch text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

-- A subject stands in journals and owns tickets: no two living tokens share one.
CREATE UNIQUE INDEX token_subject ON token (subject) WHERE revoked_at IS NULL;

-- What a visitor left to be reached by, apart from the journal; erased after `erase_at` (epoch ms).
CREATE TABLE contact (
    ticket text PRIMARY KEY,
    value text NOT NULL,
    erase_at bigint NOT NULL
);

CREATE INDEX contact_erase_at ON contact (erase_at);

-- A manager's changes to the plan of one branch on one date, in order; `values` are plan values.
-- `reverts_to`: this change puts the earlier ones back to how they stood after that number.
CREATE TABLE plan_change (
    branch text COLLATE "C" NOT NULL,
    date date NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    command uuid NOT NULL UNIQUE,
    values jsonb NOT NULL,
    reverts_to integer,
    reason text NOT NULL,
    actor text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (branch, date, number)
);
