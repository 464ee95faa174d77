"""The plans that held on a day, as the values that a scenario would state."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, convert
from msgspec.structs import replace

from queue_service.policy.model import DayPlan
from queue_service.policy.plan import NO_AGEING
from queue_service.policy.rules import MINUTE
from queue_service.timing.localtime import in_zone
from schemas.fields import Texts, minute_of
from schemas.plan_values import AcceptedReason, PlanValues

MIDNIGHT = "00:00"


class Held(Struct, frozen=True):
    """A plan, and the local time ("HH:MM") from which it held; the first holds from midnight."""

    begins: str
    plan: DayPlan
    values: PlanValues

    @property
    def hours(self) -> tuple[int, int]:
        """Opening and closing, minutes since midnight."""
        opens, closes = self.values.opens, self.values.closes
        return minute_of(opens or MIDNIGHT), minute_of(closes or MIDNIGHT)


def is_closed(plan: DayPlan) -> bool:
    """Whether nobody is served under it."""
    return bool(plan.closed_reason) or plan.closes_at <= plan.opens_at


def then_held(before: Sequence[Held], plan: DayPlan, at: int) -> list[Held]:
    """What held on a day once a plan has come into force (epoch ms); nothing on a closed day.

    What was planned before anybody could come has never held, nor has what follows overtime.
    """
    if not before or at <= before[-1].plan.tickets_from:
        return [] if is_closed(plan) else [_held(MIDNIGHT, plan)]
    last = before[-1]
    if at >= max(last.plan.ends_at, plan.ends_at):
        return [*before]
    begins = in_zone(plan.time_zone).clock(at)
    if is_closed(plan) and minute_of(begins) <= last.hours[0]:
        return []
    earlier = (one for one in before if one.begins < begins)
    return [*earlier, _closed_from(begins, last) if is_closed(plan) else _held(begins, plan)]


def _held(begins: str, plan: DayPlan) -> Held:
    return Held(begins, plan, values_of(plan))


def _closed_from(begins: str, last: Held) -> Held:
    """A plan that closes a day under way is the one before with an earlier closing."""
    return Held(begins, last.plan, replace(last.values, closes=begins))


def values_of(plan: DayPlan) -> PlanValues:
    """Every value of a plan under which a branch opens."""
    clock = in_zone(plan.time_zone).clock
    ageing = plan.ageing // MINUTE
    return PlanValues(
        opens=clock(plan.opens_at),
        closes=clock(plan.closes_at),
        last_admission_minutes=(plan.closes_at - plan.last_admission_at) // MINUTE,
        tickets_before_opening_minutes=(plan.opens_at - plan.tickets_from) // MINUTE,
        overtime_minutes=(plan.ends_at - plan.closes_at) // MINUTE,
        hall_limit=plan.hall_limit,
        party_limit=plan.party_limit,
        ageing_minutes=0 if ageing == NO_AGEING else ageing,
        non_online_only=plan.non_online_only,
        accepted_reasons=convert(plan.accepted_reasons, tuple[AcceptedReason, ...]),
        group_admission=plan.group_admission,
        release_by="clock" if plan.release_by_clock else "attendant",
        group_size=plan.group_size,
        group_interval_minutes=plan.group_interval // MINUTE,
        arrive_within_minutes=plan.arrive_within // MINUTE,
        sanitation_every_minutes=_every(plan),
        sanitation_minutes=plan.cleaning // MINUTE,
        drain_minutes=plan.drain // MINUTE,
        counters_in_use=tuple(counter.code for counter in plan.counters),
        message=Texts(**plan.message) if plan.message else None,
    )


def _every(plan: DayPlan) -> int:
    return (plan.pauses[0].starts_at - plan.opens_at) // MINUTE if plan.pauses else 0
