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


def _changed(kind: str, change: str) -> str:
    """A journal in which every event of a kind is stored as something else than was decided."""
    return f"""
    CREATE FUNCTION change_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {change}
        NEW.body := NEW.body || jsonb_build_object('kind', NEW.kind);
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER change_{kind} BEFORE INSERT ON event
    FOR EACH ROW WHEN (NEW.kind = '{kind}') EXECUTE FUNCTION change_{kind}();
    """


CONFIRMATION = _changed(
    "CleaningConfirmed",
    """NEW.kind := 'AlarmRaised'; NEW.body := '{"alarm": "confirmation_overdue"}';""",
)
"""Whoever confirmed a cleaning lets people in; for everybody else the hall is cleaned still."""

RECOUNT = _changed("HallRecounted", """NEW.body := NEW.body || '{"occupancy": 7}';""")
"""What was counted is not what is kept."""

TRANSFER = _changed("TicketTransferred", """NEW.body := NEW.body || '{"counter": "4"}';""")
"""Everybody but the one who did it sees the visitor sent to another counter."""
