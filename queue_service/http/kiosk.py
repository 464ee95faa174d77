"""What a kiosk shows before anybody has a ticket."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from queue_service.carry_over import IN_THE_BRANCH
from queue_service.catalogue.directory import links
from queue_service.http.askers import HOLDERS, MANAGERS, TAKERS
from queue_service.http.call import Call, Reply, Route
from queue_service.http.problems import CONTACT_CENTRE
from queue_service.http.ticket_routes import BRANCH
from queue_service.http.tickets import asker
from queue_service.policy import door, views
from schemas import wire_kiosk
from schemas.kazakh import sort_key
from schemas.wire import MOST_SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queue_service.policy.model import DayPlan, State
    from schemas.fields import Texts
    from schemas.service import Service


async def see(call: Call) -> Reply:
    """GET kiosk."""
    state = await call.service.state(call.at, call.service.today(call.at))
    return Reply(200, await _shown(call, state, views.plan_of(state)))


async def _shown(call: Call, state: State, plan: DayPlan) -> wire_kiosk.Kiosk:
    now, local = call.service.now(), call.at.zone.text
    tickets_now = door.outside_hours(plan, now) is None
    works = not plan.closed_reason
    services = _services(call, state, plan)
    return wire_kiosk.Kiosk(
        branch=plan.branch,
        name=call.at.record.name,
        date=plan.date,
        at=local(now),
        day=views.day_of(state, plan, now),
        tickets_now=tickets_now,
        tickets_from=local(plan.tickets_from) if works else None,
        opens_at=local(plan.opens_at) if works else None,
        closes_at=local(plan.closes_at) if works else None,
        next_opens_at=None if tickets_now else await _next_opening(call, plan, now),
        closed_text=plan.closed_text,
        message=plan.message,
        regimes=_names_of_regimes(call, plan),
        non_online_only=plan.non_online_only,
        accepted_reasons=plan.accepted_reasons,  # type: ignore[arg-type]
        party_limit=door.largest_party(plan),
        services_limit=MOST_SERVICES,
        carried_from=await _carried_from(call, plan) if tickets_now else None,
        phone=CONTACT_CENTRE,
        categories=_categories(call, services),
        services=services,
    )


async def _next_opening(call: Call, plan: DayPlan, now: int) -> str | None:
    """Today's opening if it is still to come, else that of the next day on which there is one."""
    local = call.at.zone.text
    if not plan.closed_reason and now < plan.opens_at:
        return local(plan.opens_at)
    planner = call.service.planner
    day = planner.next_working_day(call.at, call.service.today(call.at))
    if day is None:
        return None
    following = (await planner.planned(call.at, day)).plan
    return None if following.closed_reason else local(following.opens_at)


async def _carried_from(call: Call, plan: DayPlan) -> str | None:
    day = await call.service.carry_over.day(call.at, dt.date.fromisoformat(plan.date))
    return None if day is None else day.isoformat()


def _names_of_regimes(call: Call, plan: DayPlan) -> tuple[Texts, ...]:
    declared = (one.regime for one in call.service.directory.regimes)
    return tuple(regime.name for regime in declared if regime.id in plan.regimes)


def _services(call: Call, state: State, plan: DayPlan) -> tuple[wire_kiosk.KioskService, ...]:
    known = call.service.directory.services
    offered = [known[code] for code in state.offered if code in known]
    online = set(door.only_online(plan, state.services, tuple(state.offered)))
    offered.sort(key=lambda service: sort_key(getattr(service.name, call.language)))
    return tuple(_service(service, service.code in online) for service in offered)


def _service(service: Service, online_only: bool) -> wire_kiosk.KioskService:
    return wire_kiosk.KioskService(
        code=service.code,
        category=service.category,
        name=service.name,
        letter=service.letter,
        online_only=online_only,
        usual_minutes=service.usual_minutes,
    )


def _categories(
    call: Call, services: Iterable[wire_kiosk.KioskService]
) -> tuple[wire_kiosk.KioskCategory, ...]:
    used = {service.category for service in services}
    known = [one for one in call.service.directory.categories if one.code in used]
    known.sort(key=lambda category: sort_key(getattr(category.name, call.language)))
    return tuple(wire_kiosk.KioskCategory(code=one.code, name=one.name) for one in known)


async def expired(call: Call) -> Reply:
    """GET an expired ticket: what its visitor had come for."""
    name, today = call.params["expired"], call.service.today(call.at)
    day, ticket = await call.service.carry_over.named(call.at, name, today)
    shown = wire_kiosk.ExpiredTicket(
        number=ticket.number,
        date=day.isoformat(),
        services=ticket.services[ticket.step :],
        party_size=ticket.party,
    )
    return Reply(200, shown)


async def about(call: Call) -> Reply:
    """GET about a ticket: its page has no token to ask for the catalogue."""
    _, ticket = await call.service.see_ticket(asker(call), call.params["ticket"])
    known, place = call.service.directory.services, call.at.record
    return Reply(
        200,
        wire_kiosk.TicketAbout(
            branch=place.code,
            name=place.name,
            address=place.address,
            phone=CONTACT_CENTRE,
            services=tuple(
                _service_of_ticket(known[code]) for code in ticket.services if code in known
            ),
        ),
    )


def _service_of_ticket(service: Service) -> wire_kiosk.TicketService:
    ways = links(service) if service.online else None
    return wire_kiosk.TicketService(code=service.code, name=service.name, links=ways)


KIOSK: Final = (
    Route(
        method="GET",
        path=f"{BRANCH}/tickets/{{ticket}}/about",
        handler=about,
        name="see_about_ticket",
        summary="The names of the branch and of the services of a ticket",
        roles=HOLDERS,
        answers={200: wire_kiosk.TicketAbout},
        problems=("unknown_ticket",),
        tag="tickets",
    ),
    Route(
        method="GET",
        path=f"{BRANCH}/expired/{{expired}}",
        handler=expired,
        name="see_expired_ticket",
        summary="A ticket of the last working day that goes on today",
        roles=IN_THE_BRANCH,
        answers={200: wire_kiosk.ExpiredTicket},
        problems=(
            *("unknown_ticket", "not_expired", "carry_over_not_yet", "carry_over_lapsed"),
            "already_carried",
        ),
        tag="tickets",
    ),
    Route(
        method="GET",
        path=f"{BRANCH}/kiosk",
        handler=see,
        name="see_kiosk",
        summary="What a kiosk shows: services, hours, the bounds of a request",
        roles=TAKERS | MANAGERS,
        answers={200: wire_kiosk.Kiosk},
        tag="tickets",
    ),
)
