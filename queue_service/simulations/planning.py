"""What planners ask for: scenarios checked and saved, simulations started, seen, cancelled."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from queue_service.faults import Fault
from queue_service.ids import command_id, new_command_id
from queue_service.scenarios.faults import faults
from queue_service.scenarios.reading import (
    TEXT,
    FaultyScenario,
    on_line,
    preset_file,
    presets,
    read_file,
    read_text,
)
from queue_service.simulations.limits import refuse_other_dates, refuse_question, refuse_too_long
from queue_service.sql import blocks
from schemas.catalogue import Catalogue
from schemas.question import Question, Search
from schemas.scenario import Scenario
from schemas.simulated import AnyFound, CourseFound, Found, SearchFound, SensitivityFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from asyncpg import Record

    from queue_service.access.identity import Identity
    from queue_service.catalogue.directory import Directory
    from queue_service.store import Pool
    from queue_service.usecases import Service
    from schemas.simulated import Which
    from schemas.wire_simulations import Kind, StartSimulation, State

Say: TypeAlias = Callable[[str, str], str]
"""Words a fault anew: the dotted field and the sentence about it -> a sentence."""
_SQL: Final = blocks("simulations")
_ID_BYTES: Final = 16
_MOST_SAVED: Final = 500
"""Saved scenarios in a list, the newest ones."""
_NEWEST: Final = 2**62
_scenarios = msgspec.json.Decoder(Scenario)
_questions: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
_found: dict[str, msgspec.json.Decoder[Any]] = {
    "run": msgspec.json.Decoder(Found),
    "search": msgspec.json.Decoder(SearchFound),
    "sensitivity": msgspec.json.Decoder(SensitivityFound),
}
_courses = msgspec.json.Decoder(CourseFound)


class Kept(Struct, frozen=True):
    """A scenario that may be picked; `by` and `at` (epoch ms) of a saved one."""

    id: str
    scenario: Scenario
    by: str = ""
    at: int = 0

    @property
    def is_preset(self) -> bool:
        """Whether it is shipped."""
        return not self.by


class Listed(Struct, frozen=True):
    """A simulation in a list; instants are epoch ms."""

    id: str
    number: int
    title: str
    branch: str
    first_date: dt.date
    last_date: dt.date
    days: int
    seed: int
    scenario_title: str
    versus_title: str
    replications: int
    actor: str
    at: int
    state: State
    done: int
    seconds_left: float | None
    failure: str
    kind: Kind


class Seen(Struct, frozen=True):
    """A simulation with all that is known of it."""

    listed: Listed
    scenario: Scenario
    versus: Scenario | None
    question: Question | None
    found: AnyFound | None
    courses: tuple[dt.date, ...]
    policies: tuple[int, ...]
    """Numbers of the candidates whose scenario is kept."""


class Simulations:
    """The use cases. Each raises Fault, and what asyncpg raises."""

    def __init__(self, service: Service, directory: Directory, pool: Pool) -> None:
        self._service = service
        self._directory = directory
        self._pool = pool
        self._presets: tuple[tuple[Scenario, ...], Catalogue] | None = None

    @property
    def catalogue(self) -> Catalogue:
        """What the database has now."""
        known = self._directory
        return Catalogue(
            categories=known.categories,
            services=tuple(known.services.values()),
            branches=tuple(one.record for one in known.branches.values()),
            regimes=tuple(one.regime for one in known.regimes),
        )

    # --- scenarios

    async def scenarios(self) -> list[Kept]:
        """Shipped ones whose branch is known, then saved ones, the newest first."""
        rows = await self._pool.fetch(_SQL["saved_scenarios"], _MOST_SAVED)
        shipped = [Kept(one.name, one) for one in await asyncio.to_thread(self._shipped)]
        return [*shipped, *map(_kept, rows)]

    def _shipped(self) -> tuple[Scenario, ...]:
        catalogue = self.catalogue
        if self._presets is None or self._presets[1] != catalogue:
            found = (_preset(name, catalogue) for name in presets())
            self._presets = tuple(one for one in found if one), catalogue
        return self._presets[0]

    async def scenario(self, name: str) -> Kept:
        """A shipped one by its name, a saved one by its id."""
        if preset_file(name):
            shipped = await asyncio.to_thread(self._shipped)
            found = next((one for one in shipped if one.name == name), None)
            if found:
                return Kept(name, found)
        row = await self._pool.fetchrow(_SQL["saved_scenario"], name)
        if row is None:
            raise Fault("unknown_scenario")
        return _kept(row)

    async def read(self, text: str, say: Say, *, lines: bool = True) -> Scenario:
        """The scenario that a text in YAML or JSON says.

        Raises Fault with every fault as `say` words it, with its line in the text where `lines`
        matter; in what a shipped scenario says there is none.
        """
        try:
            return await asyncio.to_thread(read_text, text, self.catalogue)
        except FaultyScenario as faulty:
            fields = []
            for one in faulty.problems:
                field = _dotted(one.field)
                sentence = say(field, one.sentence)
                has_line = lines and one.file == TEXT
                detail = on_line(one, sentence) if has_line else sentence
                fields.append({"field": field, "detail": detail})
            raise Fault("invalid_field", field=fields[0]["field"], fields=fields) from None

    async def check(self, scenario: Scenario, field: str) -> None:
        """Raises Fault for what contradicts the catalogue; `field` is where the scenario stands."""
        found = await asyncio.to_thread(lambda: list(faults(scenario, self.catalogue)))
        if found:
            fields = [
                {"field": ".".join(map(str, (field, *place))), "detail": sentence}
                for place, sentence in found
            ]
            raise Fault("invalid_field", field=fields[0]["field"], fields=fields)

    async def save(self, who: Identity, scenario: Scenario, key: str | None) -> Kept:
        """Keeps a scenario; repeated under a key, it does nothing more."""
        await self.check(scenario, "scenario")
        command, body = _command(who, "scenario", key), msgspec.json.encode(scenario).decode()
        now = self._service.now()
        await self._pool.execute(_SQL["save_scenario"], _new_id(), command, body, who.subject, now)
        (row,) = await self._pool.fetch(_SQL["saved_by_command"], command)
        kept = _kept(row)
        if kept.scenario != scenario:
            raise Fault("key_reused", field="Idempotency-Key")
        return kept

    async def delete(self, who: Identity, name: str) -> None:
        """Forgets a saved scenario of the asker's own; an administrator may forget any."""
        kept = await self.scenario(name)
        if not may_delete(who, kept):
            raise Fault("forbidden")
        await self._pool.execute(_SQL["delete_scenario"], name)

    # --- simulations

    async def start(self, who: Identity, request: StartSimulation, key: str | None) -> Seen:
        """Puts a simulation in the queue; repeated under a key, it does nothing more."""
        scenario, versus = _seeded(request.scenario, request), request.versus
        await self.check(scenario, "scenario")
        if versus is not None:
            versus = replace(versus, seed=scenario.seed)
            await self.check(versus, "versus")
            refuse_other_dates(scenario, versus)
        await asyncio.to_thread(refuse_question, scenario, request, self.catalogue)
        refuse_too_long(scenario, request)
        command = _command(who, "simulation", key)
        asked = sha256(msgspec.json.encode(request)).digest()
        await self._add(who, request, (scenario, versus), command, asked)
        (row,) = await self._pool.fetch(_SQL["by_command"], command)
        if row["asked"] != asked:
            raise Fault("key_reused", field="Idempotency-Key")
        return await self.see(row["id"])

    async def _add(
        self,
        who: Identity,
        request: StartSimulation,
        policies: tuple[Scenario, Scenario | None],
        command: bytes,
        asked: bytes,
    ) -> None:
        scenario, versus = policies
        catalogue = self._catalogue_of({one.branch for one in policies if one})
        await self._pool.execute(
            _SQL["add_simulation"],
            _new_id(),
            command,
            asked,
            request.title,
            scenario.branch,
            scenario.days[0].date,
            scenario.days[-1].date,
            len(scenario.days),
            scenario.seed,
            scenario.title,
            versus.title if versus else "",
            request.question.runs if request.question else request.replications,
            _json(scenario),
            _json(versus) if versus else None,
            _json(catalogue),
            who.subject,
            self._service.now(),
            kind_of(request.question),
            _json(request.question) if request.question else None,
        )

    def _catalogue_of(self, branches: Iterable[str]) -> Catalogue:
        """What a worker needs of the catalogue."""
        whole = self.catalogue
        return replace(whole, branches=tuple(one for one in whole.branches if one.code in branches))

    async def page(self, before: int | None, limit: int) -> list[Listed]:
        """Simulations, the newest first, from before the one of that number."""
        rows = await self._pool.fetch(_SQL["simulations"], before or _NEWEST, limit)
        return [_listed(row) for row in rows]

    async def stage(self, simulation: str) -> str:
        """What changes with everything that `see` tells."""
        row = await self._pool.fetchrow(_SQL["stage"], simulation)
        if row is None:
            raise Fault("unknown_simulation")
        return f"{row['state']}-{row['done']}-{row['owner'] or ''}"

    async def see(self, simulation: str) -> Seen:
        """A simulation with all that is known of it so far."""
        row = await self._pool.fetchrow(_SQL["simulation"], simulation)
        if row is None:
            raise Fault("unknown_simulation")
        dates = await self._pool.fetch(_SQL["dates_of_courses"], simulation)
        policies = await self._pool.fetch(_SQL["numbers_of_policies"], simulation)
        kept = tuple(one["date"] for one in dates), tuple(one["number"] for one in policies)
        return await asyncio.to_thread(_seen, row, *kept)

    async def cancel(self, simulation: str) -> Seen:
        """Ends a simulation that is not over; what is finished stays."""
        cancelled = await self._pool.fetchrow(_SQL["cancel"], simulation)
        seen = await self.see(simulation)
        if cancelled is None and seen.listed.state != "cancelled":
            raise Fault("simulation_over")
        return seen

    async def remove(self, who: Identity, simulation: str) -> None:
        """Forgets a simulation of the asker's own; an administrator may forget any.

        A worker that has it gives it up. Drafts that were made of it stay.
        """
        seen = await self.see(simulation)
        if not may_remove(who, seen.listed):
            raise Fault("forbidden")
        await self._pool.execute(_SQL["delete_simulation"], simulation)

    async def course(self, simulation: str, which: Which, day: dt.date) -> CourseFound:
        """A day of the first replication."""
        row = await self._pool.fetchrow(_SQL["course"], simulation, which, day)
        if row is None:
            await self.see(simulation)
            raise Fault("unknown_course")
        return _courses.decode(row["body"])

    async def policy(self, simulation: str, number: int) -> Scenario:
        """A policy that a search has found."""
        row = await self._pool.fetchrow(_SQL["policy"], simulation, number)
        if row is None:
            await self.see(simulation)
            raise Fault("unknown_policy")
        return _scenarios.decode(row["body"])


def kind_of(question: Question | None) -> Kind:
    """What a job is called that asks a question, or none."""
    if question is None:
        return "run"
    return "search" if isinstance(question, Search) else "sensitivity"


def may_delete(who: Identity, kept: Kept) -> bool:
    """Whether somebody may forget a scenario."""
    return not kept.is_preset and (who.role == "admin" or who.subject == kept.by)


def may_remove(who: Identity, listed: Listed) -> bool:
    """Whether somebody may forget a simulation."""
    return who.role == "admin" or who.subject == listed.actor


def may_cancel(listed: Listed) -> bool:
    """Whether there is anything to cancel."""
    return listed.state in ("queued", "running")


def _preset(name: str, catalogue: Catalogue) -> Scenario | None:
    """None where the catalogue does not fit: another country has other branches."""
    file = preset_file(name)
    try:
        return read_file(file, catalogue) if file else None
    except FaultyScenario:
        return None


def _seeded(scenario: Scenario, request: StartSimulation) -> Scenario:
    return scenario if request.seed is None else replace(scenario, seed=request.seed)


def _dotted(field: str) -> str:
    """As fields of a body are named: days.0.visits."""
    return field.replace("[", ".").replace("]", "")


def _command(who: Identity, kind: str, key: str | None) -> bytes:
    return new_command_id() if key is None else command_id(who.subject, kind, key)


def _new_id() -> str:
    return secrets.token_urlsafe(_ID_BYTES)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _kept(row: Record) -> Kept:
    return Kept(row["id"], _scenarios.decode(row["body"]), row["actor"], row["at"])


def _listed(row: Record) -> Listed:
    return Listed(**{name: row[name] for name in Listed.__struct_fields__})


def _seen(row: Record, courses: tuple[dt.date, ...], policies: tuple[int, ...]) -> Seen:
    return Seen(
        listed=_listed(row),
        scenario=_scenarios.decode(row["scenario"]),
        versus=_scenarios.decode(row["versus"]) if row["versus"] else None,
        question=_questions.decode(row["question"]) if row["question"] else None,
        found=_found[row["kind"]].decode(row["found"]) if row["found"] else None,
        courses=courses,
        policies=policies,
    )
