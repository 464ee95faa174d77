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
