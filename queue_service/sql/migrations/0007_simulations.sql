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
    found json
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

-- Rules that somebody proposes for a branch; `regime` is the one that was made of them.
CREATE TABLE regime_draft (
    id text COLLATE "C" PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    command uuid NOT NULL UNIQUE,
    branch text COLLATE "C" NOT NULL,
    simulation text COLLATE "C" NOT NULL REFERENCES simulation,
    name jsonb NOT NULL,
    rules jsonb NOT NULL,
    from_date date NOT NULL,
    until_date date,
    note text NOT NULL,
    actor text NOT NULL,
    at bigint NOT NULL,
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'declared', 'withdrawn')),
    regime text
);

CREATE INDEX regime_draft_branch ON regime_draft (branch, number);
