"""One request on its way through the service, and the route that it takes."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import msgspec
from aiohttp import web

from queue_service.access.identity import Identity
from queue_service.catalogue.directory import Branch
from queue_service.faults import Fault, wrong
from queue_service.http.answers import Head
from queue_service.http.bodies import LARGEST_BODY, NO_CHARACTER, UNKNOWN
from queue_service.http.languages import preferred
from queue_service.metrics import Metrics
from queue_service.origins import Origins
from queue_service.planning.branch_regimes import BranchRegimes
from queue_service.planning.changes import PlanChanges
from queue_service.planning.regimes import Regimes
from queue_service.reports import Reports
from queue_service.simulations.drafts import Drafts
from queue_service.simulations.planning import Simulations
from queue_service.timing.localtime import LocalTime
from queue_service.usecases import Service
from schemas.fields import Sentence

if TYPE_CHECKING:
    from queue_service.store import Pool

_LONGEST_KEY = 200
_INSTANT_DIGITS: Final = 15
_CLOCKS_DIFFER_MS: Final = 60_000
_NO_PAST_INSTANT: Final = Sentence("write a past instant in epoch milliseconds")
_NOBODY: Final = Identity(subject="", role="")
_DATE: Final = "20[0-9]{2}-[0-9]{2}-[0-9]{2}"
"""Years 2000 to 2099: before, local time had offsets that RFC 3339 cannot write."""
_is_written_as_date: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_FIRST_DAY: Final = dt.date(2000, 1, 1)
_LAST_DAY: Final = dt.date(2099, 12, 31)


class Reply(msgspec.Struct, frozen=True):
    """What goes back: bytes as they are, anything else as JSON."""

    status: int
    body: Any = None
    head: Head = ()
    """Headers of an answer that is not plain JSON."""


class Parameter(msgspec.Struct, frozen=True):
    """A parameter of the query."""

    name: str
    schema: dict[str, Any]
    description: str


def date_parameter(name: str, description: str) -> Parameter:
    """A business date, which `Call.day` reads."""
    schema = {"type": "string", "format": "date", "pattern": f"^{_DATE}$"}
    return Parameter(name, schema, description)


DATE: Final = date_parameter("date", "business date, today's without it")


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the route table. `answers`: type of the body by status; `problems`: their kinds."""

    method: str
    path: str
    handler: Callable[[Call], Awaitable[Reply]]
    name: str
    summary: str
    roles: frozenset[str] | None = None
    """Who may ask; PUBLIC for everybody without a token; None is a mistake that a test finds."""
    body: type[msgspec.Struct] | None = None
    body_optional: bool = False
    largest_body: int = LARGEST_BODY
    """Bytes."""
    query: tuple[Parameter, ...] = ()
    answers: dict[int, Any]
    problems: tuple[str, ...] = ()
    repeatable: bool = True
    """Whether a mutating route takes an Idempotency-Key."""
    versioned: bool = False
    """Whether the route needs If-Match."""
    told_later: bool = False
    """Whether the route takes Kezek-Done-At."""
    media: str = ""
    """The type of the answer's content where it is neither JSON nor plain text."""
    tag: str = ""

    @property
    def mutates(self) -> bool:
        return self.method != "GET"


class Readiness:
    """Whether the database has been brought up to date and the catalogue read."""

    def __init__(self) -> None:
        self._prepared = asyncio.Event()

    @property
    def prepared(self) -> bool:
        return self._prepared.is_set()

    def announce(self) -> None:
        """Everything is there: requests are answered from now on."""
        self._prepared.set()

    async def wait(self) -> None:
        """Waits for the announcement."""
        await self._prepared.wait()


class Parts(msgspec.Struct, frozen=True):
    """What the handlers need of the service."""

    service: Service
    plans: PlanChanges
    regimes: Regimes
    branch_regimes: BranchRegimes
    reports: Reports
    simulations: Simulations
    drafts: Drafts
    pool: Pool
    origins: Origins
    metrics: Metrics
    readiness: Readiness
    contract: bytes
    """The OpenAPI document as JSON."""
    session_hours: int
    """How long a member of staff stays signed in."""


class Call:
    """A request whose asker is known and whose body has been read."""

    __slots__ = (
        "_query",
        "body",
        "branch",
        "params",
        "parts",
        "plans",
        "request",
        "route",
        "service",
        "who",
    )

    def __init__(
        self, request: web.BaseRequest, route: Route, parts: Parts, params: Mapping[str, str]
    ) -> None:
        self.request = request
        self.route = route
        self.parts = parts
        self.service = parts.service
        self.plans = parts.plans
        self.params = params
        self.who = _NOBODY
        self.body: Any = None
        self.branch: Branch | None = None
        self._query: dict[str, list[str]] | None = None

    @property
    def at(self) -> Branch:
        """The branch of the address."""
        if self.branch is None:
            raise Fault("unknown_branch")
        return self.branch

    @property
    def token(self) -> str:
        """The bearer token that the asker sent, empty without one."""
        _, _, token = self.request.headers.get("Authorization", "").partition(" ")
        return token.strip()

    @property
    def origin(self) -> str:
        """The address that asks, that of a client where a trusted proxy passes it on."""
        forwarded = self.request.headers.getall("X-Forwarded-For", ())
        return self.parts.origins.client(self.request.remote or "", forwarded)

    @property
    def zone(self) -> LocalTime | None:
        return self.branch.zone if self.branch else None

    @property
    def language(self) -> str:
        """The best of our languages for the asker."""
        return preferred(self.request.headers.get("Accept-Language", ""))

    @property
    def key(self) -> str | None:
        """The Idempotency-Key; raises Fault for one that is empty or longer than 200 characters."""
        key = self.request.headers.get("Idempotency-Key")
        if key is not None and not 0 < len(key) <= _LONGEST_KEY:
            sentence = Sentence("write 1 to {most} characters", most=_LONGEST_KEY)
            raise wrong("invalid_header", "Idempotency-Key", sentence)
        return key

    @property
    def done_at(self) -> int:
        """Kezek-Done-At in epoch ms, 0 without it; raises Fault for what is no past instant."""
        text = self.request.headers.get("Kezek-Done-At")
        if text is None:
            return 0
        now = self.service.now()
        is_instant = text.isascii() and text.isdigit() and len(text) <= _INSTANT_DIGITS
        if not is_instant or int(text) > now + _CLOCKS_DIFFER_MS:
            raise wrong("invalid_header", "Kezek-Done-At", _NO_PAST_INSTANT)
        # 0 would say that nothing is told later.
        return max(1, min(int(text), now))

    def query(self, name: str) -> str | None:
        """A parameter of the query, None when it is not given.

        Raises Fault for one that is repeated or has a character that no text may have.
        """
        values = self._given().get(name, [])
        if len(values) > 1:
            raise wrong("invalid_parameter", name, Sentence("is given several times, give it once"))
        if values and "\0" in values[0]:
            raise wrong("invalid_parameter", name, NO_CHARACTER)
        return values[0] if values else None

    def refuse_unknown_parameters(self) -> None:
        """Raises Fault for a parameter that the route does not take."""
        known = {parameter.name for parameter in self.route.query}
        for name in self._given():
            if name not in known:
                raise wrong("invalid_parameter", name, UNKNOWN)

    def _given(self) -> dict[str, list[str]]:
        if self._query is None:
            self._query = parse_qs(self.request.query_string, keep_blank_values=True)
        return self._query

    def date(self) -> dt.date:
        """The business date asked for, today's without one; raises Fault for no date."""
        return self.day("date") or self.service.today(self.at)

    def day(self, name: str) -> dt.date | None:
        """A date in the query, None when it is not given; raises Fault for no date."""
        text = self.query(name)
        if text is None:
            return None
        with suppress(ValueError):
            if _is_written_as_date(text):
                return self._within_years(name, dt.date.fromisoformat(text))
        sentence = Sentence("write a date such as {example}", example="2020-03-19")
        raise wrong("invalid_parameter", name, sentence)

    def _within_years(self, name: str, day: dt.date) -> dt.date:
        if _FIRST_DAY <= day <= _LAST_DAY:
            return day
        bounds = {"first": _FIRST_DAY, "last": _LAST_DAY}
        sentence = Sentence("write a date from {first} to {last}", **bounds)
        raise wrong("invalid_parameter", name, sentence)

    def whole_number(self, name: str, default: int, *, least: int = 0, most: int) -> int:
        """A number from `least` to `most` in the query; raises Fault for anything else."""
        text = self.query(name)
        if text is None:
            return default
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if digits and least <= int(text) <= most:
            return int(text)
        sentence = Sentence("write a whole number from {least} to {most}", least=least, most=most)
        raise wrong("invalid_parameter", name, sentence)
