"""The day in figures: what happened in one branch on one business date."""

from schemas.fields import Code
from schemas.wire import Answer, BusinessDate, Instant


class DayFigures(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """What happened in one branch on one business date, folded from its journal.

    Tickets unless `people` is said.
    """

    branch: Code
    date: BusinessDate
    seq: int
    arrivals: int
    """People who came: on issued tickets and on refused visits."""
    visits: int
    """Issued tickets and refused visits."""
    refused: dict[str, int]
    """Visits refused, by reason."""
    refused_people: dict[str, int]
    issued: int
    issued_people: int
    assisted: int
    groups: int
    entered: int
    peak_hall: int
    """People in the hall at its fullest."""
    peak_hall_at: Instant | None
    peak_street: int
    """People outside at the longest queue."""
    peak_street_at: Instant | None
    pauses: int
    """Sanitation pauses that were cleaned and confirmed."""
    alarms: int
    served: int
    cancelled: int
    redirected: int
    missed: int
    no_shows: int
    carried_over: int
    """Tickets that expired at the end of the day and continue on the next working day."""
    waiting_now: int
    hall_now: int
    last_served_at: Instant | None
