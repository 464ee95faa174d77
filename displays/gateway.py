"""The gateway: a WebSocket for each board and each visitor's page, told of every change.

It only reads. Every process of it stands alone: any number may run over one database.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from displays.audience import Listener
from displays.channel import Channel, stale
from displays.faces import BoardFace, TicketFace
from displays.metrics import Watched
from queue_service.ids import ticket_date
from queue_service.journal import JournalUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from websockets.asyncio.server import ServerConnection

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
ASK_AGAIN: Final = 1.0
"""Seconds after which a client that must wait is told so again."""
STRANGERS: Final = 4
"""Tickets that are not known are looked for so many at a time: their ids may be made up."""

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
    try:
        address = urlsplit(path)
    except ValueError:
        return None
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    after = asked.get("after", "")
    date = asked.get("date", "")
    seen = int(after) if after.isdecimal() and date and len(after) < 10 else None  # noqa: PLR2004
    match unquote(address.path).split("/"):
        case ["", "v1", "branches", branch, "board"]:
            return Target(branch, "", seen, date)
        case ["", "v1", "branches", branch, "tickets", ticket] if ticket:
            return Target(branch, ticket, seen, date)
    return None


class Gateway:
    """Serves connections from what a country's journals say."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._channels: dict[tuple[str, str], Channel] = {}
        self._strangers = asyncio.Semaphore(STRANGERS)
        country.on_turn = self._beat_all
        country.metrics.watch(self._watched, lambda: country.is_stale)

    async def serve(self, connection: ServerConnection) -> None:
        """Tells one client what it asked for until it leaves."""
        wanted = target(connection.request.path if connection.request else "")
        with suppress(ConnectionClosed):
            if wanted is not None:
                await self._wait(connection, self._country.known)
                with suppress(JournalUnavailable):
                    await self._country.catch_up_time()
                await self._tell(connection, wanted)
            if connection.state is State.OPEN:
                self._country.metrics.refused("unknown")
            await connection.close(UNKNOWN, "no such branch or ticket")

    async def _wait(self, connection: ServerConnection, event: asyncio.Event) -> None:
        """Waits for an event; raises ConnectionClosed when the client leaves before."""
        while not event.is_set():
            if self._country.is_stale:
                await connection.send(stale(self._country.certain), text=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(ASK_AGAIN):
                    await event.wait()

    async def _tell(self, connection: ServerConnection, wanted: Target) -> None:
        """Returns when there is no such branch or ticket, or the client has left."""
        branch = self._country.branches.get(wanted.branch)
        date = self._date(branch, wanted) if branch else None
        if branch is None or date is None:
            return
        if wanted.ticket and not await self._may_have(connection, branch, date, wanted.ticket):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(None) as stay:
                with self._joined(connection, branch, wanted, date, stay):
                    await connection.wait_closed()

    async def _may_have(
        self, connection: ServerConnection, branch: Branch, date: dt.date, ticket: str
    ) -> bool:
        while connection.state is State.OPEN:
            await self._wait(connection, self._country.sure)
            with suppress(JournalUnavailable):
                async with self._strangers:
                    return await self._country.may_have(branch, date, ticket)
            await asyncio.sleep(ASK_AGAIN)
        return False

    def _date(self, branch: Branch, wanted: Target) -> dt.date | None:
        today = self._country.today(branch)
        if not wanted.ticket:
            return today
        date = ticket_date(wanted.ticket)
        if date is None or not today - OLDEST_TICKET <= date <= today + FARTHEST_TICKET:
            return None
        return date

    @contextmanager
    def _joined(
        self,
        connection: ServerConnection,
        branch: Branch,
        wanted: Target,
        date: dt.date,
        stay: asyncio.Timeout,
    ) -> Iterator[None]:
        channel = self._channel(branch, wanted.ticket, date)
        is_same_day = wanted.date == channel.day.date.isoformat()
        listener = Listener(connection, wanted.after if is_same_day else None, stay)
        try:
            channel.join(listener)
            yield
        finally:
            channel.audience.remove(listener)
            if not channel.audience:
                del self._channels[branch.code, wanted.ticket]
                channel.close()
                self._country.days.let_go(channel.day)

    def _channel(self, branch: Branch, ticket: str, date: dt.date) -> Channel:
        channel = self._channels.get((branch.code, ticket))
        if channel is None:
            day = self._country.days.hold(branch, date)
            face = TicketFace(ticket) if ticket else BoardFace()
            channel = self._channels[branch.code, ticket] = Channel(day, face, self._country)
            channel.beat_every(HEARTBEAT)
        return channel

    def _watched(self) -> Iterator[Watched]:
        for (branch, ticket), channel in self._channels.items():
            face: Literal["board", "ticket"] = "ticket" if ticket else "board"
            yield Watched(face, branch, len(channel.audience), channel.age)

    # --- what happens by time alone -------------------------------------------------------------

    async def run(self) -> None:
        """New days, and snapshots for those who fell behind; never returns."""
        while True:
            await asyncio.sleep(GIVE_ROOM)
            self._each(self._look_at)

    def _each(self, work: Callable[[str, Channel], None]) -> None:
        for (_, ticket), channel in list(self._channels.items()):
            try:
                work(ticket, channel)
            except Exception:  # noqa: BLE001 - the other views go on
                _log.exception("a view of %s was passed over", channel.day.key)

    def _look_at(self, ticket: str, channel: Channel) -> None:
        channel.catch_up()
        if not ticket:
            self._turn(channel)

    def _turn(self, channel: Channel) -> None:
        """Goes over to a new business date when it has begun at a branch."""
        before = channel.day
        today = self._country.today(before.branch)
        if before.date >= today:
            return
        day = self._country.days.hold(before.branch, today)
        channel.turn_to(day)
        self._country.days.let_go(before)

    def _beat_all(self) -> None:
        self._each(lambda _, channel: channel.beat())
