"""Emergency rules that a branch puts in force over itself: the rules of a known regime, from now.

Whatever bounds a regime of the country bounds this one; only who may declare it differs. Its id
says that the branch declared it, and only such a one may the branch end.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from queue_service.faults import Fault, wrong
from queue_service.ids import command_id
from queue_service.planning.changes import Preview, refuse_contradictions
from queue_service.planning.planner import in_force
from schemas.fields import Sentence
from schemas.regime import Regime, Scope
from schemas.wire_plan import EndRegime

if TYPE_CHECKING:
    from queue_service.catalogue.directory import Branch, DeclaredRegime, Directory
    from queue_service.planning.changes import PlanChanges
    from queue_service.planning.planner import Planner
    from queue_service.planning.regimes import Regimes
    from queue_service.usecases import Asked, Service
    from schemas.wire_reports import BranchRegime

OWN: Final = "own-"
"""How the id of a regime begins that a branch has put in force itself."""
LONGEST: Final = dt.timedelta(days=31)
"""[A] From today to the last date; what lasts longer is for those who answer for the region."""


class BranchRegimes:
    """The use cases. Each raises Fault, and JournalUnavailable."""

    def __init__(
        self,
        service: Service,
        directory: Directory,
        planner: Planner,
        regimes: Regimes,
        plans: PlanChanges,
    ) -> None:
        self._service = service
        self._directory = directory
        self._planner = planner
        self._regimes = regimes
        self._plans = plans

    # --- what there is

    def in_force(self, branch: Branch) -> list[DeclaredRegime]:
        """The regimes that hold at a branch now."""
        day = self._service.today(branch)
        held = {layer.id for layer in self._planner.plan_with(branch, day, ()).layers}
        return [one for one in self._directory.regimes if one.regime.id in held]

    def templates(self) -> list[DeclaredRegime]:
        """Regimes whose rules a branch may take over; of those with equal rules the newest."""
        found = {
            _rules(one.regime): one
            for one in self._directory.regimes
            if not one.regime.id.startswith(OWN)
        }
        return list(found.values())

    def last_until(self, branch: Branch) -> dt.date:
        """The last date until which a branch may put rules in force."""
        return self._service.today(branch) + LONGEST

    def may_use(self, branch: Branch, regime: Regime) -> bool:
        """Whether its rules are not in force at the branch yet."""
        return _rules(regime) not in {_rules(one.regime) for one in self.in_force(branch)}

    def may_end(self, branch: Branch, regime: Regime) -> bool:
        """Whether the branch has put it in force itself."""
        return is_own(branch, regime) and regime.id in {
            one.regime.id for one in self.in_force(branch)
        }

    # --- what is done

    async def preview(self, branch: Branch, request: BranchRegime) -> Preview:
        """What putting the rules in force would do today; nothing is changed."""
        return await self.weigh(branch, self._made(branch, request, f"{OWN}preview"))

    async def weigh(self, branch: Branch, regime: Regime) -> Preview:
        """What a regime over the branch would do on its first day, or today; nothing is changed."""
        self._regimes.refuse_pointless(regime)
        day = max(self._service.today(branch), regime.from_date)
        before = await self._plans.see(branch, day)
        changes = in_force(await self._planner.changes(branch, day))
        after = self._planner.plan_with(branch, day, changes, (regime,))
        refuse_contradictions(before.planned, after)
        return await self._plans.weighed(branch, day, before, after)

    async def declare(self, by: Asked, request: BranchRegime) -> DeclaredRegime:
        """Puts the rules in force over the branch; repeated, it does nothing more."""
        command = by.command_id()
        name = OWN + command.hex()
        await self._open(by.branch)
        declared = self._known(name)
        if declared is None:
            await self.preview(by.branch, request)
            declared = await self._regimes.add(by.who, self._made(by.branch, request, name))
        elif _rules(declared.regime) != _rules(self._regimes.find(request.template).regime):
            raise Fault("key_reused", field="Idempotency-Key")
        await self._bring_about(by, command, request.reason, redirect=request.redirect_issued)
        return declared

    async def put(self, by: Asked, regime: Regime, reason: str, *, redirect: bool) -> None:
        """Puts a regime of its own in force over the branch; repeated, it does nothing more."""
        await self._open(by.branch)
        if self._known(regime.id) is None:
            await self.weigh(by.branch, regime)
            await self._regimes.add(by.who, regime)
        if regime.from_date <= self._service.today(by.branch):
            await self._bring_about(by, command_id(regime.id), reason, redirect=redirect)
        else:
            await self._regimes.on_changed()

    async def end(self, by: Asked, regime_id: str, reason: str) -> DeclaredRegime:
        """Ends rules that the branch has put in force, at once; repeated, it does nothing more."""
        await self._open(by.branch)
        declared = self._regimes.find(regime_id)
        if not is_own(by.branch, declared.regime):
            raise Fault("unknown_regime")
        moment = max(self._now(by.branch), declared.regime.begins)
        if declared.regime.ends > moment:
            request = EndRegime(until=moment[0], until_time=moment[1], reason=reason)
            declared = await self._regimes.cut(by.who, regime_id, request)
        await self._bring_about(by, by.command_id(), reason, redirect=False)
        return declared

    async def _open(self, branch: Branch) -> None:
        """The day is open first, so that what follows is a version of its own."""
        await self._directory.refresh()
        await self._planner.open_day(branch, self._service.today(branch))

    async def _bring_about(self, by: Asked, command: bytes, reason: str, *, redirect: bool) -> None:
        """The plan of today in the asker's name, then those of later days."""
        day = self._service.today(by.branch)
        await self._plans.put_in_force(by, day, command, reason, redirect=redirect)
        await self._regimes.on_changed()

    def _made(self, branch: Branch, request: BranchRegime, name: str) -> Regime:
        template = self._regimes.find(request.template).regime
        day, time = self._now(branch)
        if not day <= request.until <= self.last_until(branch):
            sentence = Sentence(
                "write a date from {first} to {last}", first=day, last=self.last_until(branch)
            )
            raise wrong("invalid_field", "until", sentence)
        return Regime(
            id=name,
            name=template.name,
            scope=Scope(branch=branch.code),
            from_date=day,
            from_time=time,
            until_date=request.until,
            rules=template.rules,
        )

    def _now(self, branch: Branch) -> tuple[dt.date, str]:
        now = self._service.now()
        return branch.zone.date(now), branch.zone.clock(now)

    def _known(self, name: str) -> DeclaredRegime | None:
        return next((one for one in self._directory.regimes if one.regime.id == name), None)


def is_own(branch: Branch, regime: Regime) -> bool:
    """Whether a branch has put a regime in force itself."""
    return regime.scope.branch == branch.code and regime.id.startswith(OWN)


def _rules(regime: Regime) -> tuple[object, ...]:
    return (regime.name, regime.rules)
