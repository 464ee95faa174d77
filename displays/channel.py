"""One view of one day, drawn and encoded once for all who watch it."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any, Final

import msgspec

from displays.audience import Audience
from schemas.wire_live import Change, Heartbeat, Snapshot, Stale

if TYPE_CHECKING:
    from displays.audience import Listener
    from displays.country import Country
    from displays.day import Day
    from displays.faces import Face
    from schemas.wire_live import Call

SNAPSHOT_KEPT: Final = 0.1
"""Seconds for which a snapshot is given to others: it bears the time at which it was made."""

_encode = msgspec.json.Encoder().encode


def stale(since: int) -> bytes:
    """The frame that says that nothing is known after the instant `since` (epoch ms)."""
    return _encode(Stale(since_ms=since))


class Channel:
    """Draws a face of a day when the day has moved, and tells the audience what is new.

    The country tells the queue's time, and whether what is drawn is in doubt; the event loop's
    time is used for pauses between two drawings.
    """

    def __init__(self, day: Day, face: Face[Any], country: Country) -> None:
        self.day = day
        self.audience = Audience(country.metrics)
        self._face = face
        self._country = country
        self._clock = country.time
        self._loop = asyncio.get_running_loop()
        self._shown: Any = None
        self._seq = 0
        self._drawn_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._later: asyncio.TimerHandle | None = None
        self._beats: asyncio.TimerHandle | None = None
        self._snapshots: dict[int | None, bytes] = {}
        self._snapshots_at = 0.0
        self._true_at = 0
        self._true_since = self._loop.time()
        day.on_moved.append(self.moved)

    @property
    def is_in_doubt(self) -> bool:
        """Whether what was told may be old."""
        return self._country.is_stale or self.day.broken

    @property
    def age(self) -> float:
        """Seconds since what is shown was last known to be true."""
        return self._loop.time() - self._true_since

    def close(self) -> None:
        """Draws no more."""
        self.day.on_moved.remove(self.moved)
        for timer in (self._timer, self._later, self._beats):
            if timer is not None:
                timer.cancel()

    def turn_to(self, day: Day) -> None:
        """Goes on with another day: everybody gets a snapshot of it."""
        self.day.on_moved.remove(self.moved)
        self.day = day
        day.on_moved.append(self.moved)
        self._shown = None
        self.audience.fall_out()
        self.refresh()

    def join(self, listener: Listener) -> None:
        """Somebody new, who gets a snapshot as soon as the day is loaded."""
        self.audience.add(listener)
        if self._shown is None:
            self.refresh()
        self.catch_up()
        if self.is_in_doubt and not listener.in_step:
            self.audience.tell_one(listener, self._stale())

    def moved(self) -> None:
        """Draws now, or when the last drawing is long enough ago."""
        due = self._drawn_at + self._face.gathers(self.day)
        if due <= self._loop.time():
            self.refresh()
        elif self._timer is None or due < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(due, self.refresh)

    def refresh(self) -> bool:
        """Draws anew; returns whether there was something to tell.

        Where the day does not have what is watched, everybody is let go.
        """
        if not self.day.is_whole:
            return False
        if not self._face.is_there(self.day):
            self._shown = None
            self.audience.dismiss()
            return False
        self._drawn_at = self._loop.time()
        self._clock.heard(self.day.state.at)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._clock.now()
        if not self.is_in_doubt:
            self._true_at, self._true_since = now, self._drawn_at
        before, self._shown = self._shown, self._face.draw(self.day, now)
        self._look_later()
        self._snapshots.clear()
        told = before is not None and self._tell(before)
        self._seq = self._shown.seq
        self.catch_up()
        return told

    def beat_every(self, seconds: float) -> None:
        """Beats again and again.

        Channels that were opened together beat apart, for thousands of frames at once would hold
        up the calls; and each keeps its own time, or a busy moment would bring them together.
        """
        first = seconds * random.random()  # noqa: S311 - nobody gains by guessing it
        self._beat_at(self._loop.time() + first, seconds)

    def _beat_at(self, due: float, seconds: float) -> None:
        def run() -> None:
            self._beat_at(max(due, self._loop.time() - seconds) + seconds, seconds)
            self.beat()

        self._beats = self._loop.call_at(due, run)

    def beat(self) -> None:
        """Says that what was told is still so, what is new by time alone, or that it may be old."""
        if self.is_in_doubt:
            self.audience.tell_all(self._stale())
        elif not self.refresh() and self._shown is not None:
            frame = Heartbeat(seq=self._seq, now_ms=self._true_at, speed=self._clock.speed)
            self.audience.tell(_encode(frame), self._seq)

    def catch_up(self) -> None:
        """Gives snapshots to those who joined, and to those who fell behind and have room again."""
        if self._shown is not None:
            self.audience.catch_up(self._lacking)

    def _lacking(self, heard: int | None) -> tuple[bytes, ...]:
        """What somebody lacks who knows the calls up to a place."""
        snapshot = self._snapshot(heard)
        return (snapshot, self._stale()) if self.is_in_doubt else (snapshot,)

    def _stale(self) -> bytes:
        """Of a day that is read anew, nothing is certain that was not told."""
        certain = 0 if self.day.broken else self._country.certain
        return stale(max(certain, self._true_at) if self._true_at else 0)

    def _tell(self, before: Any) -> bool:  # noqa: ANN401 - a board or a ticket
        news = self._face.news(before, self._shown)
        called = self._called(self._seq)
        if not news and not called:
            return False
        view = self._shown if self._face.kind == "ticket" else news
        self.audience.tell(self._frame(Change, view, called), self._seq)
        if self.is_in_doubt:
            self.audience.tell_all(self._stale())
        return True

    def _called(self, after: int | None) -> tuple[Call, ...]:
        """Calls up to the place that is drawn: the journal may be further."""
        calls = self._face.calls(self.day, after)
        return tuple(call for call in calls if call.seq <= self._shown.seq)

    def _snapshot(self, heard: int | None) -> bytes:
        now = self._loop.time()
        if now - self._snapshots_at > SNAPSHOT_KEPT:
            self._snapshots.clear()
            self._snapshots_at = now
        known = self._snapshots.get(heard)
        if known is None:
            called = self._called(heard)
            known = self._snapshots[heard] = self._frame(Snapshot, self._shown, called)
        return known

    def _frame(self, kind: Any, view: Any, called: Any) -> bytes:  # noqa: ANN401 - two kinds of two views
        return _encode(
            kind(
                seq=self._shown.seq,
                now_ms=self._clock.now(),
                speed=self._clock.speed,
                called=called,
                **{self._face.kind: view},
            )
        )

    def _look_later(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        at = self._face.changes_at(self.day, self._clock.now())
        seconds = self._clock.seconds_until(at) if at is not None else None
        if seconds is not None:
            self._later = self._loop.call_later(max(seconds, 0.001), self.refresh)
