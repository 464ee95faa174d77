"""What a kiosk shows before anybody has a ticket: services, hours, and the bounds of a request."""

from schemas.fields import Code, Texts
from schemas.plan_values import AcceptedReason
from schemas.wire import Answer, BoardDay, BusinessDate, Instant, PartySize, TicketNumber
from schemas.wire_plan import ServiceLinks


class KioskCategory(Answer, frozen=True, kw_only=True):
    """Services under one heading."""

    code: Code
    name: Texts


class KioskService(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A service that at least one counter of the branch can give today."""

    code: Code
    category: Code
    name: Texts
    letter: str
    online_only: bool
    """In person only for whoever cannot use an online channel."""
    usual_minutes: int
    """Whole minutes at the counter."""


class Kiosk(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Categories and services are sorted by name in the asked language."""

    branch: Code
    name: Texts
    date: BusinessDate
    at: Instant
    day: BoardDay
    tickets_now: bool
    """Whether the hours allow a ticket now."""
    tickets_from: Instant | None
    """When tickets are given for the first time today."""
    opens_at: Instant | None
    closes_at: Instant | None
    next_opens_at: Instant | None
    """The next opening; None while tickets are given, or when it is months away."""
    closed_text: dict[str, str]
    """Why the branch is closed all day, by language."""
    message: dict[str, str]
    """Of the manager, by language."""
    regimes: tuple[Texts, ...]
    """Names of the regimes in force."""
    non_online_only: bool
    accepted_reasons: tuple[AcceptedReason, ...]
    """Why a visitor may have an assisted ticket for a service that is online."""
    party_limit: int
    """People on one ticket at most."""
    services_limit: int
    """Services in one visit at most."""
    carried_from: BusinessDate | None
    """The last day whose expired tickets go on today; None where none is left."""
    phone: str
    """The contact centre."""
    categories: tuple[KioskCategory, ...]
    services: tuple[KioskService, ...]


class ExpiredTicket(Answer, frozen=True, kw_only=True):
    """A ticket that expired unserved and goes on today, before all others."""

    number: TicketNumber
    date: BusinessDate
    services: tuple[Code, ...]
    """Those that had not been done."""
    party_size: PartySize


class TicketService(Answer, frozen=True, kw_only=True):
    """A service of a visit by its name, and where else it can be had."""

    code: Code
    name: Texts
    links: ServiceLinks | None = None
    """Of one that is given online."""


class TicketAbout(Answer, frozen=True, kw_only=True):
    """The names of what a ticket has codes of."""

    branch: Code
    name: Texts
    address: Texts
    phone: str
    """The contact centre."""
    services: tuple[TicketService, ...]
