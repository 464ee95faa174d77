-- What a ticket costs PostgreSQL at the least: a counter, a ticket and an event in one transaction.
CREATE TABLE counter (
    branch integer PRIMARY KEY,
    last integer NOT NULL
);

CREATE TABLE ticket (
    branch integer NOT NULL,
    number integer NOT NULL,
    service text NOT NULL,
    state text NOT NULL,
    issued_at timestamptz NOT NULL,
    PRIMARY KEY (branch, number)
);

CREATE TABLE event (
    branch integer NOT NULL,
    seq integer NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (branch, seq)
);

CREATE FUNCTION issue(asked integer) RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
    given integer;
BEGIN
    UPDATE counter SET last = last + 1 WHERE branch = asked RETURNING last INTO given;
    INSERT INTO ticket VALUES (asked, given, 'passport', 'issued', now());
    INSERT INTO event VALUES (
        asked, given, 'TicketIssued', jsonb_build_object('number', given, 'service', 'passport'), now()
    );
    RETURN given;
END
$$;

INSERT INTO counter SELECT branch, 0 FROM generate_series(1, 400) AS branch;
