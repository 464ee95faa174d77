"""The gateway: a WebSocket for each board and each visitor's page, told of every change.

It only reads. Every process of it stands alone: any number may run over one database.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from websockets.exceptions import ConnectionClosed

from displays.audience import Listener
from displays.channel import Channel, stale
from displays.faces import BoardFace, TicketFace
from queue_service.ids import ticket_date

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request, Response

    from displays.country import Country
    from queue_service.catalogue.directory import Branch

UNKNOWN: Final = 4404
"""Code with which a connection is closed whose branch or ticket does not exist."""
OLDEST_TICKET: Final = dt.timedelta(days=2)
FARTHEST_TICKET: Final = dt.timedelta(days=366)
"""Whoever makes up ids must not have us load the journals of years."""
HEARTBEAT: Final = 5.0
"""Seconds between two signs of life on a quiet connection."""
GIVE_ROOM: Final = 0.25
"""Seconds between two looks at those who fell behind."""

_log = logging.getLogger(__name__)


class Target(NamedTuple):
    """What a client wants to watch, and from where on it lacks the calls."""

    branch: str
    ticket: str = ""
    after: int | None = None
    date: str = ""


def target(path: str) -> Target | None:
    """What the address of a request names; None for an address that is none of ours.

    /v1/branches/{branch}/board or /v1/branches/{branch}/tickets/{id}, ?after=SEQ&date=YYYY-MM-DD
    """
    address = urlsplit(path)
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    after = asked.get("after", "")
    date = asked.get("date", "")
    seen = int(after) if after.isdecimal() and date and len(after) < 10 else None  # noqa: PLR2004
    match unquote(address.path).split("/"):
        case ["", "v1", "branches", branch, "board"]:
            return Target(branch, "", seen, date)
        case ["", "v1", "branches", branch, "tickets", ticket]:
            return Target(branch, ticket, seen, date)
    return None


class Gateway:
    """Serves connections from what a country's journals say."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._channels: dict[tuple[str, str], Channel] = {}
        country.on_stale = self._say_stale
        country.on_certain = self._beat_all

    async def serve(self, connection: ServerConnection) -> None:
        """Tells one client what it asked for until it leaves."""
        wanted = target(connection.request.path if connection.request else "")
        with suppress(ConnectionClosed):
            if wanted is not None:
                await self._say_if_stale(connection)
                await self._country.known.wait()
                await self._country.catch_up_time()
                await self._tell(connection, wanted)
            await connection.close(UNKNOWN, "no such branch or ticket")

    async def _say_if_stale(self, connection: ServerConnection) -> None:
        if self._country.is_stale:
            await connection.send(stale(self._country.certain), text=True)

    async def _tell(self, connection: ServerConnection, wanted: Target) -> None:
        """Returns when there is no such branch or ticket, or the client has left."""
        branch = self._country.branches.get(wanted.branch)
        date = self._date(branch, wanted) if branch else None
        if branch is None or date is None:
            return
        async with self._joined(connection, branch, wanted, date) as channel:
            await channel.day.loaded.wait()
            if channel.is_lost:
                return
            await self._say_if_stale(connection)
            # Clients have nothing to say; reading notices when they go.
            async for _ in connection:
                pass

    def _date(self, branch: Branch, wanted: Target) -> dt.date | None:
        today = self._country.today(branch)
        if not wanted.ticket:
            return today
        date = ticket_date(wanted.ticket)
        if date is None or not today - OLDEST_TICKET <= date <= today + FARTHEST_TICKET:
            return None
        return date

    @asynccontextmanager
    async def _joined(
        self, connection: ServerConnection, branch: Branch, wanted: Target, date: dt.date
    ) -> AsyncIterator[Channel]:
        key = (branch.code, wanted.ticket)
        channel = self._channels.get(key)
        if channel is None:
            face = TicketFace(wanted.ticket) if wanted.ticket else BoardFace()
            day = self._country.days.hold(branch, date)
            channel = self._channels[key] = Channel(day, face, self._country.time)
            channel.beat_every(HEARTBEAT, self._beat)
        is_same_day = wanted.date == channel.day.date.isoformat()
        listener = Listener(connection, wanted.after if is_same_day else None)
        channel.join(listener)
        try:
            yield channel
        finally:
            channel.audience.remove(listener)
            if not channel.audience:
                del self._channels[key]
                channel.close()
                self._country.days.let_go(channel.day)

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answers the requests of proxies and supervisors; lets the others open a WebSocket."""
        if request.path == "/healthz":
            return connection.respond(HTTPStatus.OK, "ok\n")
        if request.path == "/readyz":
            if self._country.is_stale or not self._country.known.is_set():
                said = "The journal cannot be read.\n"
                return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, said)
            return connection.respond(HTTPStatus.OK, "ready\n")
        return None

    # --- what happens by time alone -------------------------------------------------------------

    async def run(self) -> None:
        """New days, and snapshots for those who fell behind; never returns."""
        while True:
            await asyncio.sleep(GIVE_ROOM)
            try:
                self._look_round()
            except Exception:  # noqa: BLE001 - the next look may go well
                _log.exception("the channels were not looked at")

    def _look_round(self) -> None:
        for (_, ticket), channel in list(self._channels.items()):
            channel.catch_up()
            today = self._country.today(channel.day.branch)
            if not ticket and channel.day.date < today:
                self._turn(channel, today)

    def _beat(self, channel: Channel) -> None:
        if self._country.is_stale:
            channel.say_stale(self._country.certain)
        elif channel.day.broken:
            channel.say_stale()
        else:
            channel.beat()

    def _turn(self, channel: Channel, today: dt.date) -> None:
        """A new business date has begun at a branch."""
        before = channel.day
        day = self._country.days.hold(before.branch, today)
        channel.turn_to(day)
        self._country.days.let_go(before)

    def _say_stale(self) -> None:
        for channel in self._channels.values():
            channel.say_stale(self._country.certain)

    def _beat_all(self) -> None:
        for channel in self._channels.values():
            channel.beat()
