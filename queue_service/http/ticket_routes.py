"""The routes about tickets."""

from __future__ import annotations

from typing import Final

from queue_service.http import tickets
from queue_service.http.askers import HOLDERS, TAKERS
from queue_service.http.call import Parameter, Route
from queue_service.http.tickets import may
from queue_service.policy import commands as asked
from queue_service.policy.views import ACTIONS
from schemas import wire, wire_counter

BRANCH: Final = "/v1/branches/{branch}"
_T: Final = f"{BRANCH}/tickets/{{ticket}}"
HOURS: Final = ("day_closed", "not_yet_open")
_REASON: Final = Parameter(
    "reason", {"type": "string", "maxLength": tickets.LONGEST_REASON}, "why it is cancelled"
)


def _action(name: wire.Action, command: type[asked.OfTicket], problems: str = "") -> Route:
    return Route(
        method="POST",
        path=f"{_T}/{name}",
        handler=tickets.action(command),
        name=name.replace("-", "_") + "_ticket",
        summary=_SUMMARIES[name],
        roles=may(name),
        answers={200: wire.Ticket},
        problems=("unknown_ticket", "wrong_state", *problems.split()),
        told_later=name in ("entered", "left"),
        tag="tickets",
    )


_SUMMARIES: Final[dict[wire.Action, str]] = {
    "entered": "A released visitor has passed the door",
    "left": "A visitor has been counted out",
    "late": "A released visitor will be late: gives the turn back once, for that of a later group",
    "recall": "Call the visitor again, also one who was given up and turns up",
    "start": "The visitor is at the counter",
    "finish": "The service is over",
    "no-show": "The visitor was called and did not come",
    "return": "Put a visitor who was given up back into the queue, once",
}

TICKETS: Final = (
    Route(
        method="POST",
        path=f"{BRANCH}/tickets",
        handler=tickets.take,
        name="take_ticket",
        summary="Take a ticket",
        roles=TAKERS,
        body=wire.TakeTicket,
        answers={201: wire.Ticket},
        problems=(
            *HOURS,
            "online_only",
            "cannot_be_served_today",
            "unknown_service",
            "not_offered",
            "party_too_large",
            "unknown_priority",
            "reason_not_accepted",
            "already_carried",
            "carry_over_lapsed",
            "carry_over_not_yet",
            "invalid_iin",
            "not_expired",
            "unknown_ticket",
        ),
        tag="tickets",
    ),
    Route(
        method="GET",
        path=_T,
        handler=tickets.see,
        name="see_ticket",
        summary="See a ticket: state, people ahead, estimate",
        roles=HOLDERS,
        answers={200: wire.Ticket},
        problems=("unknown_ticket",),
        tag="tickets",
    ),
    Route(
        method="DELETE",
        path=_T,
        handler=tickets.cancel,
        name="cancel_ticket",
        summary="Cancel a ticket",
        roles=may("cancel"),
        query=(_REASON,),
        answers={200: wire.Ticket},
        problems=("unknown_ticket", "wrong_state"),
        tag="tickets",
    ),
    _action("entered", ACTIONS["entered"], "too_late_to_enter paused hall_full"),
    _action("left", ACTIONS["left"], "not_inside"),
    _action("late", ACTIONS["late"], "already_missed"),
    _action(
        "recall",
        ACTIONS["recall"],
        "counter_busy counter_closed counter_out_of_use hall_full paused",
    ),
    _action("start", ACTIONS["start"]),
    _action("finish", ACTIONS["finish"]),
    _action("no-show", ACTIONS["no-show"]),
    _action("return", ACTIONS["return"], "already_returned hall_full"),
    Route(
        method="POST",
        path=f"{_T}/hold",
        handler=tickets.hold,
        name="hold_ticket",
        summary="Wait for a document; the counter is free for others",
        roles=may("hold"),
        body=wire_counter.HoldTicket,
        body_optional=True,
        answers={200: wire.Ticket},
        problems=("unknown_ticket", "wrong_state"),
        tag="tickets",
    ),
    Route(
        method="POST",
        path=f"{_T}/resume",
        handler=tickets.resume,
        name="resume_ticket",
        summary="Go on with a visit at a free counter",
        roles=may("resume"),
        body=wire_counter.ResumeTicket,
        answers={200: wire.Ticket},
        problems=(
            "unknown_ticket",
            "wrong_state",
            "unknown_counter",
            "counter_closed",
            "counter_busy",
            "counter_out_of_use",
            "lacks_skill",
        ),
        tag="tickets",
    ),
    Route(
        method="POST",
        path=f"{_T}/transfer",
        handler=tickets.transfer,
        name="transfer_ticket",
        summary="Send a visitor to another service or to one counter",
        roles=may("transfer"),
        body=wire_counter.TransferTicket,
        answers={200: wire.Ticket},
        problems=(
            "unknown_ticket",
            "wrong_state",
            "unknown_service",
            "not_offered",
            "unknown_counter",
            "counter_closed",
            "counter_out_of_use",
            "lacks_skill",
        ),
        tag="tickets",
    ),
)
