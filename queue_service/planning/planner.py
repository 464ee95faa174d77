"""Plans of branch-days: from what the store says to the `ChangePlan` commands of their journals.

The store (catalogue, regimes, managers' changes) is what is wanted, the journal what is in force.
Whoever finds them different brings the journal up to date; every command has an id that follows
from what it does, so that several replicas may find the same difference at once.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import asyncpg
import msgspec
from msgspec import Struct

from queue_service.faults import Fault
from queue_service.ids import command_id
from queue_service.planning.public_holidays import holiday, holidays_of
from queue_service.policy.commands import ChangePlan
from queue_service.policy.plan import Layer, Resolved, opens_on, plan_day, regime_layers
from queue_service.sql import blocks
from schemas.plan_values import PlanValues

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from queue_service.catalogue.directory import Branch, Directory
    from queue_service.journal import Journal
    from queue_service.policy.model import DayPlan
    from queue_service.store import Pool
    from schemas.regime import Regime

_SQL: Final = blocks("planning")
_values = msgspec.json.Decoder(PlanValues)
OPENED_BY: Final = "service"
"""Who opens days and follows the regimes: nobody in person."""
FARTHEST_DAY: Final = dt.timedelta(days=366)
"""From today to the last date that may be planned and of which there may be tickets."""
_FARTHEST_OPENING: Final = 100
"""Days in which the next working day is looked for."""


class Change(Struct, frozen=True):
    """A manager's change as stored: a line of the day's list of changes."""

    number: int
    command: bytes
    values: PlanValues
    reverts_to: int | None
    reason: str
    by: str
    at: int


class Planned(Struct, frozen=True):
    """A plan, where each value comes from, and what it was made of."""

    plan: DayPlan
    resolved: Resolved
    layers: tuple[Layer, ...]


def in_force(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Those of a day's changes that hold after the last one, reverted ones left out."""
    return held_after(changes)[changes[-1].number] if changes else ()


def held_after(changes: Sequence[Change]) -> dict[int, tuple[Change, ...]]:
    """Those that hold after each of a day's changes, by its number; 0: before all of them."""
    held: dict[int, tuple[Change, ...]] = {0: ()}
    before: tuple[Change, ...] = ()
    for change in changes:
        back_to = change.reverts_to
        before = (*before, change) if back_to is None else held.get(back_to, ())
        held[change.number] = before
    return held


def manager_layers(changes: Iterable[Change]) -> tuple[Layer, ...]:
    return tuple(
        Layer(
            kind="manager",
            values=change.values,
            id=str(change.number),
            by=change.by,
            at=change.at,
            reason=change.reason,
        )
        for change in changes
    )


class Planner:
    """Computes plans and puts them in force."""

    def __init__(self, directory: Directory, pool: Pool, journal: Journal) -> None:
        self._directory = directory
        self._pool = pool
        self._journal = journal
        self._opening: dict[tuple[str, dt.date], asyncio.Task[None]] = {}

    async def warm_up(self) -> None:
        """Loads the calendars of the branches' countries, lest the first ticket wait for them."""
        year = dt.datetime.fromtimestamp(self._journal.now() / 1000, dt.UTC).year
        countries = {branch.record.country for branch in self._directory.branches.values()}
        for country in countries:
            await asyncio.to_thread(holidays_of, country, year)

    async def changes(self, branch: Branch, day: dt.date) -> tuple[Change, ...]:
        """Every change that managers made to a day, the oldest first."""
        rows = await self._pool.fetch(_SQL["changes"], branch.code, day)
        return tuple(
            Change(
                number=row["number"],
                command=row["command"],
                values=_values.decode(row["values"]),
                reverts_to=row["reverts_to"],
                reason=row["reason"],
                by=row["actor"],
                at=row["at"],
            )
            for row in rows
        )

    async def planned(self, branch: Branch, day: dt.date) -> Planned:
        """The plan that the store wants for a day."""
        return self.plan_with(branch, day, in_force(await self.changes(branch, day)))

    def plan_with(
        self,
        branch: Branch,
        day: dt.date,
        changes: Iterable[Change],
        more: Iterable[Regime] = (),
    ) -> Planned:
        """The plan under the regimes, `more` of them and the given changes, today as of now."""
        regimes = (*(declared.regime for declared in self._directory.regimes), *more)
        held = regime_layers(regimes, branch.record, day, self._time(branch, day))
        layers = (*held, *manager_layers(changes))
        name = holiday(branch.record.country, day)
        services = self._directory.services.values()
        plan, resolved = plan_day(branch.record, day, services, layers, name)
        return Planned(plan, resolved, layers)

    def next_working_day(self, branch: Branch, day: dt.date) -> dt.date | None:
        """The first date after `day` on which the branch opens; None when it is months away."""
        days = (day + dt.timedelta(days=ahead) for ahead in range(1, _FARTHEST_OPENING))
        country = branch.record.country
        return next(
            (one for one in days if opens_on(branch.record, one, holiday(country, one))), None
        )

    def _time(self, branch: Branch, day: dt.date) -> str:
        """Local time of day at which the regimes of a day are looked at, "HH:MM"."""
        now = self._journal.now()
        today = branch.zone.date(now)
        if day == today:
            return branch.zone.clock(now)
        return "00:00" if day > today else "23:59"

    async def open_day(self, branch: Branch, day: dt.date) -> None:
        """Opens the journal of a day with its plan; harmless where it is open.

        Whoever asks for the same day meanwhile waits for the same opening.
        """
        key = (branch.code, day)
        opening = self._opening.get(key)
        if opening is None:
            opening = self._opening[key] = asyncio.create_task(self._open(branch, day))
            opening.add_done_callback(lambda _: self._opening.pop(key))
        await asyncio.shield(opening)

    async def _open(self, branch: Branch, day: dt.date) -> None:
        planned = await self.planned(branch, day)
        opening = command_id(branch.code, day.isoformat(), "open")
        command = ChangePlan(id=opening, by=OPENED_BY, plan=planned.plan)
        await self._journal.submit(branch.code, day, command)

    async def refresh(self, branch: Branch, day: dt.date) -> None:
        """Puts the wanted plan in force in an open journal, if it differs."""
        state = await self._journal.read(branch.code, day)
        if state.plan is None:
            return
        plan = (await self.planned(branch, day)).plan
        if plan != state.plan:
            refresh = _refresh_id(plan, state.plan_version)
            command = ChangePlan(id=refresh, by=OPENED_BY, plan=plan)
            await self._journal.submit(branch.code, day, command)

    async def store(self, branch: Branch, day: dt.date, change: Change) -> None:
        """Adds a line to a day's changes; raises Fault `stale_version` when its number is taken."""
        values = msgspec.json.encode(change.values).decode()
        try:
            await self._pool.execute(
                _SQL["add_change"],
                branch.code,
                day,
                change.number,
                change.command,
                values,
                change.reverts_to,
                change.reason,
                change.by,
                change.at,
            )
        except asyncpg.UniqueViolationError:
            raise Fault("stale_version") from None


def _refresh_id(plan: DayPlan, version: int) -> bytes:
    digest = blake2b(msgspec.json.encode(plan), digest_size=16).hexdigest()
    return command_id(plan.branch, plan.date, "refresh", str(version), digest)
