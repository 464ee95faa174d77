"""Every request passes here: route, asker, limits, body, handler, answer. The one middleware."""

from __future__ import annotations

import secrets
from time import perf_counter
from typing import TYPE_CHECKING, Final

import msgspec
import structlog
from aiohttp import web

from queue_service import store
from queue_service.access.identity import HOLDER, HOLDER_ROLE
from queue_service.faults import Fault, wrong
from queue_service.http.answers import Whole
from queue_service.http.bodies import LARGEST_SCENARIO, read_body
from queue_service.http.call import Call, Parts, Reply, Route
from queue_service.http.dispatch import Dispatcher
from queue_service.http.languages import preferred
from queue_service.http.problems import CONTENT_TYPE, RETRY_AFTER_SECONDS, named_field, problem
from queue_service.journal import JournalUnavailable
from queue_service.journal.errors import UnwritableEntry
from schemas.fields import Sentence

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

    from aiohttp import StreamReader
    from aiohttp.abc import AbstractStreamWriter
    from aiohttp.http_parser import RawRequestMessage

    from queue_service.access.identity import Identity
    from queue_service.access.tokens import Tokens
    from queue_service.http.pages import Pages
    from queue_service.http.rate import RateLimit
    from queue_service.timing.driving import Driver

_log = structlog.get_logger(__name__)
_encode: Final = msgspec.json.Encoder().encode
_AWAY: Final = (JournalUnavailable, *store.AWAY)
_PROBLEM_TYPE: Final = ("Content-Type", CONTENT_TYPE)
_JSON: Final = (("Content-Type", "application/json"),)
_NO_CONTENT: Final = 204


class Endpoint:
    """Answers requests; whatever goes wrong is answered as a problem."""

    def __init__(
        self,
        routes: Iterable[Route],
        parts: Parts,
        tokens: Tokens,
        rate: RateLimit,
        driver: Driver | None,
        pages: Pages,
    ) -> None:
        self._dispatcher = Dispatcher(routes)
        self._parts = parts
        self._tokens = tokens
        self._rate = rate
        self._driver = driver
        self._pages = pages
        self.only_reads = False
        """Whether nothing may be asked for that changes anything."""

    def request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: web.RequestHandler,
        writer: AbstractStreamWriter,
        task: asyncio.Task[None],
    ) -> web.BaseRequest:
        """A request whose body is read up to the largest that any route takes."""
        return web.BaseRequest(
            message,
            payload,
            protocol,
            writer,
            task,
            task.get_loop(),
            client_max_size=LARGEST_SCENARIO,
        )

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to a request."""
        began = perf_counter()
        name, answer = await self._answer(request)
        self._parts.metrics.answered(name, answer.status, perf_counter() - began)
        return answer

    async def _answer(self, request: web.BaseRequest) -> tuple[str, Whole]:
        call: Call | None = None
        name = "none"
        try:
            node, params = self._dispatcher.find(request.rel_url.raw_path)
            route = node.methods.get(request.method)
            if route is None:
                return name, self._without_route(request, node.allow)
            name = route.name
            call = Call(request, route, self._parts, params)
            return name, _response(await self._run(call))
        except Fault as fault:
            return self._stopped(request, call, name, fault)
        except UnwritableEntry:
            return name, self._refusal(request, call, Fault("invalid_field"))
        except _AWAY as cause:
            _log.warning("database_away", route=name, cause=type(cause).__name__)
            return name, self._refusal(request, call, Fault("database_away"))
        except Exception:  # noqa: BLE001 - it is logged, and the asker is told its id
            incident = secrets.token_hex(8)
            _log.exception("unexpected", route=name, incident=incident)
            unexpected = Fault("unexpected", instance=f"urn:kezek:incident:{incident}")
            return name, self._refusal(request, call, unexpected)

    async def _run(self, call: Call) -> Reply:
        route = call.route
        if route.roles:
            token = _token(call)
            if token is None:
                call.who = HOLDER
            else:
                call.who = self._tokens.fresh(token) or await self._asker(token)
            self._rate.take(_bucket(call))
            self._admit(call)
        if "branch" in call.params:
            call.branch = self._parts.service.directory.branch(call.params["branch"])
        if call.request.rel_url.raw_query_string:
            call.refuse_unknown_parameters()
        if "Kezek-Now" in call.request.headers:
            await self._drive(call)
        if route.body is not None:
            call.body = await read_body(
                call.request, route.body, optional=route.body_optional, most=route.largest_body
            )
        return await route.handler(call)

    async def _asker(self, token: str) -> Identity:
        identity = await self._tokens.identity(token)
        if identity is None:
            raise Fault("unauthorized")
        return identity

    def _admit(self, call: Call) -> None:
        if not self._parts.readiness.prepared:
            raise Fault("database_away")
        who = call.who
        if who.role not in (call.route.roles or ()) or (self.only_reads and call.route.mutates):
            raise Fault("forbidden")
        if who.branch and call.params.get("branch", who.branch) != who.branch:
            raise Fault("other_branch")

    async def _drive(self, call: Call) -> None:
        text = call.request.headers["Kezek-Now"]
        if self._driver is None:
            raise wrong("invalid_header", "Kezek-Now", _NOT_DRIVEN)
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
            raise wrong("invalid_header", "Kezek-Now", _NO_INSTANT)
        await self._driver.move(call.branch, int(text))

    def _stopped(
        self, request: web.BaseRequest, call: Call | None, name: str, fault: Fault
    ) -> tuple[str, Whole]:
        if name != "none" or request.method not in _READING:
            return name, self._refusal(request, call, fault)
        try:
            return "page", self._pages.answer(request)
        except Fault as missing:
            return name, self._refusal(request, None, missing)

    def _without_route(self, request: web.BaseRequest, allow: str) -> Whole:
        if request.method == "OPTIONS":
            return Whole(_NO_CONTENT, head=(("Allow", allow),))
        return self._refusal(request, None, Fault("method_not_allowed"), ("Allow", allow))

    def _refusal(
        self, request: web.BaseRequest, call: Call | None, fault: Fault, *more: tuple[str, str]
    ) -> Whole:
        language = preferred(request.headers.get("Accept-Language", ""))
        if call is not None:
            fault.detail = named_field(fault.kind, call.body) | fault.detail
        described = problem(fault, language, call.zone if call else None)
        head = (_PROBLEM_TYPE, ("Content-Language", language), *more)
        if described.status in _RETRY:
            seconds = str(fault.detail.get("retry_after", RETRY_AFTER_SECONDS))
            head = (*head, ("Retry-After", seconds))
        if described.status == _UNAUTHORIZED:
            head = (*head, ("WWW-Authenticate", "Bearer"))
        return Whole(described.status, _encode(described), head)


def _token(call: Call) -> str | None:
    """The bearer token; None where there is none and the holder of a ticket may ask."""
    given = call.request.headers.get("Authorization")
    if given is None and HOLDER_ROLE in (call.route.roles or ()):
        return None
    scheme, _, token = (given or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Fault("unauthorized")
    return token.strip()


def _bucket(call: Call) -> str:
    """Holders share a name but not a rate: each has that of the ticket."""
    return call.params["ticket"] if call.who is HOLDER else call.who.subject


_DIGITS: Final = 15
_NOT_DRIVEN: Final = Sentence("leave it out, the clock of this service is not driven")
_NO_INSTANT: Final = Sentence("write epoch milliseconds, {most} digits at most", most=_DIGITS)
_READING: Final = frozenset({"GET", "HEAD"})
_RETRY: Final = frozenset({429, 503})
_UNAUTHORIZED: Final = 401


def _response(reply: Reply) -> Whole:
    if reply.status == _NO_CONTENT:
        return Whole(_NO_CONTENT)
    body = reply.body if isinstance(reply.body, bytes) else _encode(reply.body)
    return Whole(reply.status, body, reply.head or _JSON)
