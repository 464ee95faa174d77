"""The compiled engine comes to the very figures of the model, to the last digit and visit.

Interpreted, as an ordinary run has it, the twin is the same code without numba's machine code;
`--twin-scenarios 1000` compiles it first.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from schemas.plan_values import PlanValues
from schemas.scenario_parts import Break, TurnedAway
from simulation.experiments.engine import ENGINES, Kept, Replication, compiled_engine
from simulation.experiments.figures import of_day, together
from simulation.scenario_file import scenario_of
from simulation.twin.room import TooLargeError
from simulation.twin.sheets import sheets
from tests.simulation.test_any_rules import on_any_scenario
from tests.simulation.test_model import CATALOGUE, WEEK

if TYPE_CHECKING:
    from schemas.scenario import Scenario

SOME = 5
FEW_VISITS = 40.0
ALL_TOMORROW = TurnedAway(online=0, phone=0, tomorrow=1, gives_up=0)
EVERY_VISIT = Kept(visits=True)


def both(
    scenario: Scenario, number: int = 0, kept: Kept = EVERY_VISIT
) -> tuple[Replication, Replication]:
    compiled, simpy = (ENGINES[name] for name in ("compiled", "simpy"))
    return compiled(scenario, CATALOGUE, number, kept), simpy(scenario, CATALOGUE, number, kept)


def shortened(scenario: Scenario, days: slice, visits: float) -> Scenario:
    some = scenario.days[days]
    return replace(scenario, days=tuple(replace(day, visits=visits) for day in some))


def test_any_rules_regimes_and_courses(request: pytest.FixtureRequest) -> None:
    def same(scenario: Scenario, number: int) -> None:
        compiled, simpy = both(scenario, number)
        assert compiled == simpy

    on_any_scenario(same, request.config.getoption("twin_scenarios") or SOME)


@pytest.mark.parametrize(
    ("name", "days"),
    [("uralsk-2020-03", slice(3, 5)), ("winter-flu", slice(2, 3)), ("passport-rush", slice(1))],
)
def test_presets_with_carried_over_tickets_groups_and_pauses(name: str, days: slice) -> None:
    compiled, simpy = both(shortened(scenario_of(name, CATALOGUE), days, 90.0))
    assert compiled == simpy
    assert compiled.days[-1].served > 10


def test_those_whom_closing_left_without_a_ticket() -> None:
    early = replace(
        WEEK,
        rules=PlanValues(closes="14:00"),
        visitors=replace(WEEK.visitors, second_service=0.0, turned_away=ALL_TOMORROW),
    )
    compiled, simpy = both(shortened(early, slice(2), 90.0))
    assert compiled == simpy
    for day in compiled.days:
        assert day.not_admitted_at_closing == day.came - day.tickets > 10
    assert (
        sum(day.not_admitted_at_closing for day in compiled.days)
        == together([of_day(day) for day in compiled.days])["not_admitted_at_closing"]
    )


def test_the_journals_that_are_kept_are_those_of_the_model() -> None:
    scenario = shortened(WEEK, slice(1), 20.0)
    compiled, simpy = both(scenario, 0, Kept(journals=1))
    assert compiled == simpy
    assert len(compiled.journals) == 1
    assert not both(scenario, 1, Kept(journals=1))[0].journals


def test_threads_of_one_process_do_not_meet_in_the_tables() -> None:
    scenario = shortened(WEEK, slice(1), FEW_VISITS)
    compiled = partial(compiled_engine, scenario, CATALOGUE)
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(compiled, range(4)))
    assert found == [compiled(number) for number in range(4)]


def test_a_day_too_large_for_the_twin_is_left_to_the_model() -> None:
    breaks = tuple(Break(at=f"{9 + at // 6:02d}:{at % 6}5", minutes=1) for at in range(17))
    restless = tuple(replace(shift, breaks=breaks) for shift in WEEK.staff.shifts)
    scenario = shortened(
        replace(WEEK, staff=replace(WEEK.staff, shifts=restless)), slice(1), FEW_VISITS
    )
    with pytest.raises(TooLargeError, match="room for 16 spells at a counter, here are 18"):
        next(sheets(scenario, CATALOGUE, 0, named=False))
    compiled, simpy = both(scenario)
    assert compiled == simpy


@pytest.mark.parametrize(
    "module", ["queue_service.cli", "queue_service.app", "displays.app", "simulation.simulate"]
)
def test_only_who_runs_the_twin_loads_the_compiler(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert module in done.stdout.split()
    assert not {"numba", "llvmlite"} & {*done.stdout.split()}
