"""Routes about scenarios and simulations."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, cast, get_args

import msgspec

from queue_service.faults import Fault, wrong
from queue_service.http.call import Call, Reply
from queue_service.http.course_views import course as course_view
from queue_service.http.health import JSON
from queue_service.http.scenario_form import scenario_form
from queue_service.http.simulation_comparison import Column, comparison
from queue_service.http.simulation_views import Views
from queue_service.http.wanted import wanted
from queue_service.scenarios.writing import written
from schemas import wire_scenarios
from schemas import wire_simulations as wire
from schemas.fields import Sentence
from schemas.scenario import Scenario
from schemas.simulated import Which
from schemas.wire_questions import FoundPolicy

if TYPE_CHECKING:
    from queue_service.simulations.planning import Kept, Say, Seen

USUAL_PAGE, LONGEST_PAGE = 20, 100
MOST_COMPARED: Final = 6
_WHICH: Final[tuple[str, ...]] = get_args(Which)
_DIGITS: Final = 9
_FILE: Final = "file"
"""Stands for the field where a text cannot be read at all."""
_NO_FILE: Final = Sentence("is not YAML or JSON, check the indentation and the quotes here")


def _views(call: Call) -> Views:
    return Views(call.who, call.language, call.service.directory)


# --- scenarios -----------------------------------------------------------------------------------


async def scenarios(call: Call) -> Reply:
    """GET scenarios."""
    views = _views(call)
    known = await call.parts.simulations.scenarios()
    return Reply(
        200, wire_scenarios.Scenarios(scenarios=tuple(views.scenario(one) for one in known))
    )


async def scenario(call: Call) -> Reply:
    """GET a scenario."""
    return await _document(
        call, 200, await call.parts.simulations.scenario(call.params["scenario"])
    )


async def form(call: Call) -> Reply:
    """GET the form of scenarios."""
    return Reply(200, scenario_form(call.parts.simulations.catalogue, call.language))


async def save(call: Call) -> Reply:
    """POST scenarios."""
    kept = await call.parts.simulations.save(call.who, call.body.scenario, call.key)
    return await _document(call, 201, kept)


async def delete(call: Call) -> Reply:
    """DELETE a scenario."""
    await call.parts.simulations.delete(call.who, call.params["scenario"])
    return Reply(204)


async def check(call: Call) -> Reply:
    """POST check."""
    request: wire_scenarios.CheckScenario = call.body
    if (request.text is None) == (request.scenario is None):
        raise wrong("invalid_field", "text", Sentence("write either text or scenario"))
    found = await (_of_text if request.text else _of_object)(call, request)
    return Reply(200, wire_scenarios.CheckedScenario(scenario=found, text=await _text(found)))


async def _of_text(call: Call, request: wire_scenarios.CheckScenario) -> Scenario:
    return await call.parts.simulations.read(request.text or "", _sayable(call))


def _sayable(call: Call) -> Say:
    """What the reader of files says of a field is English; others are told what the field takes."""

    def say(field: str, sentence: str) -> str:
        if call.language == "en" or isinstance(sentence, Sentence):
            return sentence
        return _NO_FILE if field == _FILE else wanted(Scenario, field)

    return say


async def _of_object(call: Call, request: wire_scenarios.CheckScenario) -> Scenario:
    """What a form has; where anything is wrong it is read as a text, which names every fault."""
    try:
        found = msgspec.convert(request.scenario, Scenario)
    except msgspec.ValidationError:
        return await _with_every_fault(call, msgspec.json.encode(request.scenario).decode())
    await call.parts.simulations.check(found, "scenario")
    return found


async def _with_every_fault(call: Call, raw: str) -> Scenario:
    try:
        return await call.parts.simulations.read(raw, _sayable(call), lines=False)
    except Fault as fault:
        raise _within(fault) from None


def _within(fault: Fault) -> Fault:
    """The same with fields as the body has them."""
    fields = [{**one, "field": f"scenario.{one['field']}"} for one in fault.detail["fields"]]
    return Fault(fault.kind, field=fields[0]["field"], fields=fields)


async def _document(call: Call, status: int, kept: Kept) -> Reply:
    return Reply(status, _views(call).document(kept, await _text(kept.scenario)))


async def _text(found: Scenario) -> str:
    return await asyncio.to_thread(written, found)


# --- simulations ---------------------------------------------------------------------------------


async def start(call: Call) -> Reply:
    """POST simulations."""
    seen = await call.parts.simulations.start(call.who, call.body, call.key)
    return await _shown(call, 201, seen)


async def page(call: Call) -> Reply:
    """GET simulations."""
    limit = call.whole_number("limit", USUAL_PAGE, least=1, most=LONGEST_PAGE)
    before = call.whole_number("before", 0, most=2**53)
    found = await call.parts.simulations.page(before or None, limit)
    views = _views(call)
    older = str(found[-1].number) if len(found) == limit else ""
    shown = tuple(views.summary(one) for one in found)
    answer = wire.Simulations(simulations=shown, older=older, most_compared=MOST_COMPARED)
    return Reply(200, answer)


async def see(call: Call) -> Reply:
    """GET a simulation; 304 to whoever has it as it stands."""
    simulation = call.params["simulation"]
    tag = f'"{call.language}-{await call.parts.simulations.stage(simulation)}"'
    head = (("ETag", tag), ("Cache-Control", "private, no-cache"), ("Vary", "Accept-Language"))
    if call.request.headers.get("If-None-Match") == tag:
        return Reply(304, b"", head)
    shown = await _shown(call, 200, await call.parts.simulations.see(simulation))
    return Reply(200, shown.body, (JSON, *head))


async def cancel(call: Call) -> Reply:
    """POST cancel."""
    return await _shown(call, 200, await call.parts.simulations.cancel(call.params["simulation"]))


async def remove(call: Call) -> Reply:
    """DELETE a simulation."""
    await call.parts.simulations.remove(call.who, call.params["simulation"])
    return Reply(204)


async def _shown(call: Call, status: int, seen: Seen) -> Reply:
    """Drawn and encoded apart: there may be thousands of figures."""
    views = _views(call)

    def draw() -> bytes:
        return msgspec.json.encode(views.simulation(seen))

    return Reply(status, await asyncio.to_thread(draw))


async def course(call: Call) -> Reply:
    """GET the course of a day."""
    day, which = call.day("date"), _which("which", call.query("which") or "scenario")
    if day is None:
        sentence = Sentence("write a date such as {example}", example="2020-03-19")
        raise wrong("invalid_parameter", "date", sentence)
    simulation = call.params["simulation"]
    found = await call.parts.simulations.course(simulation, which, day)
    return Reply(200, course_view(simulation, which, day, found, call.language))


async def policy(call: Call) -> Reply:
    """GET a policy that a search has found."""
    simulation, number = call.params["simulation"], call.params["policy"]
    if not number.isascii() or not number.isdecimal() or len(number) > _DIGITS:
        raise Fault("unknown_policy")
    found = await call.parts.simulations.policy(simulation, int(number))
    return Reply(200, FoundPolicy(simulation=simulation, number=int(number), scenario=found))


async def compare(call: Call) -> Reply:
    """GET comparison."""
    named = (call.query("of") or "").split(",")
    if not 2 <= len(named) <= MOST_COMPARED or not all(named):  # noqa: PLR2004 - with itself
        sentence = Sentence(
            "name {least} to {most} simulations to compare, with commas",
            least=2,
            most=MOST_COMPARED,
        )
        raise wrong("invalid_parameter", "of", sentence)
    columns = [await _column(call, name) for name in named]
    return Reply(200, await asyncio.to_thread(comparison, columns, call.language))


async def _column(call: Call, name: str) -> Column:
    simulation, _, which = name.partition(":")
    seen = await call.parts.simulations.see(simulation)
    return seen, _which("of", which or "scenario")


def _which(name: str, text: str) -> Which:
    if text not in _WHICH:
        sentence = Sentence("write one of {values}", values=", ".join(_WHICH))
        raise wrong("invalid_parameter", name, sentence)
    return cast("Which", text)
