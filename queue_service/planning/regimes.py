"""Regimes: declared and ended by people, in force in every journal that they touch."""

from __future__ import annotations

import asyncio
import datetime as dt
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import msgspec

from queue_service.faults import Fault, wrong
from queue_service.policy.plan import reach
from queue_service.policy.rules import NEVER
from queue_service.policy.together import contradictions
from queue_service.sql import blocks
from queue_service.timing.localtime import in_zone
from schemas.fields import Sentence, minute_of
from schemas.plan_values import PlanValues

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from queue_service.access.identity import Identity
    from queue_service.catalogue.directory import Branch, DeclaredRegime, Directory
    from queue_service.planning.planner import Planner
    from queue_service.store import Pool
    from queue_service.timing.localtime import LocalTime
    from queue_service.usecases import Service
    from schemas.regime import Regime
    from schemas.wire_plan import EndRegime

_SQL: Final = blocks("planning")
_AT_ONCE: Final = 32
_SHOWN: Final = 5
"""Known places named to somebody who wrote an unknown one."""
_ONE_DAY: Final = dt.timedelta(days=1)
_WHOLE_DAY: Final = ("00:00", "24:00")
"""Turns of the date: a day is opened under the plan of its date anyway."""


class Regimes:
    """The use cases about regimes, and the refreshing of plans that follows a change."""

    def __init__(
        self, service: Service, directory: Directory, planner: Planner, pool: Pool
    ) -> None:
        self._service = service
        self._directory = directory
        self._planner = planner
        self._pool = pool
        self.on_changed: Callable[[], Awaitable[object]] = self.refresh_plans
        """Called when regimes have changed: the clock refreshes the plans and sets its alarm."""

    async def declare(self, who: Identity, regime: Regime) -> DeclaredRegime:
        """Puts a regime in force; the same one again is no mistake. Raises `regime_exists`."""
        stored = await self.add(who, regime)
        await self.on_changed()
        return stored

    async def add(self, who: Identity, regime: Regime) -> DeclaredRegime:
        """Stores a regime; the plans that it touches are left to the caller. Raises Fault."""
        await self._directory.refresh()
        if not self._known(regime):
            self.refuse_pointless(regime)
            await asyncio.to_thread(self._refuse_contradictions, regime)
        body = msgspec.json.encode(regime).decode()
        await self._pool.execute(
            _SQL["add_regime"], regime.id, body, who.subject, self._service.now()
        )
        await self._directory.refresh()
        stored = self.find(regime.id)
        if stored.regime != regime:
            raise Fault("regime_exists", field="id")
        return stored

    def _known(self, regime: Regime) -> bool:
        return any(declared.regime.id == regime.id for declared in self._directory.regimes)

    def refuse_pointless(self, regime: Regime) -> None:
        """Raises Fault for a regime that would hold nowhere, say nothing or be over already."""
        covered = self._covered(regime)
        if regime.rules == PlanValues():
            sentence = Sentence("are empty, write at least one value of a plan")
            raise wrong("invalid_field", "rules", sentence)
        if regime.is_withdrawn:
            raise wrong("invalid_field", "until_time", regime.not_after)
        now = self._service.now()
        moments = ((branch.zone.date(now), branch.zone.clock(now)) for branch in covered)
        if all(regime.ends <= moment for moment in moments):
            sentence = Sentence("is over already, write a later date or time")
            raise wrong("invalid_field", "until", sentence)

    def _refuse_contradictions(self, regime: Regime) -> None:
        """Raises Fault for a regime that is sound by itself and not with those in force beside."""
        others = [declared.regime for declared in self._directory.regimes]
        now = self._service.now()
        for branch in self._reached(regime):
            since = (branch.zone.date(now), branch.zone.clock(now))
            for field, sentence in contradictions(regime, others, branch.record, since):
                raise wrong("plan_contradicts", field, sentence)

    def _covered(self, regime: Regime) -> list[Branch]:
        """The branches in the scope of a regime; raises Fault where there is none."""
        place, code = next(
            (place, code)
            for place, code in msgspec.structs.asdict(regime.scope).items()
            if code is not None
        )
        branches = self._directory.branches.values()
        covered = self._reached(regime)
        if covered:
            return covered
        name = "code" if place == "branch" else place
        known = sorted({getattr(one.record, name) for one in branches})
        near = get_close_matches(code, known, n=_SHOWN, cutoff=0.0)
        sentence = Sentence(
            "{code} is not known, known are such as {known}", code=code, known=", ".join(near)
        )
        raise wrong("invalid_field", f"scope.{place}", sentence)

    def _reached(self, regime: Regime) -> list[Branch]:
        branches = self._directory.branches.values()
        return [branch for branch in branches if reach(regime, branch.record)]

    def zone(self, regime: Regime) -> LocalTime:
        """The zone of the first branch that a regime covers; UTC where it covers none."""
        return next((branch.zone for branch in self._reached(regime)), in_zone("UTC"))

    async def end(self, who: Identity, regime_id: str, request: EndRegime) -> DeclaredRegime:
        """Makes `until` the last date, or the last minutes, of a regime. Raises Fault.

        A regime that ends at its beginning is withdrawn.
        """
        ended = await self.cut(who, regime_id, request)
        await self.on_changed()
        return ended

    async def cut(self, who: Identity, regime_id: str, request: EndRegime) -> DeclaredRegime:
        """Stores the end of a regime; the plans are left to the caller. Raises Fault."""
        await self._directory.refresh()
        regime = self.find(regime_id).regime
        if not regime.begins <= request.ends <= regime.ends:
            raise Fault("regime_over", field="until")
        if request.ends != regime.ends:
            last = {"until": request.until, "until_time": request.until_time}
            body, now = msgspec.json.encode(last).decode(), self._service.now()
            await self._pool.execute(_SQL["end_regime"], regime_id, body, who.subject, now)
            await self._directory.refresh()
        return self.find(regime_id)

    def find(self, regime_id: str) -> DeclaredRegime:
        """Raises Fault `unknown_regime`."""
        for declared in self._directory.regimes:
            if declared.regime.id == regime_id:
                return declared
        raise Fault("unknown_regime")

    async def catch_up(self) -> None:
        """Reads the catalogue and, if anything has changed, brings every open plan up to date."""
        if await self._directory.refresh():
            await self.on_changed()

    async def refresh_plans(self) -> int:
        """Puts the wanted plans in force in all open journals of today and later.

        Returns the instant at which it must be done next without anybody asking: when a regime
        begins or ends within a day.
        """
        yesterday = dt.datetime.fromtimestamp(self._service.now() / 1000, dt.UTC).date() - _ONE_DAY
        gate = asyncio.Semaphore(_AT_ONCE)
        keys = await self._service.journal.streams(yesterday)
        await asyncio.gather(*(self._refresh(gate, branch, day) for branch, day in keys))
        return min((at for at in self._turns() if at > self._service.now()), default=NEVER)

    def _turns(self) -> Iterator[int]:
        """Instants (epoch ms) at which regimes begin or end in the zones of the branches."""
        zones = {branch.zone for branch in self._directory.branches.values()}
        for declared in self._directory.regimes:
            for day, time in (declared.regime.begins, declared.regime.ends):
                if time not in _WHOLE_DAY:
                    yield from (zone.instant(day, minute_of(time)) for zone in zones)

    async def _refresh(self, gate: asyncio.Semaphore, code: str, day: dt.date) -> None:
        branch = self._directory.branches.get(code)
        if branch is None or day < self._service.today(branch):
            return
        async with gate:
            await self._planner.refresh(branch, day)
