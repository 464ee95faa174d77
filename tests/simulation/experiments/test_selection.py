"""Ranking and selection keeps its promise on numbers whose best is known."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
import pytest

from simulation.experiments.search import Question
from simulation.experiments.selection import FIRST_STAGE, Rules, Selection, border, odds, scale
from simulation.experiments.space import Aim, limit

COST, LOAD = "wait_total_mean", "peak_hall"
MOST = 2000


def selected(
    seed: int, costs: Sequence[float], loads: Sequence[float], limits: Sequence[str], rules: Rules
) -> Selection:
    """Contestants with such means; their numbers go up and down together, as under one seed."""
    draw = np.random.default_rng(seed)
    question = Question(Aim(COST), tuple(map(limit, limits)), 0)
    selection = Selection(len(costs), question, rules)
    for count in range(rules.most):
        shared = draw.normal(0, 2)
        for one in selection.under_way:
            cost = costs[one.number] + shared + draw.normal(0, 2)
            load = loads[one.number] + draw.normal(0, 3)
            one.add({COST: cost, LOAD: load}, question)
        if count + 1 >= FIRST_STAGE:
            selection.judge()
        if selection.sure:
            break
    return selection


def chosen(selection: Selection) -> int | None:
    return selection.best.number if selection.best else None


def test_the_best_by_more_than_the_zone_is_chosen_as_often_as_promised() -> None:
    rules = Rules(error=0.1, zone=1.0, most=MOST)
    costs = (11.0, 10.0, 11.0, 11.0)  # as hard as can be: all others worse by just the zone
    found = [selected(seed, costs, (0,) * 4, (), rules) for seed in range(300)]
    assert all(one.sure for one in found)
    right = sum(chosen(one) == 1 for one in found) / len(found)
    assert right > 0.9 - 2 * (0.9 * 0.1 / 300) ** 0.5


def test_who_breaks_a_limit_is_not_chosen_however_cheap() -> None:
    rules = Rules(error=0.1, zone=1.0, most=MOST)
    found = [
        selected(seed, (5.0, 10.0, 12.0), (51.0, 49.0, 40.0), ("peak_hall<=50",), rules)
        for seed in range(200)
    ]
    assert all(one.sure for one in found)
    right = sum(chosen(one) == 1 for one in found) / len(found)
    assert right > 0.9 - 2 * (0.9 * 0.1 / 200) ** 0.5
    assert found[0].contestants[0].standing == ["breaks"]
    assert found[0].contestants[2].beaten_by == 1


@pytest.mark.parametrize(("text", "way"), [("peak_hall<=0", "breaks"), ("peak_hall>=0", "keeps")])
def test_what_lies_clear_of_a_bound_is_known_however_small_the_bound(text: str, way: str) -> None:
    # 2 % of 0 is next to nothing: the triangle alone would take a million replications.
    found = selected(1, (5.0,), (10.0,), (text,), Rules(zone=1.0, most=100))
    assert (found.contestants[0].standing, found.sure) == ([way], True)


def test_what_lies_clear_is_told_falsely_as_seldom_as_promised() -> None:
    # On the very bound, where whichever is told may be false: looked at after each replication.
    rules = Rules(error=0.5, zone=1.0, most=200)
    found = [selected(seed, (5.0,), (0.0,), ("peak_hall<=0",), rules) for seed in range(200)]
    told = sum(one.contestants[0].standing != ["open"] for one in found) / len(found)
    # Half of the error is the limit's, a tenth of that the line's, on each of two sides.
    assert told < 2 * 0.5 / 2 / 10 + 2 * (0.05 * 0.95 / 200) ** 0.5


def test_who_is_better_by_far_is_chosen_however_small_the_zone() -> None:
    found = selected(1, (10.0, 20.0), (0, 0), (), Rules(zone=1e-6, most=100))
    assert (chosen(found), found.sure) == (0, True)


def test_nobody_is_chosen_where_all_break_the_limit() -> None:
    found = selected(1, (5.0, 6.0), (60.0, 70.0), ("peak_hall<=50",), Rules(zone=1.0, most=MOST))
    assert (chosen(found), found.sure) == (None, True)


def test_a_limit_of_a_share_counts_the_replications_that_keep_it() -> None:
    rules = Rules(zone=1.0, most=MOST)
    found = selected(1, (5.0, 6.0), (50.0, 40.0), ("peak_hall<=50@90",), rules)
    assert chosen(found) == 1  # the mean of the first keeps it, half of its days do not
    assert found.contestants[0].standing == ["breaks"]


def test_a_share_that_just_breaks_its_limit_keeps_it_as_seldom_as_promised() -> None:
    rules = Rules(error=0.1, zone=1.0, most=MOST)
    load = 50 - 1.175 * 3  # 88 of 100 days keep the bound, two fewer than they should
    found = [selected(seed, (5.0,), (load,), ("peak_hall<=50@90",), rules) for seed in range(200)]
    assert all(one.sure for one in found)
    falsely = sum(chosen(one) == 0 for one in found) / len(found)
    assert falsely < 0.05 + 2 * (0.05 * 0.95 / 200) ** 0.5


def test_a_share_that_keeps_its_limit_is_known_from_days_that_all_keep_it() -> None:
    rules = Rules(error=0.1, zone=1.0, most=200)
    found = selected(1, (5.0,), (20.0,), ("peak_hall<=50@95",), rules)
    assert (chosen(found), found.sure) == (0, True)
    assert len(found.contestants[0].costs) > 3 * FIRST_STAGE


def test_the_odds_are_those_of_the_paper() -> None:
    assert odds(10, 0, 0.9, 0.02) == pytest.approx(10 * log(0.92 / 0.88))
    assert odds(0, 1, 0.9, 0.02) == pytest.approx(log(0.08 / 0.12))
    assert odds(100, 1, 0.99, 0.02) == pytest.approx(100 * log(0.995 / 0.97) + log(0.005 / 0.03))


def test_what_is_not_decided_in_time_is_not_called_sure() -> None:
    found = selected(3, (10.0, 10.01), (0, 0), (), Rules(zone=0.001, most=FIRST_STAGE))
    assert not found.sure
    assert chosen(found) is not None


def test_who_is_undecided_names_the_limits_of_which_nothing_is_known_yet() -> None:
    limits = ("peak_hall<=50", "served>=0")
    found = Selection(1, Question(Aim(COST), tuple(map(limit, limits)), 0), Rules(most=MOST))
    (one,) = found.contestants
    one.standing = ["open", "keeps"]
    assert found.outcome(one).broken == ("peak_hall<=50",)
    one.standing = ["keeps", "keeps"]
    assert found.outcome(one).broken == ()


def test_two_that_are_alike_do_not_take_for_ever() -> None:
    question = Question(Aim(COST), (), 0)
    selection = Selection(2, question, Rules(zone=1.0, most=MOST))
    for _ in range(FIRST_STAGE):
        for one in selection.contestants:
            one.add({COST: 7.0}, question)
    selection.judge()
    assert (chosen(selection), selection.sure) == (0, True)


def test_who_lets_nobody_in_has_no_wait_and_is_not_the_best() -> None:
    question = Question(Aim(COST), (limit("peak_hall<=50"),), 0)
    selection = Selection(2, question, Rules(zone=1.0, most=MOST))
    draw = np.random.default_rng(5)
    for _ in range(FIRST_STAGE):
        selection.contestants[0].add({"peak_hall": 0.0}, question)
        selection.contestants[1].add({COST: draw.normal(30, 1), "peak_hall": 9.0}, question)
    selection.judge()
    assert (chosen(selection), selection.sure) == (1, True)


def test_the_triangle_is_that_of_the_paper() -> None:
    # Two systems, 5 % error, ten observations: eta = ((2 x 0.05) ^ (-2/9) - 1) / 2.
    eta = (0.1 ** (-2 / 9) - 1) / 2
    assert scale(0.05, 10) == pytest.approx(2 * eta * 9)
    squared = scale(0.05, 10)
    assert border(10, squared, 4.0, 1.0) == pytest.approx(squared * 4.0 / 2 - 5)
    assert border(10_000, squared, 4.0, 1.0) == 0
