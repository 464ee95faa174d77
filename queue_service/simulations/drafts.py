"""Drafts of regimes: the rules of a simulated policy, proposed for a branch.

A draft holds nowhere until a person who may do so puts it in force; then it is a regime like any
other over that branch alone, which the branch may end.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from queue_service.faults import Fault, wrong
from queue_service.ids import command_id, new_command_id
from queue_service.planning.branch_regimes import OWN
from queue_service.sql import blocks
from schemas.fields import Sentence, Texts
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from asyncpg import Record

    from queue_service.access.identity import Identity
    from queue_service.catalogue.directory import Branch
    from queue_service.planning.branch_regimes import BranchRegimes
    from queue_service.planning.changes import Preview
    from queue_service.simulations.planning import Seen, Simulations
    from queue_service.store import Pool
    from queue_service.usecases import Asked, Service
    from schemas.scenario import Scenario
    from schemas.wire_simulations import DeclareDraft, DraftRegime

State = Literal["draft", "declared", "withdrawn"]
_SQL: Final = blocks("simulations")
_ID_BYTES: Final = 16
_MOST_SHOWN: Final = 200
"""Drafts of a branch in a list, the newest ones."""
_names = msgspec.json.Decoder(Texts)
_rules = msgspec.json.Decoder(PlanValues)


class Draft(Struct, frozen=True):
    """Rules that somebody proposes for a branch; `at` is epoch ms."""

    id: str
    branch: str
    simulation: str | None
    """None once it has been deleted."""
    simulation_title: str
    name: Texts
    rules: PlanValues
    from_date: dt.date
    until_date: dt.date | None
    note: str
    actor: str
    at: int
    state: State
    regime: str | None


class Drafts:
    """The use cases. Each raises Fault, and what asyncpg raises."""

    def __init__(
        self, service: Service, simulations: Simulations, regimes: BranchRegimes, pool: Pool
    ) -> None:
        self._service = service
        self._simulations = simulations
        self._regimes = regimes
        self._pool = pool

    async def make(
        self,
        who: Identity,
        simulation: str,
        request: DraftRegime,
        name: Callable[[str], Texts],
        key: str | None,
    ) -> Draft:
        """Proposes the rules of a simulated policy; repeated under a key, it does nothing more.

        `name` makes the name of one that has none, from the simulation's title.
        """
        branch = self._service.directory.branch(request.branch)
        seen = await self._simulations.see(simulation)
        policy = await self._policy(seen, request)
        rules = rules_of(policy) if policy else PlanValues()
        if rules == PlanValues():
            raise Fault("no_rules", field="which")
        self._refuse_past(branch, request)
        command = new_command_id() if key is None else command_id(who.subject, "draft", key)
        await self._pool.execute(
            _SQL["add_draft"],
            secrets.token_urlsafe(_ID_BYTES),
            command,
            branch.code,
            simulation,
            seen.listed.title,
            msgspec.json.encode(request.name or name(seen.listed.title)).decode(),
            msgspec.json.encode(rules).decode(),
            request.from_date,
            request.until_date,
            request.note or "",
            who.subject,
            self._service.now(),
        )
        (row,) = await self._pool.fetch(_SQL["draft_by_command"], command)
        if (row["branch"], row["simulation"]) != (branch.code, simulation):
            raise Fault("key_reused", field="Idempotency-Key")
        return _same(await self.see(branch, row["id"]), request, rules)

    async def _policy(self, seen: Seen, request: DraftRegime) -> Scenario | None:
        """A found one has the catalogue's regimes among its own, which are no part of a draft."""
        if request.policy is None:
            return seen.scenario if request.which == "scenario" else seen.versus
        found = await self._simulations.policy(seen.listed.id, request.policy)
        return replace(found, regimes=seen.scenario.regimes)

    def _refuse_past(self, branch: Branch, request: DraftRegime) -> None:
        today, last = self._service.today(branch), request.until_date
        if last is not None and last < max(today, request.from_date):
            first = max(today, request.from_date)
            sentence = Sentence("{until} is before {begin}, write a later date", until=last,
                                begin=first)  # fmt: skip
            raise wrong("invalid_field", "until", sentence)

    async def of_branch(self, branch: Branch) -> list[Draft]:
        """The newest first."""
        rows = await self._pool.fetch(_SQL["drafts"], branch.code, _MOST_SHOWN)
        return [_draft(row) for row in rows]

    async def see(self, branch: Branch, draft: str) -> Draft:
        """One of a branch's drafts."""
        row = await self._pool.fetchrow(_SQL["draft"], branch.code, draft)
        if row is None:
            raise Fault("unknown_draft")
        return _draft(row)

    async def preview(self, branch: Branch, name: str) -> Preview:
        """What the draft would do on its first day, or today; nothing is changed."""
        return await self._regimes.weigh(branch, _regime(_still_open(await self.see(branch, name))))

    async def declare(self, by: Asked, name: str, request: DeclareDraft) -> Draft:
        """Makes the draft a regime over its branch; repeated, it does nothing more."""
        draft = await self.see(by.branch, name)
        if draft.state == "declared":
            return draft
        regime = _regime(_still_open(draft))
        if not self.may_declare(by.who, by.branch, draft):
            last = self._regimes.last_until(by.branch)
            sentence = Sentence(
                "write a date from {first} to {last}", first=draft.from_date, last=last
            )
            raise wrong("invalid_field", "until", sentence)
        await self._regimes.put(by, regime, request.reason, redirect=request.redirect_issued)
        await self._settle(by.branch, draft, "declared", regime.id)
        return await self.see(by.branch, name)

    async def withdraw(self, who: Identity, branch: Branch, name: str) -> Draft:
        """Proposes the rules no longer."""
        draft = await self.see(branch, name)
        if draft.state == "withdrawn":
            return draft
        if not may_withdraw(who, _still_open(draft)):
            raise Fault("forbidden")
        await self._settle(branch, draft, "withdrawn", None)
        return await self.see(branch, name)

    def may_declare(self, who: Identity, branch: Branch, draft: Draft) -> bool:
        """Whether somebody may put a draft in force: a branch itself for so long only."""
        if draft.state != "draft" or who.role not in ("manager", "admin"):
            return False
        last = self._regimes.last_until(branch)
        return who.role == "admin" or (draft.until_date is not None and draft.until_date <= last)

    async def _settle(self, branch: Branch, draft: Draft, state: State, regime: str | None) -> None:
        await self._pool.execute(_SQL["settle_draft"], branch.code, draft.id, state, regime)


def rules_of(scenario: Scenario) -> PlanValues:
    """The values that a policy sets: its regimes, then what holds on every day.

    Of a scenario of one day also what holds on that day.
    """
    layers = [*(one.rules for one in scenario.regimes), scenario.rules]
    if len(scenario.days) == 1:
        layers.append(scenario.days[0].rules)
    values = {
        name: value
        for layer in layers
        for name, value in asdict(layer).items()
        if value is not None
    }
    return PlanValues(**values)


def may_withdraw(who: Identity, draft: Draft) -> bool:
    """Whether somebody may take a draft back."""
    return draft.state == "draft" and (
        who.role in ("manager", "admin") or who.subject == draft.actor
    )


def _still_open(draft: Draft) -> Draft:
    if draft.state != "draft":
        raise Fault("draft_settled", state=draft.state)
    return draft


def _same(draft: Draft, request: DraftRegime, rules: PlanValues) -> Draft:
    """The draft that was asked for; raises Fault where the key belongs to another one."""
    dates = request.from_date, request.until_date
    if (draft.from_date, draft.until_date) != dates or draft.rules != rules:
        raise Fault("key_reused", field="Idempotency-Key")
    return draft


def _regime(draft: Draft) -> Regime:
    for one in draft.rules.contradictions():
        raise wrong("plan_contradicts", one.field, one.sentence)
    return Regime(
        id=OWN + command_id("draft", draft.id).hex(),
        name=draft.name,
        scope=Scope(branch=draft.branch),
        from_date=draft.from_date,
        until_date=draft.until_date,
        rules=draft.rules,
    )


def _draft(row: Record) -> Draft:
    columns = {name: row[name] for name in Draft.__struct_fields__}
    return Draft(
        **columns | {"name": _names.decode(row["name"]), "rules": _rules.decode(row["rules"])}
    )
