-- The whole schema, as the migrations leave it; a test keeps the two equal. Nobody runs this file.

CREATE TABLE migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- The journal: one row for each event; a stream is a branch on a business date.

CREATE TABLE event (
    branch text COLLATE "C" NOT NULL,
    date date NOT NULL,
    seq integer NOT NULL CHECK (seq >= 1),
    at bigint NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    command uuid NOT NULL,
    part smallint NOT NULL CHECK (part >= 0),
    actor text NOT NULL,
    PRIMARY KEY (branch, date, seq),
    UNIQUE (command, part)
);

-- One row for each stream: which streams there are from a date on.
CREATE INDEX event_first ON event (date, branch) WHERE seq = 1;

-- Appends the entries of many streams, each stream whole or not at all, and returns the streams
-- that were left out because the caller had not seen their last events: somebody else took one of
-- the places, or one of the commands is in the journal already. An answer that changes nothing
-- stands on the last event of its stream: the streams of those `answers` are returned too on which
-- somebody has written after `seq`, or whose command is in the journal.
CREATE FUNCTION append_events(entries jsonb, answers jsonb)
RETURNS TABLE (stale_branch text, stale_date date)
LANGUAGE plpgsql
AS $$
DECLARE
    inserted integer;
BEGIN
    -- Whatever the server's default: nobody is answered before the commit is on disk.
    IF current_setting('synchronous_commit') IN ('off', 'local', 'remote_write') THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;

    -- Sorted, so that two writers wait for each other in one direction only.
    INSERT INTO event (branch, date, seq, at, kind, body, command, part, actor)
    SELECT given.branch, given.date, given.seq, given.at, given.body ->> 'kind', given.body,
        given.command, given.part, given.actor
    FROM jsonb_to_recordset(entries) AS given (
        branch text, date date, seq integer, at bigint, body jsonb,
        command uuid, part smallint, actor text
    )
    ORDER BY given.branch COLLATE "C", given.date, given.seq
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS inserted = ROW_COUNT;

    IF inserted < jsonb_array_length(entries) THEN
        RETURN QUERY
        WITH broken AS MATERIALIZED (
            SELECT given.branch, given.date
            FROM jsonb_to_recordset(entries) AS given (branch text, date date, seq integer)
            LEFT JOIN LATERAL (
                SELECT 1 AS found
                FROM event
                WHERE event.branch = given.branch AND event.date = given.date
                    AND event.seq = given.seq AND event.xmin = pg_current_xact_id()::xid
                LIMIT 1
            ) AS mine ON true
            GROUP BY given.branch, given.date
            HAVING count(mine.found) < count(*)
        ), undone AS (
            DELETE FROM event
            USING jsonb_to_recordset(entries) AS given (branch text, date date, seq integer)
            WHERE event.branch = given.branch AND event.date = given.date
                AND event.seq = given.seq AND event.xmin = pg_current_xact_id()::xid
                AND (given.branch, given.date) IN (SELECT broken.branch, broken.date FROM broken)
        )
        SELECT broken.branch, broken.date FROM broken;
    END IF;

    IF jsonb_array_length(answers) > 0 THEN
        RETURN QUERY
        SELECT stood.branch, stood.date
        FROM jsonb_to_recordset(answers)
            AS stood (branch text, date date, seq integer, command uuid)
        CROSS JOIN LATERAL (
            SELECT 1
            FROM event
            WHERE event.branch = stood.branch AND event.date = stood.date
                AND event.seq = stood.seq + 1
            UNION ALL
            SELECT 1 FROM event WHERE event.command = stood.command AND event.part = 0
            LIMIT 1
        ) AS unseen;
    END IF;
END
$$;
-- The catalogue: one row an entry, its Struct as JSON. Rows are never deleted, so that the sum of all
-- versions only grows and tells a reader whether anything changed.
CREATE TABLE category (
    code text PRIMARY KEY,
    body jsonb NOT NULL,
    position integer NOT NULL,
    version integer NOT NULL DEFAULT 1
);

CREATE TABLE service (
    code text PRIMARY KEY,
    body jsonb NOT NULL,
    position integer NOT NULL,
    version integer NOT NULL DEFAULT 1
);

CREATE TABLE branch (
    code text PRIMARY KEY,
    body jsonb NOT NULL,
    position integer NOT NULL,
    version integer NOT NULL DEFAULT 1
);

-- `loaded` is what a directory said last, null for a regime that a person declared: loading the same
-- directory again does not undo what a person changed since.
CREATE TABLE regime (
    id text PRIMARY KEY,
    body jsonb NOT NULL,
    loaded jsonb,
    version integer NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by text NOT NULL DEFAULT 'catalogue'
);
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

-- Who may ask: a bearer token is known by its SHA-256 alone. One made by signing in belongs to a
-- member of staff and ends by itself. `seen_at` is kept of the others alone, to the minute.
CREATE TABLE token (
    hash bytea PRIMARY KEY,
    subject text NOT NULL,
    role text NOT NULL,
    branch text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    login text COLLATE "C" REFERENCES staff,
    expires_at timestamptz,
    seen_at timestamptz
);

-- Devices own tickets: no two living tokens share a subject. A person may sign in at two screens.
CREATE UNIQUE INDEX token_subject ON token (subject) WHERE revoked_at IS NULL AND login IS NULL;

-- A device that asks to be let in: it shows `code`; `hash` is of the token that it will have.
-- `origin` is the address from which it asked: one address alone must not use up all codes.
CREATE TABLE pairing (
    id text COLLATE "C" PRIMARY KEY,
    code text COLLATE "C" NOT NULL UNIQUE,
    hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    subject text,
    origin text COLLATE "C" NOT NULL DEFAULT ''
);

-- Guesses at passwords and pairing codes: how many in a window that is over at `over_at`, by whose
-- account or from which address. Rows are erased soon after.
CREATE TABLE guess (
    subject text COLLATE "C" PRIMARY KEY,
    guesses integer NOT NULL,
    over_at timestamptz NOT NULL
);

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

-- A scenario that somebody has saved; whoever has its id may open it.
CREATE TABLE scenario (
    id text COLLATE "C" PRIMARY KEY,
    command uuid NOT NULL UNIQUE,
    body json NOT NULL,
    actor text NOT NULL,
    at bigint NOT NULL
);

-- A job of the workers. Who runs it says so in `owner` and renews `leased_until`; the next one takes
-- it when that is over. `tries` counts since something was last finished. `catalogue` is what the
-- branch had when somebody asked: a worker of another day comes to the same. `found` is what the
-- `done` replications come to; `asked` tells whether a repeated request is the same one.
CREATE TABLE simulation (
    id text COLLATE "C" PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    command uuid NOT NULL UNIQUE,
    asked bytea NOT NULL,
    title text NOT NULL,
    branch text COLLATE "C" NOT NULL,
    first_date date NOT NULL,
    last_date date NOT NULL,
    days integer NOT NULL,
    seed bigint NOT NULL,
    scenario_title text NOT NULL,
    versus_title text NOT NULL DEFAULT '',
    replications integer NOT NULL CHECK (replications >= 1),
    scenario json NOT NULL,
    versus json,
    catalogue json NOT NULL,
    actor text NOT NULL,
    at bigint NOT NULL,
    state text NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    tries integer NOT NULL DEFAULT 0,
    owner uuid,
    leased_until timestamptz,
    done integer NOT NULL DEFAULT 0,
    seconds_left double precision,
    failure text NOT NULL DEFAULT '',
    found json,
    kind text NOT NULL DEFAULT 'run' CHECK (kind IN ('run', 'search', 'sensitivity')),
    question json
);

CREATE INDEX simulation_to_run ON simulation (number) WHERE state IN ('queued', 'running');

-- Finished replications of a simulation from number `first` on, kept until all are done.
CREATE TABLE simulation_chunk (
    simulation text COLLATE "C" NOT NULL REFERENCES simulation ON DELETE CASCADE,
    first integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (simulation, first)
);

-- One day of the first replication minute by minute, to be watched.
CREATE TABLE simulation_course (
    simulation text COLLATE "C" NOT NULL REFERENCES simulation ON DELETE CASCADE,
    which text NOT NULL CHECK (which IN ('scenario', 'versus')),
    date date NOT NULL,
    body json NOT NULL,
    PRIMARY KEY (simulation, which, date)
);

-- A policy that a search has found, as the scenario that has it.
CREATE TABLE simulation_policy (
    simulation text COLLATE "C" NOT NULL REFERENCES simulation ON DELETE CASCADE,
    number integer NOT NULL,
    body json NOT NULL,
    PRIMARY KEY (simulation, number)
);

-- Rules that somebody proposes for a branch; `regime` is the one that was made of them.
CREATE TABLE regime_draft (
    id text COLLATE "C" PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    command uuid NOT NULL UNIQUE,
    branch text COLLATE "C" NOT NULL,
    simulation text COLLATE "C" REFERENCES simulation ON DELETE SET NULL,
    name jsonb NOT NULL,
    rules jsonb NOT NULL,
    from_date date NOT NULL,
    until_date date,
    note text NOT NULL,
    actor text NOT NULL,
    at bigint NOT NULL,
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'declared', 'withdrawn')),
    regime text,
    simulation_title text NOT NULL
);

CREATE INDEX regime_draft_branch ON regime_draft (branch, number);
