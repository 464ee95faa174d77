"""The scalar rules at their edges."""

from __future__ import annotations

import pytest

from queue_service.policy import rules


@pytest.mark.parametrize(
    ("issued_at", "rank", "expected"), [(100, 0, 100), (100, 1, 120), (100, 2, 140)]
)
def test_order_key(issued_at: int, rank: int, expected: int) -> None:
    assert rules.order_key(issued_at, rank, ageing=20) == expected


@pytest.mark.parametrize(
    ("limit", "inside", "released", "expected"),
    [(10, 0, 0, 10), (10, 4, 5, 1), (10, 5, 5, 0), (10, 9, 5, 0)],
)
def test_room(limit: int, inside: int, released: int, expected: int) -> None:
    assert rules.room(limit, inside, released) == expected


@pytest.mark.parametrize(("size", "expected"), [(2, 2), (3, 3), (4, 3)])
def test_group_room(size: int, expected: int) -> None:
    assert rules.group_room(size, 10, 4, 3) == expected


@pytest.mark.parametrize(("party", "expected"), [(1, True), (3, True), (4, False)])
def test_fits_at_all(party: int, *, expected: bool) -> None:
    assert rules.fits_at_all(party, 3, 9) is expected
    assert rules.fits_at_all(party, 9, 3) is expected


@pytest.mark.parametrize(
    ("now", "expected"), [(8, False), (9, True), (16, True), (17, False), (18, False)]
)
def test_door_open(now: int, *, expected: bool) -> None:
    assert rules.door_open(now, 9, 17, 30, paused=False) is expected
    assert rules.door_open(now, 9, 30, 17, paused=False) is expected
    assert not rules.door_open(now, 9, 17, 30, paused=True)


@pytest.mark.parametrize(
    ("group", "group_at", "expected"), [(0, 500, 90), (1, 100, 110), (2, 70, 90)]
)
def test_next_group_at(group: int, group_at: int, expected: int) -> None:
    assert rules.next_group_at(90, group, group_at, 10) == expected


@pytest.mark.parametrize(
    ("pause", "closes", "expected"), [(200, 200, 110), (105, 200, 105), (200, 103, 103)]
)
def test_arrive_by(pause: int, closes: int, expected: int) -> None:
    assert rules.arrive_by(100, 10, pause, closes) == expected


def test_may_rejoin() -> None:
    assert rules.may_rejoin(0)
    assert not rules.may_rejoin(1)


@pytest.mark.parametrize(
    ("ahead", "party", "expected"),
    [(0, 1, 0), (3, 1, 0), (4, 1, 1), (2, 3, 1), (2, 2, 0), (8, 1, 2)],
)
def test_groups_ahead(ahead: int, party: int, expected: int) -> None:
    assert rules.groups_ahead(ahead, party, 4) == expected
    assert rules.door_at(100, 10, ahead, party, 4) == 100 + 10 * expected


@pytest.mark.parametrize(("at", "expected"), [(49, 49), (50, 75), (60, 85)])
def test_after_pause(at: int, expected: int) -> None:
    assert rules.after_pause(at, drain_at=50, resumes_at=75) == expected


@pytest.mark.parametrize(
    ("work", "counters", "expected"), [(60, 3, 20), (60, 1, 60), (60, 0, 60), (61, 3, 20)]
)
def test_queue_delay(work: int, counters: int, expected: int) -> None:
    assert rules.queue_delay(work, counters) == expected


@pytest.mark.parametrize(("starts", "expected"), [(89, True), (90, True), (91, False)])
def test_served_in_time(starts: int, *, expected: bool) -> None:
    assert rules.served_in_time(starts, 10, closes_at=100) is expected


@pytest.mark.parametrize(
    ("emptied", "people", "expected"), [(90, 0, 100), (110, 0, 110), (90, 1, rules.NEVER)]
)
def test_cleaning_at(emptied: int, people: int, expected: int) -> None:
    assert rules.cleaning_at(100, emptied, people) == expected


@pytest.mark.parametrize(
    ("people", "alarmed", "expected"),
    [(1, False, 100), (0, False, rules.NEVER), (1, True, rules.NEVER)],
)
def test_alarm_at(people: int, *, alarmed: bool, expected: int) -> None:
    assert rules.alarm_at(100, people, alarmed) == expected


def test_overdue_at() -> None:
    assert rules.overdue_at(100, 5, alarmed=False) == 105
    assert rules.overdue_at(100, 5, alarmed=True) == rules.NEVER


def test_never_is_later_than_any_day_and_fits_64_bits() -> None:
    assert 10**15 < rules.NEVER < 2**63


def test_ranks_are_in_the_order_of_the_rule() -> None:
    order = (
        rules.RANK_CLOSE,
        rules.RANK_END,
        rules.RANK_MISSED,
        rules.RANK_DRAIN,
        rules.RANK_ALARM,
        rules.RANK_CLEAN,
        rules.RANK_OVERDUE,
        rules.RANK_RELEASE,
    )
    assert list(order) == sorted(set(order))
