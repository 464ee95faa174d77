"""A manager's changes to a day plan: previewed, versioned, attributed, reversible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from queue_service.faults import Fault, wrong
from queue_service.planning.bounds import refuse_loosened
from queue_service.planning.planner import (
    FARTHEST_DAY,
    Change,
    Planned,
    held_after,
    in_force,
)
from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from queue_service.policy.preview import Consequences, consequences
from queue_service.usecases import accepted
from schemas.fields import Sentence
from schemas.plan_values import PlanValues

if TYPE_CHECKING:
    import datetime as dt

    from queue_service.catalogue.directory import Branch
    from queue_service.planning.planner import Planner
    from queue_service.usecases import Asked, Service
    from schemas.wire_plan import PlanChange, PlanRevert

UNOPENED: Final = 1
"""Version of the plan of a day whose journal is not open yet: the one that opening gives it."""


class PlanInForce(Struct, frozen=True):
    """A plan, its explanation and its version."""

    planned: Planned
    version: int


class Preview(Struct, frozen=True):
    """What a change would make of the plan and of the tickets already issued."""

    before: PlanInForce
    after: Planned
    consequences: Consequences


class Version(Struct, frozen=True):
    """A version of the plan as the journal has it."""

    entry: happened.Entry
    event: happened.PlanChanged
    revertible: bool
    """Whether other changes of managers held in it than in the last one."""


class PlanChanges:
    """The use cases of a manager's plan. Each raises Fault, and JournalUnavailable."""

    def __init__(self, service: Service, planner: Planner) -> None:
        self._service = service
        self._planner = planner

    async def see(self, branch: Branch, day: dt.date) -> PlanInForce:
        """The plan of a day with the explanation of each value."""
        state = await self._service.journal.read(branch.code, day)
        planned = await self._planner.planned(branch, day)
        return PlanInForce(planned, state.plan_version if state.plan else UNOPENED)

    async def preview(self, branch: Branch, day: dt.date, request: PlanChange) -> Preview:
        """What `request` would do; nothing is changed."""
        changes = in_force(await self._changes(branch, day))
        before = await self.see(branch, day)
        wanted = _change(0, b"", "", request.reason, self._service.now(), request.values)
        after = self._planner.plan_with(branch, day, (*changes, wanted))
        _refuse_values(branch, before.planned, after, request.values)
        return await self.weighed(branch, day, before, after)

    async def weighed(
        self, branch: Branch, day: dt.date, before: PlanInForce, after: Planned
    ) -> Preview:
        """What another plan of a day would do."""
        state = await self._service.state(branch, day)
        return Preview(before, after, consequences(state, after.plan, self._service.now()))

    async def change(
        self, by: Asked, day: dt.date, request: PlanChange, version: int | None
    ) -> PlanInForce:
        """Puts a change in force over the plan of `version`; repeated, it does nothing more.

        None stands for any version.
        """
        changes = await self._changes(by.branch, day)
        repeated = _found(changes, by)
        if repeated is None:
            await self._refuse_stale(by.branch, day, version)
            before = self._planner.plan_with(by.branch, day, in_force(changes))
            repeated = self._new(by, changes, request.reason, values=request.values)
            after = self._planner.plan_with(by.branch, day, in_force((*changes, repeated)))
            _refuse_values(by.branch, before, after, request.values)
            await self._store(by.branch, day, repeated)
        elif repeated.values != request.values or repeated.reason != request.reason:
            raise Fault("key_reused", field="Idempotency-Key")
        return await self.put_in_force(
            by, day, repeated.command, request.reason, redirect=request.redirect_issued
        )

    async def revert(
        self, by: Asked, day: dt.date, request: PlanRevert, version: int | None
    ) -> PlanInForce:
        """Puts the managers' changes back to how they stood at an earlier version."""
        changes = await self._changes(by.branch, day)
        repeated = _found(changes, by)
        if repeated is None:
            await self._refuse_stale(by.branch, day, version)
            await self._planner.open_day(by.branch, day)
            back_to = await self._number_at(by.branch, day, changes, request.version)
            repeated = self._new(by, changes, request.reason, reverts_to=back_to)
            await self._store(by.branch, day, repeated)
        else:
            back_to = await self._number_at(by.branch, day, changes, request.version)
            if (repeated.reverts_to, repeated.reason) != (back_to, request.reason):
                raise Fault("key_reused", field="Idempotency-Key")
        return await self.put_in_force(by, day, repeated.command, request.reason, redirect=False)

    async def versions(self, branch: Branch, day: dt.date) -> list[Version]:
        """Every version of the plan of a day, the oldest first."""
        changes = await self._planner.changes(branch, day)
        held, numbers = held_after(changes), {one.command: one.number for one in changes}
        number, found = 0, []
        async for entry in self._service.entries(branch, day):
            if isinstance(entry.event, happened.PlanChanged):
                number = max(number, numbers.get(entry.command, 0))
                differs = held[number] != in_force(changes)
                found.append(Version(entry, entry.event, differs))
        return found

    async def _changes(self, branch: Branch, day: dt.date) -> tuple[Change, ...]:
        today = self._service.today(branch)
        if day < today:
            raise Fault("past_date", field="date")
        if day > today + FARTHEST_DAY:
            last = today + FARTHEST_DAY
            sentence = Sentence("write a date from {first} to {last}", first=today, last=last)
            raise wrong("invalid_parameter", "date", sentence)
        return await self._planner.changes(branch, day)

    async def _refuse_stale(self, branch: Branch, day: dt.date, version: int | None) -> None:
        if version is None:
            return
        state = await self._service.journal.read(branch.code, day)
        present = state.plan_version if state.plan else UNOPENED
        if version != present:
            raise Fault("stale_version", field="If-Match", version=present)

    async def _number_at(
        self, branch: Branch, day: dt.date, changes: tuple[Change, ...], version: int
    ) -> int:
        """Number of the last change that the plan of `version` stood on."""
        versions = [one for one in await self.versions(branch, day) if one.event.version <= version]
        if not versions or versions[-1].event.version != version:
            raise Fault("unknown_version", field="version")
        commands = {one.entry.command for one in versions}
        return max((one.number for one in changes if one.command in commands), default=0)

    def _new(
        self,
        by: Asked,
        changes: tuple[Change, ...],
        reason: str,
        values: PlanValues = PlanValues(),  # noqa: B008 - it is frozen
        reverts_to: int | None = None,
    ) -> Change:
        number = changes[-1].number + 1 if changes else 1
        subject, now = by.who.subject, self._service.now()
        change = _change(number, by.command_id(), subject, reason, now, values)
        return replace(change, reverts_to=reverts_to)

    async def _store(self, branch: Branch, day: dt.date, change: Change) -> None:
        """Opens the day first, so that the change is a version of its own."""
        await self._planner.open_day(branch, day)
        await self._planner.store(branch, day, change)

    async def put_in_force(
        self, by: Asked, day: dt.date, command_id: bytes, reason: str, *, redirect: bool
    ) -> PlanInForce:
        """Brings the journal of a day to the plan that the store wants, in the asker's name."""
        planned = await self._planner.planned(by.branch, day)
        command = asked.ChangePlan(
            id=command_id,
            by=by.who.subject,
            plan=planned.plan,
            reason=reason,
            redirect_issued=redirect,
        )
        outcome = await self._service.journal.submit(by.branch.code, day, command)
        accepted(command, outcome)
        return PlanInForce(planned, outcome.state.plan_version)


def _change(
    number: int, command: bytes, by: str, reason: str, at: int, values: PlanValues
) -> Change:
    return Change(
        number=number,
        command=command,
        values=values,
        reverts_to=None,
        reason=reason,
        by=by,
        at=at,
    )


def _found(changes: tuple[Change, ...], by: Asked) -> Change | None:
    command = by.command_id()
    return next((change for change in changes if change.command == command), None)


def _refuse_values(branch: Branch, before: Planned, after: Planned, values: PlanValues) -> None:
    _refuse_unknown_counters(branch, values)
    refuse_loosened(after, values)
    refuse_contradictions(before, after)


def refuse_contradictions(before: Planned, after: Planned) -> None:
    """A plan that cannot be kept is a mistake: nobody let in, or a day that ends after its date."""
    was, now = before.resolved.values, after.resolved.values
    if after.plan.closed_reason and not before.plan.closed_reason:
        sentence = Sentence("write hours that leave time between opening and closing")
        raise wrong("plan_contradicts", _changed(before, after, "closes", "opens"), sentence)
    old = {one.field for one in was.contradictions()}
    for one in now.contradictions():
        if one.field not in old:
            field = _changed(before, after, one.field, one.other)
            raise wrong("plan_contradicts", field, one.sentence)


def _changed(before: Planned, after: Planned, name: str, other: str) -> str:
    """Of two values the first, unless only layers of the other are new."""
    was, now = before.resolved.sources.get(name), after.resolved.sources.get(name)
    return other if was == now else name


def _refuse_unknown_counters(branch: Branch, values: PlanValues) -> None:
    known = [counter.id for counter in branch.record.counters]
    for counter in values.counters_in_use or ():
        if counter not in known:
            sentence = Sentence(
                "{counter} is no counter of the branch, its counters are {known}",
                counter=counter,
                known=tuple(known),
            )
            raise wrong("invalid_field", "counters_in_use", sentence)
