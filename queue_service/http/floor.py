"""Routes of the staff's pages: the door, the counters, and what may be done there now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from queue_service.faults import Fault
from queue_service.http.askers import AT_A_COUNTER, AT_THE_DOOR
from queue_service.http.branch import SAID_AT_THE_DOOR
from queue_service.http.call import Call, Reply, Route
from queue_service.http.problems import problem
from queue_service.http.ticket_routes import BRANCH
from queue_service.http.tickets import ACTIONS_OF_ROLE
from queue_service.policy import floor, views
from schemas import wire_floor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queue_service.policy.events import Refusal
    from queue_service.policy.model import State


async def see_door(call: Call) -> Reply:
    """GET door."""
    state = await _today(call)
    return Reply(200, floor.door(state, call.service.now(), _asker(call, SAID_AT_THE_DOOR)))


async def list_counters(call: Call) -> Reply:
    """GET counters: for an operator who sits down."""
    return Reply(200, floor.desks(await _today(call), _asker(call)))


async def see_counter(call: Call) -> Reply:
    """GET a counter."""
    state, code = await _today(call), call.params["counter"]
    plan = views.plan_of(state)
    if code not in views.counters_of(state, plan):
        exists = code in plan.out_of_use
        raise Fault("counter_out_of_use" if exists else "unknown_counter", counter=code)
    return Reply(200, floor.counter_page(state, code, call.service.now(), _asker(call)))


async def _today(call: Call) -> State:
    return await call.service.state(call.at, call.service.today(call.at))


def _asker(call: Call, kinds: Mapping[str, str] | None = None) -> floor.Asker:
    """Who asks; `kinds` are refusals that have other words at this place."""

    def permission(refusal: Refusal | None) -> wire_floor.Permission:
        if refusal is None:
            return wire_floor.Permission(allowed=True)
        fault = Fault((kinds or {}).get(refusal.kind, refusal.kind), **refusal.detail)
        said = problem(fault, call.language, call.zone)
        return wire_floor.Permission(
            allowed=False,
            kind=fault.kind.replace("_", "-"),
            title=said.title,
            detail=said.detail,
            next_at=said.next_at,
        )

    return floor.Asker(
        call.who.subject, ACTIONS_OF_ROLE[call.who.role], call.at.zone.text, permission
    )


FLOOR: Final = (
    Route(
        method="GET",
        path=f"{BRANCH}/door",
        handler=see_door,
        name="see_door",
        summary="What the door shows and may do now",
        roles=AT_THE_DOOR,
        answers={200: wire_floor.Door},
        tag="hall",
    ),
    Route(
        method="GET",
        path=f"{BRANCH}/counters",
        handler=list_counters,
        name="list_counters",
        summary="The counters, and who is at them",
        roles=AT_A_COUNTER,
        answers={200: wire_floor.Desks},
        tag="counters",
    ),
    Route(
        method="GET",
        path=f"{BRANCH}/counters/{{counter}}",
        handler=see_counter,
        name="see_counter",
        summary="What a counter shows and may do now",
        roles=AT_A_COUNTER,
        answers={200: wire_floor.CounterPage},
        problems=("unknown_counter", "counter_out_of_use"),
        tag="counters",
    ),
)
