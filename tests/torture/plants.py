"""Faults to be planted in a database, as SQL: what the product must not become."""

NO_KEYS = """
ALTER TABLE event DROP CONSTRAINT event_pkey, DROP CONSTRAINT event_command_part_key;
CREATE INDEX event_place ON event (branch, date, seq);
"""
"""Two writers may take one place in a stream: the append finds no conflict."""

APPEND = """
CREATE OR REPLACE FUNCTION append_events(
    branches text[], dates date[], seqs integer[], ats bigint[], kinds text[], bodies text[],
    commands uuid[], parts smallint[], actors text[],
    stood_branches text[], stood_dates date[], stood_seqs integer[], stood_commands uuid[]
) RETURNS TABLE (stale_branch text, stale_date date)
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO event (branch, date, seq, at, kind, body, command, part, actor)
    SELECT given.branch, given.date, given.seq, given.at, given.kind, given.body::jsonb,
        given.command, given.part, given.actor
    FROM unnest(branches, dates, seqs, ats, kinds, bodies, commands, parts, actors)
        AS given (branch, date, seq, at, kind, body, command, part, actor)
    ON CONFLICT DO NOTHING;
END
$$;
"""
"""The append acknowledges what it left out because of a conflict."""
