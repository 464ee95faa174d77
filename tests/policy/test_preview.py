"""What another plan would do to the tickets already issued, before anybody decides."""

from __future__ import annotations

from queue_service.policy import views
from queue_service.policy.model import DayPlan
from queue_service.policy.preview import Consequences, consequences, imagined
from tests.policy.branch_day import Day, a_plan, clock, with_groups
from tests.policy.test_views import QUICK


def of(day: Day, plan: DayPlan) -> Consequences:
    before = day.state.copy()
    found = consequences(day.state, plan, day.now)
    assert day.state == before, "a preview has changed the state"
    return found


def test_the_same_plan_changes_nothing() -> None:
    day = Day(with_groups()).at("10:00")
    day.take()
    assert of(day, with_groups()) == Consequences(1, 0, 0, 0, 0)


def test_tickets_outside_for_an_online_service_would_be_redirected() -> None:
    day = Day(with_groups()).at("10:00")
    day.take("certificate")
    day.take()
    online = with_groups(non_online_only=True)
    assert of(day, online).redirected == 1
    day.change_plan(online)
    assert of(day, online).redirected == 1


def test_an_earlier_closing_leaves_some_unserved() -> None:
    day = Day(with_groups(services=QUICK)).at("10:00")
    for _ in range(8):
        day.take()
    earlier = with_groups(
        services=QUICK, closes_at=clock("10:10"), last_admission_at=clock("10:10")
    )
    effect = of(day, earlier)
    # The first group is served by then, the second would be let in at 10:10.
    assert (effect.waiting, effect.not_served_by_closing) == (8, 4)


def test_a_smaller_group_leaves_out_large_parties() -> None:
    day = Day(with_groups()).at("10:00")
    day.take(party=4)
    day.take(party=2)
    assert of(day, with_groups(group_size=3)).too_large == 1


def test_without_groups_only_the_hall_bounds_a_party() -> None:
    day = Day(with_groups()).at("10:00")
    day.take(party=4)
    assert of(day, a_plan(hall_limit=5)).too_large == 0
    assert of(day, a_plan(hall_limit=3)).too_large == 1


def test_a_hall_that_is_already_fuller_than_the_new_limit() -> None:
    day = Day(a_plan()).at("10:00")
    day.take(party=4)
    day.take("pension")
    effect = of(day, a_plan(hall_limit=3))
    assert (effect.hall_above_limit, effect.waiting) == (2, 2)


def test_a_plan_that_no_journal_has_is_shown_as_if_it_were_in_force() -> None:
    state = imagined(with_groups(hall_limit=7), clock("10:00"))
    shown = views.board(state, "uralsk-2", "2020-03-19", clock("10:00"), str)
    assert (shown.hall.limit, shown.day, shown.counters[0].counter) == (7, "open", "1")
    assert (shown.seq, shown.plan_version) == (0, 0)
