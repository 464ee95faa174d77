"""The model writes journals that obey the laws, the same ones to the byte, by the live policy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from queue_service.audit.verify import findings
from queue_service.policy import events as happened
from queue_service.policy.deadlines import next_deadline, quiet
from queue_service.policy.events import Entry, encode
from queue_service.policy.evolve import evolve
from queue_service.policy.model import CounterPlan, State
from schemas.fields import Texts
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope
from schemas.scenario import Scenario
from schemas.scenario_parts import Between, Break, Shift, TurnedAway
from simulation.floor import Ids
from simulation.guests import Comes
from simulation.habits import Habits
from simulation.model import BranchDay
from simulation.moments import Clock, Rank, at, until
from simulation.run import Run, replicate
from simulation.scenario_file import scenario_of, shipped_catalogue
from simulation.validity.stripped import ENDLESS_DAY
from simulation.visitors import empty, visitors
from simulation.world import Change, DayWorld, Spell

CATALOGUE = shipped_catalogue()
WEEK = scenario_of("ordinary-week", CATALOGUE)
URALSK = scenario_of("uralsk-2020-03", CATALOGUE)
HERE = Texts(kk="Сынақ", ru="Проба", en="Trial")
replace = msgspec.structs.replace
TWO_DAYS = replace(URALSK, days=URALSK.days[3:])
"""Groups, cleaning, a full street and a closing that carries over."""


def days_of(scenario: Scenario, days: int = 1, replication: int = 0) -> list[Run]:
    return list(replicate(replace(scenario, days=scenario.days[:days]), CATALOGUE, replication))


def journal(scenario: Scenario) -> list[Entry]:
    return days_of(scenario)[0].day.journal


def with_rules(rules: PlanValues) -> Scenario:
    return replace(WEEK, rules=rules)


def with_visitors(scenario: Scenario, **values: object) -> Scenario:
    return replace(scenario, visitors=replace(scenario.visitors, **values))


def with_shifts(*shifts: Shift) -> Scenario:
    return replace(WEEK, staff=replace(WEEK.staff, shifts=shifts))


def kinds(entries: list[Entry]) -> Counter[str]:
    return Counter(type(entry.event).__name__ for entry in entries)


def of_kind(entries: list[Entry], kind: type[Any]) -> list[Any]:
    return [entry.event for entry in entries if isinstance(entry.event, kind)]


def digest(runs: list[Run]) -> str:
    sha = blake2b()
    for run in runs:
        for entry in run.day.journal:
            sha.update(f"{entry.seq}/{entry.at}/{entry.command.hex()}/{entry.by}".encode())
            sha.update(encode(entry.event))
    return sha.hexdigest()


def time(entry: Entry) -> str:
    """Local time of day."""
    minutes = (entry.at // 60_000 + 5 * 60) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


TIGHT = PlanValues(
    group_admission=True,
    group_size=6,
    group_interval_minutes=5,
    hall_limit=25,
    sanitation_every_minutes=90,
    sanitation_minutes=10,
    drain_minutes=10,
)
VARIANTS: dict[str, Scenario] = {
    "story": URALSK,
    "week": WEEK,
    "groups by the attendant": with_rules(TIGHT),
    "groups by the clock": with_rules(replace(TIGHT, release_by="clock")),
    "a full hall without groups": with_rules(
        PlanValues(hall_limit=12, sanitation_every_minutes=60)
    ),
    "closes early": with_rules(PlanValues(closes="12:00", hall_limit=20, overtime_minutes=5)),
    "many stay away": with_visitors(with_rules(TIGHT), no_show=0.3, misses_group=0.4),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_journal_obeys_the_laws(name: str) -> None:
    for run in days_of(VARIANTS[name], 5 if name == "story" else 2):
        assert findings(run.day.journal) == []


PROGRAM = """
from tests.simulation.test_model import TWO_DAYS, days_of, digest
print(digest(days_of(TWO_DAYS, 2)))
"""


def test_a_scenario_and_a_seed_give_the_same_journal_to_the_byte() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert printed == {digest(days_of(TWO_DAYS, 2))}
    assert digest(days_of(TWO_DAYS, 2, replication=1)) not in printed


def test_the_hall_fills_to_its_limit_and_never_above() -> None:
    state, most = State(), 0
    for entry in journal(with_rules(PlanValues(hall_limit=12))):
        evolve(state, entry)
        most = max(most, state.occupancy + state.released_people)
    assert most == 12


def test_the_hall_is_cleaned_as_often_as_planned_and_confirmed() -> None:
    found = kinds(journal(with_rules(TIGHT)))
    assert found["DrainStarted"] == found["CleaningStarted"] == found["CleaningConfirmed"] == 5


def test_a_regime_that_begins_at_noon_holds_from_noon_on() -> None:
    regime = Regime(
        id="noon",
        name=HERE,
        scope=Scope(branch="uralsk-2"),
        from_date=date(2026, 3, 2),
        from_time="12:00",
        rules=PlanValues(group_admission=True, group_size=4),
    )
    entries = journal(replace(WEEK, regimes=(regime,)))
    groups = [entry for entry in entries if isinstance(entry.event, happened.GroupReleased)]
    assert len(of_kind(entries, happened.PlanChanged)) == 2
    assert groups
    assert "12:00" <= min(map(time, groups)) <= "12:05"
    assert findings(entries) == []


def test_who_waits_at_closing_comes_first_on_the_next_day() -> None:
    early = replace(WEEK, days=WEEK.days[:2], rules=VARIANTS["closes early"].rules)
    monday, tuesday = days_of(with_visitors(early, carried_over_come_back=1.0, insists=1.0), 2)
    closing = of_kind(monday.day.journal, happened.DayClosed)
    expired = {one for event in closing for one in event.expired}
    issued = of_kind(tuesday.day.journal, happened.TicketIssued)
    carried = [event for event in issued if event.carried_from]
    assert expired
    assert {event.carried_from for event in carried} >= expired
    assert {event.priority for event in carried} == {"carry_over"}


def test_who_is_refused_goes_online_telephones_or_comes_tomorrow_as_drawn() -> None:
    steps = TurnedAway(online=1, phone=1, tomorrow=1, gives_up=1)
    story = replace(URALSK, days=URALSK.days[4:])
    whole = with_visitors(story, sent_online=steps, turned_away=steps, second_service=0.0)
    run = days_of(whole)[0]
    refused = of_kind(run.day.journal, happened.VisitRefused)
    assert sum(run.day.next_steps.values()) >= len(refused) > 300
    assert all(count > 50 for count in run.day.next_steps.values())
    back = [comes for comes in run.day.back if not comes.carried_from]
    assert len(back) == run.day.next_steps["tomorrow"]


def test_assisted_visitors_get_a_ticket_although_the_service_is_online() -> None:
    story = with_visitors(replace(URALSK, days=URALSK.days[4:]), can_go_online=0.0)
    issued = of_kind(journal(story), happened.TicketIssued)
    assert {event.assisted for event in issued} == {"no_digital_signature"}


def test_a_queue_too_long_and_a_wait_too_long_end_in_the_street() -> None:
    crowded = with_rules(PlanValues(hall_limit=10))
    none = Between(least=0, most=0)
    balks = journal(with_visitors(crowded, tolerates_people_ahead=none))
    reneges = journal(with_visitors(crowded, patience_minutes=Between(least=1, most=5)))
    reasons = [
        {event.reason for event in of_kind(entries, happened.TicketCancelled)}
        for entries in (balks, reneges)
    ]
    assert "queue too long" in reasons[0]
    assert reasons[1] == {"waited too long"}


def test_counters_are_closed_in_the_breaks_and_served_visits_end_first() -> None:
    whole = Shift(counters=tuple(map(str, range(1, 17))), breaks=(Break(at="12:00", minutes=30),))
    entries = journal(with_shifts(whole))
    called = sorted(time(entry) for entry in entries if "Called" in type(entry.event).__name__)
    assert not [instant for instant in called if "12:00" <= instant < "12:30"]
    assert [instant for instant in called if "12:30" <= instant < "12:40"]
    assert kinds(entries)["CounterClosed"] == 32


def test_a_shift_that_ends_leaves_and_a_narrower_skill_calls_only_its_own() -> None:
    day = Shift(counters=("16",))
    short = Shift(counters=("1",), begins="10:00", until="11:00", skills=("address-certificate",))
    entries = journal(with_shifts(day, short))
    service = {event.ticket: event.services[0] for event in of_kind(entries, happened.TicketIssued)}
    mine = [
        (time(entry), service[entry.event.ticket])
        for entry in entries
        if isinstance(entry.event, happened.TicketCalled) and entry.event.counter == "1"
    ]
    assert {wanted for _, wanted in mine} == {"address-certificate"}
    assert min(mine)[0] >= "10:00"
    assert max(mine)[0] < "11:00"


def idle_while_somebody_waits(entries: list[Entry]) -> set[str]:
    """Services for which somebody waited inside for a minute beside a free counter."""
    state = State()
    in_vain: set[str] = set()
    for entry, following in pairwise(entries):
        evolve(state, entry)
        if following.at - entry.at > 60_000:
            free = [one for one in state.counters.values() if not one.ticket]
            skills = {skill for one in free for skill in one.skills}
            in_vain |= {skill for skill in skills if state.hall.get(skill)}
    return in_vain


def test_nobody_waits_while_an_operator_who_could_serve_rests() -> None:
    assert not idle_while_somebody_waits(journal(WEEK))


@pytest.mark.parametrize("name", VARIANTS)
def test_the_clock_need_not_be_set_anew_after_quiet_events(name: str) -> None:
    state, events = State(), 0
    for entry in days_of(VARIANTS[name])[0].day.journal:
        before, unmoved = next_deadline(state, entry.at), quiet(state)
        evolve(state, entry)
        if type(entry.event) in unmoved:
            events += 1
            assert next_deadline(state, entry.at) >= before
    assert events > 500


def test_an_operator_who_is_told_and_leaves_passes_it_on() -> None:
    begins, hour = ENDLESS_DAY.opens_at, 3_600_000
    counters = tuple(CounterPlan(code=code, skills=("service",)) for code in "ab")
    plan = replace(ENDLESS_DAY, counters=counters)
    shifts = ((Spell("a", begins, begins + hour),), (Spell("b", begins, None),))
    world = DayWorld(date(2020, 3, 16), begins, (Change(begins, plan),), shifts)
    habits = Habits(services=("service",), looks_every=24 * hour * 10_000)
    (visitor,) = visitors(empty(1))
    comes = Comes(begins + hour, visitor)
    entries = BranchDay(world, habits, Ids("trial", world.date), [comes]).run().journal
    (called,) = [entry for entry in entries if isinstance(entry.event, happened.TicketCalled)]
    assert (called.at, called.event.counter) == (begins + hour, "b")  # type: ignore[union-attr]


def test_a_branch_that_does_not_open_serves_nobody() -> None:
    sunday = replace(WEEK.days[0], date=date(2026, 3, 8))
    run = days_of(replace(WEEK, days=(sunday,)))[0]
    assert kinds(run.day.journal) == {"PlanChanged": 1}
    assert sum(run.day.next_steps.values()) > 400


def test_what_falls_on_one_millisecond_happens_by_rank_and_number() -> None:
    clock = Clock(initial_time=1_000)
    seen: list[tuple[int, int]] = []
    ranks = (Rank.PLAN, Rank.DEADLINE, Rank.LEAVES, Rank.READY, Rank.ARRIVES, Rank.COUNTER)
    wanted = [(rank, number) for rank in ranks for number in (0, 7)]
    for rank, number in reversed(wanted):
        at(clock, 2_000, rank, number, seen.append, (rank, number))
    clock.run()
    assert seen == wanted
    assert clock.now == 2_000


def test_what_should_have_happened_before_happens_at_once() -> None:
    clock = Clock(initial_time=1_000)
    until(clock, 500, Rank.DOOR)
    clock.run()
    assert clock.now == 1_000
