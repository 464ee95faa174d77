"""Regimes: declared and ended by people, in force in every journal that they touch."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Final

import msgspec

from queue_service.faults import Fault
from queue_service.policy.rules import NEVER
from queue_service.sql import blocks

if TYPE_CHECKING:
    from queue_service.access import Identity
    from queue_service.directory import DeclaredRegime, Directory
    from queue_service.planning import Planner
    from queue_service.store import Pool
    from queue_service.usecases import Service
    from schemas.regime import Regime
    from schemas.wire_plan import EndRegime

_SQL: Final = blocks("planning")
_AT_ONCE: Final = 32
_ONE_DAY: Final = dt.timedelta(days=1)


class Regimes:
    """The use cases about regimes, and the refreshing of plans that follows a change."""

    def __init__(
        self, service: Service, directory: Directory, planner: Planner, pool: Pool
    ) -> None:
        self._service = service
        self._directory = directory
        self._planner = planner
        self._pool = pool

    async def declare(self, who: Identity, regime: Regime) -> DeclaredRegime:
        """Puts a regime in force; the same one again is no mistake. Raises `regime_exists`."""
        body = msgspec.json.encode(regime).decode()
        await self._pool.execute(
            _SQL["add_regime"], regime.id, body, who.subject, self._service.now()
        )
        await self.catch_up()
        stored = self._find(regime.id)
        if stored.regime != regime:
            raise Fault("regime_exists", field="id")
        return stored

    async def end(self, who: Identity, regime_id: str, request: EndRegime) -> DeclaredRegime:
        """Makes `until` the last date of a regime. Raises Fault."""
        await self._directory.refresh()
        regime = self._find(regime_id).regime
        last = regime.until_date or dt.date.max
        if not regime.from_date <= request.until <= last:
            raise Fault("regime_over", field="until")
        if request.until != last:
            until, now = request.until.isoformat(), self._service.now()
            await self._pool.execute(_SQL["end_regime"], regime_id, until, who.subject, now)
        await self.catch_up()
        return self._find(regime_id)

    def _find(self, regime_id: str) -> DeclaredRegime:
        for declared in self._directory.regimes:
            if declared.regime.id == regime_id:
                return declared
        raise Fault("unknown_regime")

    async def catch_up(self) -> None:
        """Reads the catalogue and, if anything has changed, brings every open plan up to date."""
        if await self._directory.refresh():
            await self.refresh_plans()

    async def refresh_plans(self) -> int:
        """Puts the wanted plans in force in all open journals of today and later.

        Returns the instant at which it must be done next without anybody asking: never, for a plan
        depends on its date alone.
        """
        yesterday = dt.datetime.fromtimestamp(self._service.now() / 1000, dt.UTC).date() - _ONE_DAY
        gate = asyncio.Semaphore(_AT_ONCE)
        keys = await self._service.journal.streams(yesterday)
        await asyncio.gather(*(self._refresh(gate, branch, day) for branch, day in keys))
        return NEVER

    async def _refresh(self, gate: asyncio.Semaphore, code: str, day: dt.date) -> None:
        branch = self._directory.branches.get(code)
        if branch is None or day < self._service.today(branch):
            return
        async with gate:
            await self._planner.refresh(branch, day)
