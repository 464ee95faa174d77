"""Faults to be planted in a database, as SQL: what the product must not become."""

NO_KEYS = """
ALTER TABLE event DROP CONSTRAINT event_pkey, DROP CONSTRAINT event_command_part_key;
CREATE INDEX event_place ON event (branch, date, seq);
"""
"""Two writers may take one place in a stream: the append finds no conflict."""

APPEND = """
CREATE OR REPLACE FUNCTION append_events(entries jsonb, answers jsonb)
RETURNS TABLE (stale_branch text, stale_date date)
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO event (branch, date, seq, at, kind, body, command, part, actor)
    SELECT given.branch, given.date, given.seq, given.at, given.body ->> 'kind', given.body,
        given.command, given.part, given.actor
    FROM jsonb_to_recordset(entries) AS given (
        branch text, date date, seq integer, at bigint, body jsonb,
        command uuid, part smallint, actor text
    )
    ON CONFLICT DO NOTHING;
END
$$;
"""
"""The append acknowledges what it left out because of a conflict."""
