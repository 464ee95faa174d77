"""Who gets a ticket, with which number, and who is told why not."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from queue_service.policy.decide import decide
from queue_service.policy.events import Refusal
from queue_service.policy.model import DayPlan
from tests.policy.branch_day import (
    COUNTERS,
    MINUTE,
    Day,
    a_pause,
    a_plan,
    clock,
    kinds,
    only,
    with_groups,
)


def a_morning(plan: DayPlan | None = None) -> Day:
    return Day(plan or with_groups()).at("10:00")


# --- numbers -------------------------------------------------------------------------------------


def test_numbers_count_up_by_letter_whatever_the_service() -> None:
    day = a_morning()
    took = [day.take(code) for code in ("passport", "pension", "identity", "passport")]
    assert [day[ticket].number for ticket in took] == ["P-001", "S-001", "P-002", "P-003"]


def test_a_cancelled_ticket_leaves_its_number_to_nobody() -> None:
    day = a_morning()
    day.cancel(day.take())
    assert day[day.take()].number == "P-002"


def test_the_thousandth_number_has_four_digits() -> None:
    day = a_morning()
    for _ in range(999):
        day.take(despite_closing=True)
    assert day[day.take(despite_closing=True)].number == "P-1000"


def test_a_refused_visit_uses_no_number() -> None:
    day = a_morning(with_groups(non_online_only=True))
    day.ask("certificate")
    assert day.state.numbers == {}
    assert day[day.take("passport")].number == "P-001"


def test_a_ticket_remembers_what_it_was_taken_with() -> None:
    day = a_morning(with_groups(accepted_reasons=("disability",)))
    ticket = day.take(
        "pension",
        "passport",
        party=3,
        priority="priority",
        language="kk",
        assisted_reason="disability",
        visitor="0a1b",
        by="kiosk",
    )
    kept = day[ticket]
    assert kept.services == ("pension", "passport")
    assert kept.service_times == (20 * MINUTE, 10 * MINUTE)
    assert kept.number == "S-001"
    assert (kept.party, kept.priority, kept.language) == (3, "priority", "kk")
    assert (kept.assisted, kept.by, kept.issued_at) == ("disability", "kiosk", clock("10:00"))
    assert kept.changed_at == clock("10:00")
    issued = day.journal[-1].event
    assert isinstance(issued, happened.TicketIssued)
    assert issued.visitor == "0a1b"


# --- online first --------------------------------------------------------------------------------


def online_first(**changes: Any) -> DayPlan:  # noqa: ANN401 - a test sets any field
    reasons = ("no_device", "disability")
    return with_groups(**{"non_online_only": True, "accepted_reasons": reasons} | changes)


def test_what_is_online_is_refused_in_person_and_counted_as_demand() -> None:
    day = a_morning(online_first())
    refused = only(happened.VisitRefused, day.ask("certificate", party=2))
    assert (refused.reason, refused.services, refused.party) == ("online_only", ("certificate",), 2)
    day.ask("certificate")
    assert day.state.refused == {"online_only": 2}
    assert not day.state.tickets


def test_what_cannot_be_had_online_is_given_in_person() -> None:
    day = a_morning(online_first())
    assert kinds(day.ask("passport")) == ["TicketIssued"]


def test_one_online_service_among_several_is_named() -> None:
    day = a_morning(online_first())
    refused = only(happened.VisitRefused, day.ask("passport", "certificate"))
    assert refused.services == ("certificate",)


def test_who_cannot_use_the_online_channel_gets_an_assisted_ticket() -> None:
    day = a_morning(online_first())
    assert day[day.take("certificate", assisted_reason="no_device")].assisted == "no_device"


def test_a_reason_that_no_regime_accepts_is_refused() -> None:
    day = a_morning(online_first())
    decision = day.ask("certificate", assisted_reason="no_digital_signature")
    accepted = online_first().accepted_reasons
    detail = {"reason": "no_digital_signature", "accepted_reasons": accepted}
    assert decision == Refusal("reason_not_accepted", detail)
    assert "no_device" in accepted


def test_an_ordinary_day_gives_everything_in_person() -> None:
    day = a_morning(online_first(non_online_only=False))
    assert kinds(day.ask("certificate")) == ["TicketIssued"]


# --- what is not given ---------------------------------------------------------------------------


def test_a_service_that_nobody_knows() -> None:
    assert a_morning().ask("passport", "visa") == Refusal("unknown_service", {"service": "visa"})


def test_a_service_that_no_counter_gives() -> None:
    assert a_morning().ask("land") == Refusal("not_offered", {"service": "land"})


@pytest.mark.parametrize(
    ("plan", "most"),
    [
        (with_groups(group_size=4, hall_limit=10, party_limit=3), 3),
        (with_groups(group_size=2, hall_limit=10, party_limit=3), 2),
        (with_groups(group_size=9, hall_limit=1, party_limit=3), 1),
        (a_plan(group_size=1, hall_limit=10, party_limit=3), 3),
        (a_plan(hall_limit=2, party_limit=3), 2),
    ],
)
def test_a_party_is_never_larger_than_can_be_let_in(plan: DayPlan, most: int) -> None:
    day = a_morning(plan)
    assert day[day.take(party=most)].party == most
    assert day.ask("passport", party=most + 1) == Refusal("party_too_large", {"party_limit": most})


def test_a_priority_class_is_one_of_the_plan() -> None:
    assert a_morning().ask("passport", priority="mine") == Refusal(
        "unknown_priority", {"priority": "mine"}
    )


def test_nobody_asks_for_a_carry_over_without_a_ticket_to_carry() -> None:
    assert a_morning().ask("passport", priority="carry_over") == Refusal(
        "unknown_priority", {"priority": "carry_over"}
    )


def test_a_ticket_id_is_used_once() -> None:
    day = a_morning()
    day.take(ticket="a")
    assert day.ask("passport", ticket="a") == Refusal("ticket_exists", {"ticket": "a"})


# --- carry-over ----------------------------------------------------------------------------------


def test_a_ticket_of_the_day_before_comes_first_today() -> None:
    day = a_morning(with_groups(group_size=1))
    day.take(priority="priority")
    carried = day.take(carried_from="yesterday's")
    assert day[carried].priority == "carry_over"
    assert day.released() == [carried]


def test_a_ticket_is_carried_over_once() -> None:
    day = a_morning()
    day.take(carried_from="yesterday's")
    assert day.ask("passport", carried_from="yesterday's") == Refusal(
        "already_carried", {"ticket": "yesterday's"}
    )
    assert day.take(carried_from="another") in day.state.tickets


# --- hours ---------------------------------------------------------------------------------------


def test_no_ticket_before_there_is_a_plan() -> None:
    assert Day().ask("passport") == Refusal("no_plan")


def test_tickets_are_given_from_their_hour_on() -> None:
    day = Day(a_plan(tickets_from=clock("08:30"))).at("08:29:59")
    assert day.ask("passport") == Refusal("not_yet_open", {"opens_at": clock("08:30")})
    assert kinds(day.at("08:30").ask("passport")) == ["TicketIssued"]


def test_a_closed_day_gives_none_and_says_why() -> None:
    day = a_morning(a_plan(closed_reason="holiday"))
    assert day.ask("passport") == Refusal("day_closed", {"reason": "holiday"})


def test_none_at_closing_though_the_clock_has_not_looked_yet() -> None:
    day = a_morning().late("18:00")
    assert day.ask("passport", despite_closing=True) == Refusal(
        "day_closed", {"closes_at": clock("18:00")}
    )


def test_none_after_the_door_was_closed_even_if_time_stands_still() -> None:
    day = a_morning().at("18:00")
    assert day.state.phase == "closed"
    day.change_plan(with_groups(closes_at=clock("17:00")))
    assert day.ask("passport") == Refusal("day_closed", {"closes_at": clock("17:00")})


# --- what cannot be served before closing --------------------------------------------------------


def refused_today(day: Day, *services: str, party: int = 1) -> bool:
    """Whether somebody who came now would be refused; nobody comes."""
    command = asked.TakeTicket(
        id=b"asks", by="kiosk", ticket="asks", services=services, party=party
    )
    event = decide(day.state, command, day.now)[0]  # type: ignore[index]
    assert isinstance(event, happened.VisitRefused | happened.TicketIssued)
    return isinstance(event, happened.VisitRefused)


def test_a_visit_that_ends_after_closing_is_told_so_and_counted() -> None:
    day = a_morning(a_plan(last_admission_at=clock("18:00"))).at("17:50:01")
    refused = only(happened.VisitRefused, day.ask("passport", party=2))
    assert refused.reason == "cannot_be_served_today"
    assert (refused.services, refused.party) == (("passport",), 2)
    assert refused.until == clock("18:00")
    assert day.state.refused == {"cannot_be_served_today": 1}


def test_a_visit_that_ends_at_closing_is_served() -> None:
    day = a_morning(a_plan(last_admission_at=clock("18:00"))).at("17:50")
    assert not refused_today(day, "passport")


def test_all_services_of_a_visit_count() -> None:
    day = a_morning(a_plan(last_admission_at=clock("18:00"))).at("17:30:01")
    assert refused_today(day, "passport", "pension")
    assert not refused_today(day, "pension")


def test_nobody_is_promised_entry_after_the_last_admission() -> None:
    day = a_morning(a_plan(last_admission_at=clock("17:00"))).at("16:59:59")
    assert not refused_today(day, "passport")
    assert refused_today(day.at("17:00"), "passport")


def test_who_was_told_and_stays_gets_a_ticket_all_the_same() -> None:
    day = a_morning().at("17:58")
    ticket = day.take(despite_closing=True)
    assert day.states(ticket) == ["issued"]


def test_the_work_of_those_who_wait_counts_for_all_counters_together() -> None:
    plan = a_plan(hall_limit=10, last_admission_at=clock("18:00"))
    day = a_morning(plan).at("16:50")
    for _ in range(10):
        day.take("pension", despite_closing=True)
    # 200 minutes of work over three counters: the next would be called at 17:56.
    assert refused_today(day, "certificate")
    day.cancel(next(iter(day.state.tickets)))
    # 180 minutes: called at 17:50.
    assert not refused_today(day, "passport")


def test_who_is_on_the_way_or_inside_is_work_ahead_as_well() -> None:
    plan = with_groups(group_size=10, group_interval=0, last_admission_at=clock("18:00"))
    for enter in (False, True):
        day = a_morning(plan).at("16:50")
        tickets = [day.take("pension", despite_closing=True) for _ in range(10)]
        day.released()
        for ticket in tickets if enter else ():
            day.enter(ticket)
        assert day.state.work_ahead == 200 * MINUTE
        assert refused_today(day, "certificate")
        day.cancel(tickets[0])
        assert not refused_today(day, "passport")


def test_counters_taken_out_of_use_do_not_count() -> None:
    day = a_morning(a_plan(last_admission_at=clock("18:00"))).at("16:50")
    for counter in "123":
        day.open(counter)
    day.change_plan(a_plan(last_admission_at=clock("18:00"), counters=COUNTERS[:1]))
    for _ in range(9):
        day.take("passport", "identity", despite_closing=True)
    assert refused_today(day, "passport")


def test_the_door_lets_one_group_in_per_interval() -> None:
    plan = with_groups(group_interval=60 * MINUTE, group_size=4, last_admission_at=clock("12:00"))
    day = a_morning(plan)
    for _ in range(2):
        day.take(party=4)
    # The third group would be let in at 12:00, which is the last admission.
    assert refused_today(day, "passport")
    day.cancel("t3")
    assert not refused_today(day, "passport")


def test_the_next_group_comes_an_interval_after_the_last() -> None:
    plan = with_groups(group_interval=60 * MINUTE, last_admission_at=clock("11:05"))
    day = a_morning(plan)
    day.take()
    day.at("10:04:59").released()
    assert not refused_today(day.at("10:05"), "passport", party=4)
    day.take(party=4)
    assert refused_today(day, "passport")


def test_without_groups_no_interval_counts() -> None:
    plan = a_plan(group_interval=60 * MINUTE, hall_limit=1, last_admission_at=clock("12:00"))
    day = a_morning(plan)
    for _ in range(3):
        day.take()
    assert not refused_today(day, "passport")


def test_who_comes_before_opening_is_expected_at_opening() -> None:
    plan = with_groups(opens_at=clock("09:00"), last_admission_at=clock("09:01"))
    day = Day(plan, opened="08:40")
    assert not refused_today(day, "passport")
    assert refused_today(Day(replace(plan, last_admission_at=clock("09:00")), "08:40"), "passport")


def test_work_begins_at_opening() -> None:
    plan = a_plan(closes_at=clock("09:25"), last_admission_at=clock("09:25"))
    day = Day(plan, opened="08:40")
    for _ in range(3):
        day.take("pension", despite_closing=True)
    assert refused_today(day, "passport")
    assert not refused_today(day, "certificate")


def test_a_pause_before_the_visit_puts_it_off() -> None:
    pause = a_pause("17:30", drain=10, cleaning=15)
    plan = a_plan(pauses=(pause,), last_admission_at=clock("18:00"))
    # Outside the pause there is time for a pension from 17:20 to 17:40; the pause leaves 17:45.
    assert refused_today(a_morning(plan).late("17:20"), "pension")
    assert not refused_today(a_morning(plan).late("17:19:59"), "pension")
    assert not refused_today(a_morning(plan).late("17:20"), "passport")


def test_a_pause_puts_off_the_entry_too() -> None:
    pause = a_pause("17:00", drain=10, cleaning=15)
    plan = a_plan(pauses=(pause,), last_admission_at=clock("17:20"))
    assert refused_today(a_morning(plan).late("16:55"), "certificate")
    assert not refused_today(a_morning(plan).late("16:54:59"), "certificate")


def test_two_pauses_put_it_off_twice() -> None:
    pauses = (a_pause("16:00"), a_pause("17:00"))
    plan = a_plan(pauses=pauses, last_admission_at=clock("17:25"))
    day = a_morning(plan).late("15:50")
    for _ in range(9):
        day.take("pension")
    # 180 minutes on three counters from 15:50 end at 16:50: with the first pause 17:15, when the
    # second has begun, so 17:40.
    assert refused_today(day, "pension", "certificate")
    assert not refused_today(day, "pension")


def test_a_pause_that_is_over_puts_off_nothing() -> None:
    plan = a_plan(pauses=(a_pause("11:00"),), last_admission_at=clock("18:00"))
    day = a_morning(plan).at("11:15")
    day.confirm()
    assert not refused_today(day.at("17:40"), "pension")


def test_a_drain_under_way_and_the_cleaning_after_it_are_waited_for() -> None:
    day = a_morning(a_plan(last_admission_at=clock("18:00")))
    day.recount(1)
    day.at("17:20").start_sanitation()
    # Cleaning begins now at the earliest, so that the first visitor comes in at 17:40.
    assert not refused_today(day.late("17:25"), "pension")
    assert refused_today(day.late("17:25:01"), "pension")


def test_a_drain_before_its_time_of_cleaning_lasts_until_then() -> None:
    plan = a_plan(pauses=(a_pause("17:25"),), last_admission_at=clock("18:00"))
    day = a_morning(plan)
    day.recount(1)
    day.at("17:16")
    assert day.state.sanitation.phase == "draining"
    assert not refused_today(day, "pension")
    assert refused_today(day, "pension", "certificate")


def test_the_rest_of_a_cleaning_is_waited_for() -> None:
    day = a_morning(a_plan(last_admission_at=clock("18:00")))
    day.at("17:20").start_sanitation()
    assert not refused_today(day.late("17:30"), "pension", "certificate")
    assert refused_today(day, "pension", "passport")


def test_the_door_waits_for_the_cleaning_too() -> None:
    day = a_morning(a_plan(last_admission_at=clock("17:30")))
    day.at("17:15").start_sanitation()
    assert refused_today(day.late("17:16"), "certificate")
