"""The journal as the rest of the service knows it: submit, read, entries, tail."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import aclosing
from typing import TYPE_CHECKING

from queue_service import sql
from queue_service.journal.errors import JournalBroken, JournalUnavailable
from queue_service.journal.hints import Hint, Hints
from queue_service.journal.reader import CatchUp
from queue_service.journal.rows import entry_of
from queue_service.journal.session import FAILURES, Session
from queue_service.journal.stream import Outcome, Stream, StreamKey, Waiter
from queue_service.journal.writer import Writer, Written

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator

    from queue_service.journal.session import Row
    from queue_service.policy.commands import Command
    from queue_service.policy.events import Entry
    from queue_service.policy.model import State

PAGE = 1000
PATIENCE = 5.0
PAUSE_WHEN_AWAY = 0.1
POLL = 1.0
POLLED_AT_ONCE = 16
SWEEP = 0.5
UNUSED = 900.0

_SQL = sql.blocks("journal")
_log = logging.getLogger(__name__)


class Journal:
    """All streams of one database. Start it, use it from one event loop, stop it.

    `now` gives the instant at which a command is decided (epoch ms). `patience` is the number of
    seconds after which a command or a read without an answer fails with JournalUnavailable,
    `unload_after` the seconds after which an unused stream leaves the memory.
    `on_moved(branch, date, state)` are called after each group of new entries in a loaded stream,
    `on_written` after each write.
    """

    def __init__(
        self,
        url: str,
        now: Callable[[], int],
        *,
        patience: float = PATIENCE,
        unload_after: float = UNUSED,
        statement_cache: int = 100,
    ) -> None:
        self.now = now
        self.on_moved: list[Callable[[str, dt.date, State], None]] = []
        self.on_written: list[Callable[[Written], None]] = []
        self._patience = patience
        self._unload_after = unload_after
        self._streams: dict[StreamKey, Stream] = {}
        self._behind: set[Stream] = set()
        """Grown elsewhere, by a hint, and nobody here waits for it."""
        self._open: deque[Waiter] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._append = Session(url, "kezek append", statement_cache)
        self._newer = Session(url, "kezek newer", statement_cache)
        self._pages = Session(url, "kezek pages", statement_cache)
        self._writer = Writer(self._append, now, self._written, self._left)
        self._catch_up = CatchUp(self._newer, self._caught_up)
        self._hints = Hints(url, statement_cache, self._hinted)

    # --- its life -------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begins to serve; the database may still be away."""
        self._stopping = False
        for loop in (
            self._writer.run,
            self._catch_up.run,
            self._hints.run,
            self._sweep,
            self._poll,
            self._poll_watched,
        ):
            self._spawn(self._for_ever(loop))

    async def stop(self) -> None:
        """Answers what is under way, takes nothing new, and closes the connections."""
        self._stopping = True
        under_way = [waiter.future for waiter in self._open if not waiter.future.done()]
        if under_way:
            await asyncio.wait(under_way, timeout=self._patience)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._fail_older_than(float("inf"))
        for session in (self._append, self._newer, self._pages, self._hints):
            await session.close()

    # --- what it is asked for -------------------------------------------------------------------

    async def submit(
        self, branch: str, date: dt.date, command: Command, now: int | None = None
    ) -> Outcome:
        """Carries out a command once, whoever repeats it; the only way to write.

        It is decided at `now` (epoch ms), else at the clock's. Returns when what it caused is
        committed. A refusal is told when all that it stands on is committed and nobody has written
        more. Raises JournalUnavailable, JournalBroken, UnwritableEntry.
        """
        if self._stopping:
            raise JournalUnavailable("The service is stopping.")
        loop = asyncio.get_running_loop()
        arrived = loop.time()
        stream = self._stream((branch, date), arrived)
        waiter = Waiter(stream, command, now, loop.create_future(), arrived)
        self._open.append(waiter)
        self._admit(waiter)
        return await waiter.future

    async def read(self, branch: str, date: dt.date) -> State:
        """The state with all that was in the database at the time of the call. Do not change it.

        Raises JournalUnavailable, JournalBroken.
        """
        stream = self._stream((branch, date))
        await self._bring_up(stream)
        return stream.committed

    async def entries(
        self, branch: str, date: dt.date, after: int = 0, limit: int = PAGE
    ) -> list[Entry]:
        """At most `limit` committed entries after `after`, in order. Raises JournalUnavailable."""
        rows = await self._ask_pages(_SQL["page"], branch, date, after, limit)
        return [entry_of(row) for row in rows]

    async def tail(self, branch: str, date: dt.date, after: int = 0) -> AsyncGenerator[Entry, None]:
        """Each entry after `after`, in order and for ever, soon after its commit.

        It outlives times without a database. Raises JournalBroken, and may be begun again after it.
        """
        async with aclosing(self.follow(branch, date, after)) as news:
            async for _, entries in news:
                for entry in entries:
                    yield entry

    async def follow(
        self, branch: str, date: dt.date, after: int = 0
    ) -> AsyncGenerator[tuple[State, list[Entry]], None]:
        """The state and the entries after `after` that led to it: at once, then when it has moved.

        The first time it comes as soon as the stream is loaded, be it without an entry. Do not
        change the state. It outlives times without a database. Raises JournalBroken, also when the
        database was set back; it may be begun again after it.
        """
        stream = self._stream((branch, date))
        stream.watchers += 1
        try:
            await asyncio.shield(self._catch_up.ask(stream))
            past = stream.past
            while True:
                entries: list[Entry] = []
                while after < stream.committed.seq:
                    entries += await self._known_after(stream, after)
                    after = entries[-1].seq if entries else after
                if stream.past != past:
                    raise JournalBroken(f"The journal of {branch} on {date} was set back.")
                yield stream.committed, entries
                if after >= stream.committed.seq:
                    await asyncio.shield(stream.next_advance())
        finally:
            stream.watchers -= 1
            if not stream.watchers:
                stream.recent.clear()

    async def streams(self, since: dt.date) -> list[StreamKey]:
        """All streams of `since` and later dates. Raises JournalUnavailable."""
        rows = await self._ask_pages(_SQL["streams_since"], since)
        return [(row["branch"], row["date"]) for row in rows]

    async def unended(self, since: dt.date) -> list[StreamKey]:
        """Streams of `since` and later dates whose day is not over. Raises JournalUnavailable."""
        rows = await self._ask_pages(_SQL["unended_since"], since)
        return [(row["branch"], row["date"]) for row in rows]

    async def latest_instant(self) -> int:
        """Epoch milliseconds of the last entry of all streams; 0 without one. Looks at them all.

        Raises JournalUnavailable.
        """
        (row,) = await self._ask_pages(_SQL["latest_instant"])
        return row["at"] or 0

    @property
    def is_listening(self) -> bool:
        """Whether the hints of other processes are heard."""
        return self._hints.is_listening

    def loaded(self) -> Iterator[tuple[StreamKey, State]]:
        """The committed states in memory, perhaps a little behind the database."""
        return ((key, stream.committed) for key, stream in self._streams.items())

    # --- commands on their way ------------------------------------------------------------------

    def _stream(self, key: StreamKey, used: float | None = None) -> Stream:
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = Stream(key)
        stream.used = asyncio.get_running_loop().time() if used is None else used
        return stream

    def _admit(self, waiter: Waiter) -> None:
        stream = waiter.stream
        if stream.current:
            self._writer.put(waiter)
        else:
            stream.waiting.append(waiter)
            self._catch_up.ask(stream)

    def _caught_up(self, stream: Stream) -> None:
        self._tell(stream)
        waiting, stream.waiting = stream.waiting, []
        for waiter in waiting:
            self._admit(waiter)

    def _written(self, moved: list[Stream], written: Written) -> None:
        self._forget_answered()
        for stream in moved:
            self._hints.note(stream.key, stream.committed.seq)
            self._tell(stream)
        for hear in self.on_written:
            hear(written)

    def _tell(self, stream: Stream) -> None:
        if stream.told == stream.committed.seq:
            return
        stream.told = stream.committed.seq
        for hear in self.on_moved:
            hear(*stream.key, stream.committed)

    def _left(self, waiters: list[Waiter], unknown: bool) -> None:
        if unknown:
            # A database that comes back may have taken the batch, or be set back: look again.
            for stream in self._streams.values():
                stream.current = False
        self._spawn(self._settle(waiters))

    async def _settle(self, waiters: list[Waiter]) -> None:
        """Answers the commands that the journal bears already; decides the others anew."""
        waiters = [waiter for waiter in waiters if not waiter.future.done()]
        borne = await self._borne_by_journal([waiter.command.id for waiter in waiters])
        repeated = [waiter for waiter in waiters if waiter.command.id in borne]
        for waiter in waiters:
            if waiter.command.id not in borne:
                self._admit(waiter)
        await asyncio.gather(
            *(self._answer_again(waiter, borne[waiter.command.id]) for waiter in repeated)
        )

    async def _borne_by_journal(self, commands: list[bytes]) -> dict[bytes, list[Row]]:
        borne: dict[bytes, list[Row]] = {}
        try:
            for row in await self._pages.fetch(_SQL["of_commands"], commands):
                borne.setdefault(row["command"], []).append(row)
        except FAILURES as problem:
            _log.warning("the journal cannot be asked for commands: %s", problem)
            await asyncio.sleep(PAUSE_WHEN_AWAY)
        return borne

    async def _answer_again(self, waiter: Waiter, rows: list[Row]) -> None:
        key = (rows[0]["branch"], rows[0]["date"])
        try:
            stream = self._stream(key)
            await self._bring_up(stream)
            entries = tuple(map(entry_of, rows))
            again = Outcome(entries, None, repeated=True, state=stream.committed, date=key[1])
        except Exception as problem:  # noqa: BLE001 - it is the waiter's to hear
            waiter.fail(problem)
            return
        if not waiter.future.done():
            waiter.future.set_result(again)

    # --- reading --------------------------------------------------------------------------------

    async def _bring_up(self, stream: Stream) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await asyncio.shield(self._catch_up.ask(stream))
        except TimeoutError:
            raise JournalUnavailable("The database does not answer.") from None

    async def _ask_pages(self, statement: str, *values: object) -> list[Row]:
        try:
            async with asyncio.timeout(self._patience):
                return list(await self._pages.read(statement, *values))
        except (TimeoutError, *FAILURES) as problem:
            raise JournalUnavailable("The database does not answer.") from problem

    async def _known_after(self, stream: Stream, after: int) -> list[Entry]:
        """Some of the entries after `after` that the committed state has; none says nothing."""
        known = stream.since(after)
        if known is None:
            try:
                known = await self.entries(*stream.key, after)
            except JournalUnavailable:
                await asyncio.sleep(POLL)
                return []
        return [entry for entry in known if entry.seq <= stream.committed.seq]

    def _hinted(self, hint: Hint) -> None:
        stream = self._streams.get((hint.branch, hint.date))
        if stream is not None and stream.committed.seq < hint.seq:
            stream.current = False
            if stream.watchers:
                self._catch_up.ask(stream)
            else:
                self._behind.add(stream)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL)
            behind, self._behind = self._behind, set()
            for stream in self._streams.values():
                if stream in behind and not (stream.current or stream.watchers):
                    self._catch_up.ask(stream)

    async def _poll_watched(self) -> None:
        """Asks for a few at a time: hinted ones would wait behind hundreds."""
        while True:
            watched = [stream for stream in self._streams.values() if stream.watchers]
            parts = max(1, -(-len(watched) // POLLED_AT_ONCE))
            for part in range(parts):
                await asyncio.sleep(POLL / parts)
                for stream in watched[part::parts]:
                    self._catch_up.ask(stream)

    # --- housekeeping ---------------------------------------------------------------------------

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            now = asyncio.get_running_loop().time()
            self._fail_older_than(now - self._patience)
            self._unload_unused_since(now - self._unload_after)

    def _fail_older_than(self, instant: float) -> None:
        self._forget_answered()
        while self._open and self._open[0].arrived < instant:
            self._open.popleft().fail(JournalUnavailable("The database does not answer."))
            self._forget_answered()

    def _forget_answered(self) -> None:
        # Soon after the answers: memory that is still at hand is used again.
        waiting = self._open
        while waiting and waiting[0].future.done():
            waiting.popleft()

    def _unload_unused_since(self, instant: float) -> None:
        for key, stream in list(self._streams.items()):
            if stream.used < instant and not stream.watchers and not stream.waiting:
                del self._streams[key]

    async def _for_ever(self, loop: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await loop()
            except Exception:  # noqa: BLE001 - the other branches go on
                _log.exception("the journal goes on after a fault of its own")
                await asyncio.sleep(SWEEP)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
