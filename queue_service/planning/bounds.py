"""What regimes leave to a manager: values that loosen one are refused with what it allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from queue_service.faults import Fault
from queue_service.policy.plan import Loosened, loosened
from schemas.fields import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_service.planning.planner import Planned
    from schemas.plan_values import PlanValues


def refuse_loosened(planned: Planned, values: PlanValues) -> None:
    """Raises Fault `regime_bound` when a regime forbids one of a manager's values."""
    broken = loosened(planned.layers, values)
    if not broken:
        return
    first = broken[0]
    raise Fault(
        "regime_bound",
        field=first.field,
        fields=[{"field": one.field, "detail": _said(one)} for one in broken],
        regime=first.regime.id,
        regime_name=first.regime.name,
        bound=first.bound,
        allowed=_allowed(first),
    )


def _said(one: Loosened) -> Sentence:
    return Sentence("{regime} allows {allowed}", regime=one.regime.name, allowed=_allowed(one))


def _allowed(one: Loosened) -> Sentence:
    return _ALLOWED[one.field](one.bound)


def _yes(_bound: object) -> Sentence:
    return Sentence('only "yes"')


def _people(bound: object) -> Sentence:
    return Sentence("{bound} people or fewer", bound=bound)


def _minutes(bound: object) -> Sentence:
    return Sentence("{bound} min or more", bound=bound)


def _period(bound: object) -> Sentence:
    return Sentence("from 1 to {bound} min", bound=bound)


def _later(bound: object) -> Sentence:
    return Sentence("{bound} or later", bound=bound)


def _earlier(bound: object) -> Sentence:
    return Sentence("{bound} or earlier", bound=bound)


_ALLOWED: Final[dict[str, Callable[[object], Sentence]]] = {
    "non_online_only": _yes,
    "group_admission": _yes,
    "group_size": _people,
    "group_interval_minutes": _minutes,
    "hall_limit": _people,
    "party_limit": _people,
    "opens": _later,
    "closes": _earlier,
    "last_admission_minutes": _minutes,
    "sanitation_every_minutes": _period,
    "sanitation_minutes": _minutes,
    "drain_minutes": _minutes,
}
