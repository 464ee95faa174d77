"""`verify` is content with every day that the policy wrote, and finds what was changed in it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from queue_service.audit.verify import Examination, StreamReport, findings, verify
from queue_service.policy import events as happened
from queue_service.policy.events import Entry, encode
from queue_service.policy.model import DayPlan
from tests.integration.days import BRANCH, DATE, NEXT_DATE, journal_on, open_days, take_many
from tests.policy.branch_day import MINUTE, Day, a_pause, a_plan, clock, with_groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_service.store import Pool

Journal = list[Entry]


def a_day(plan: DayPlan, seed: int) -> Day:
    """Anybody asks for anything from nine to seven."""
    chance = random.Random(seed)
    day = Day(plan)
    for minute in range(9 * 60, 19 * 60 + 5, 5):
        day.at(f"{minute // 60:02}:{minute % 60:02}")
        for _ in range(12):
            _something(day, chance)
    return day


def _something(day: Day, chance: random.Random) -> None:
    ticket = chance.choice([*day.state.tickets, "nobody's"])
    counter = chance.choice("123")
    choices: list[Callable[[], object]] = [
        lambda: day.ask("passport", party=chance.randint(1, 3), despite_closing=True),
        lambda: day.ask("pension", "passport"),
        day.release,
        lambda: day.call(counter),
        lambda: day.open(counter),
        day.confirm,
        day.start_sanitation if chance.random() < 0.1 else day.confirm,
        lambda: day.recount(max(0, day.state.occupancy + chance.randint(-1, 1))),
        lambda: day.transfer(ticket, service="pension"),
        lambda: day.resume(ticket, counter),
        *(lambda act=act: act(ticket) for act in _of_ticket(day)),
    ]
    chance.choice(choices)()


def _of_ticket(day: Day) -> list[Callable[[str], object]]:
    acts: list[Callable[[str], object]] = [day.enter, day.leave, day.start, day.finish]
    return [*acts * 4, day.no_show, day.recall, day.give_back, day.hold, day.cancel]


PLANS = [
    a_plan(pauses=(a_pause("11:00"), a_pause("15:00"))),
    with_groups(pauses=(a_pause("12:00"),)),
    with_groups(release_by_clock=True, hall_limit=6),
]


@pytest.mark.parametrize("plan", PLANS, ids=["walk-in", "groups", "groups by the clock"])
@pytest.mark.parametrize("seed", range(8))
def test_a_day_that_the_policy_wrote_is_sound(plan: DayPlan, seed: int) -> None:
    day = a_day(plan, seed)
    assert len(day.journal) > 100
    assert findings(day.journal) == []


@pytest.fixture(scope="module")
def sound() -> Journal:
    """A short day of a walk-in branch, everything in it."""
    day = Day(with_groups(hall_limit=4, pauses=(a_pause("11:00"),)))
    day.at("09:00").open("1")
    day.open("2")
    for _ in range(9):
        day.take("passport")
    for ticket in day.released():
        day.enter(ticket)
    served = day.called("1")
    day.start(served)
    day.finish(served)
    day.leave(served)
    day.called("2")
    day.at("19:00")
    return day.journal


def of(journal: Journal, kind: type[happened.Event], number: int = 0) -> int:
    """Index of the n-th entry of a kind."""
    return [index for index, entry in enumerate(journal) if isinstance(entry.event, kind)][number]


def changed(journal: Journal, index: int, **changes: Any) -> Journal:  # noqa: ANN401
    entry = journal[index]
    fields = {
        name: changes.pop(name) for name in ("at", "command", "part", "by") if name in changes
    }
    event = replace(entry.event, **changes)
    return [*journal[:index], replace(entry, event=event, **fields), *journal[index + 1 :]]


def inserted(journal: Journal, index: int, event: happened.AnyEvent) -> Journal:
    """A journal that somebody forged: the event stands before `index`, all are counted anew."""
    forged = Entry(0, journal[index].at, b"forged" + bytes(10), 0, "somebody", event)
    entries = [*journal[:index], forged, *journal[index:]]
    return [replace(entry, seq=seq) for seq, entry in enumerate(entries, start=1)]


def later(journal: Journal, index: int, hours: int) -> Journal:
    """A journal whose entries from `index` on are that much later."""
    put_off = (replace(entry, at=entry.at + hours * 60 * MINUTE) for entry in journal[index:])
    return [*journal[:index], *put_off]


def without(journal: Journal, index: int) -> Journal:
    entries = [*journal[:index], *journal[index + 1 :]]
    return [replace(entry, seq=seq) for seq, entry in enumerate(entries, start=1)]


def first_of(journal: Journal, kind: type[Any]) -> Any:  # noqa: ANN401
    return journal[of(journal, kind)].event


DEFECTS: dict[str, tuple[str, Callable[[Journal], Journal]]] = {
    "an entry is lost": ("gapless", lambda day: [*day[:5], *day[6:]]),
    "two entries change places": ("gapless", lambda day: [*day[:5], day[6], day[5], *day[7:]]),
    "time runs backwards": ("time", lambda day: changed(day, 6, at=day[5].at - 1)),
    "a command is carried out twice": (
        "commands",
        lambda day: changed(day, 6, command=day[5].command),
    ),
    "a command lacks its first part": ("commands", lambda day: changed(day, 6, part=1)),
    "the day has no plan": ("plan", lambda day: without(day, 0)),
    "a number is given twice": (
        "numbers",
        lambda day: changed(day, of(day, happened.TicketIssued, 4), number="P-004"),
    ),
    "a number is left out": (
        "numbers",
        lambda day: changed(day, of(day, happened.TicketIssued, 8), number="P-010"),
    ),
    "a ticket is issued twice": (
        "numbers",
        lambda day: inserted(
            day,
            of(day, happened.GroupReleased),
            replace(first_of(day, happened.TicketIssued), number="P-010"),
        ),
    ),
    "more are let in than the hall holds": (
        "hall limit",
        lambda day: inserted(
            day,
            of(day, happened.GroupReleased),
            happened.HallRecounted(occupancy=2, before=0, reason=""),
        ),
    ),
    "a group is too large": (
        "group size",
        lambda day: changed(
            day,
            of(day, happened.GroupReleased),
            tickets=tuple(
                entry.event.ticket
                for entry in day
                if isinstance(entry.event, happened.TicketIssued)
            )[:5],
        ),
    ),
    "a ticket is called twice": (
        "states",
        lambda day: inserted(
            day, of(day, happened.ServiceStarted), first_of(day, happened.TicketCalled)
        ),
    ),
    "two tickets are at one counter": (
        "counters",
        lambda day: inserted(
            day,
            of(day, happened.ServiceStarted),
            replace(
                first_of(day, happened.TicketCalled),
                ticket=day[of(day, happened.TicketEntered, 1)].event.ticket,  # type: ignore[union-attr]
            ),
        ),
    ),
    "a service starts that nobody was called for": (
        "states",
        lambda day: without(day, of(day, happened.TicketCalled)),
    ),
    "a closed counter calls": (
        "counters",
        lambda day: without(day, of(day, happened.CounterOpened)),
    ),
    "a counter closes while it serves": (
        "counters",
        lambda day: inserted(
            day, of(day, happened.ServiceStarted), happened.CounterClosed(counter="1")
        ),
    ),
    "somebody enters while the hall is cleaned": (
        "sanitation",
        lambda day: inserted(
            day, of(day, happened.GroupReleased), happened.CleaningStarted(until=0)
        ),
    ),
    "the hall is cleaned while people are in it": (
        "sanitation",
        lambda day: inserted(
            day, of(day, happened.ServiceStarted), happened.CleaningStarted(until=0)
        ),
    ),
    "somebody is forgotten at closing": (
        "nobody forgotten",
        lambda day: changed(
            day, of(day, happened.DayClosed), expired=first_of(day, happened.DayClosed).expired[1:]
        ),
    ),
    "a ticket has another's place": (
        "order",
        lambda day: changed(day, of(day, happened.TicketIssued, 4), order=1),
    ),
    "a ticket is for nobody": (
        "party",
        lambda day: changed(day, of(day, happened.TicketIssued, 4), party=0),
    ),
    "a ticket is for more than are let in": (
        "party",
        lambda day: changed(day, of(day, happened.TicketIssued, 8), party=6),
    ),
    "a ticket is issued after closing": (
        "hours",
        lambda day: inserted(
            day,
            of(day, happened.DayEnded),
            replace(first_of(day, happened.TicketIssued), ticket="late", number="P-010"),
        ),
    ),
    "a group is told to be larger than it is": (
        "group size",
        lambda day: changed(day, of(day, happened.GroupReleased), people=99),
    ),
    "a group follows too soon": (
        "groups",
        lambda day: inserted(
            day,
            of(day, happened.ServiceStarted),
            replace(first_of(day, happened.GroupReleased), group=2, tickets=(), people=0),
        ),
    ),
    "a group has until tomorrow": (
        "groups",
        lambda day: changed(day, of(day, happened.GroupReleased), arrive_by=clock("32:00")),
    ),
    "a ticket is called days later": (
        "time",
        lambda day: later(day, of(day, happened.TicketCalled, 1), 72),
    ),
    "nobody is named as the actor": ("actor", lambda day: changed(day, 5, by="")),
    "the plan is another branch's": (
        "stream",
        lambda day: inserted(day, 3, happened.PlanChanged(plan=a_plan(branch="astana"), version=2)),
    ),
    "the plan is another day's": (
        "stream",
        lambda day: inserted(
            day, 3, happened.PlanChanged(plan=a_plan(date="2020-03-18"), version=2)
        ),
    ),
    "a ticket appears from nowhere": (
        "states",
        lambda day: without(day, of(day, happened.TicketIssued, 8)),
    ),
}


def test_the_short_day_is_sound(sound: Journal) -> None:
    assert findings(sound) == []


def test_cleaning_that_is_over_before_it_begins_is_found() -> None:
    day = Day(with_groups())
    day.start_sanitation()
    assert findings(day.journal) == []
    found = findings(changed(day.journal, of(day.journal, happened.CleaningStarted), until=1))
    assert "sanitation" in {finding.law for finding in found}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_found(sound: Journal, defect: str) -> None:
    law, plant = DEFECTS[defect]
    assert law in {finding.law for finding in findings(plant(sound))}


def unended(journal: Journal, now: int) -> list[str]:
    """What is found when the entries are all that was written by `now`."""
    examination = Examination()
    for entry in journal:
        examination.see(entry)
    examination.end(now)
    return [f"{found.law}: {found.how}" for found in examination.findings]


def test_a_day_that_nobody_ended_is_told_when_somebody_was_at_work_later(sound: Journal) -> None:
    cut = without(sound, of(sound, happened.DayEnded))
    left = sum(
        len(entry.event.expired) for entry in sound if isinstance(entry.event, happened.DayEnded)
    )
    assert left > 0
    assert unended(cut, clock("19:59")) == []
    told = f"nobody forgotten: the day is over, not ended: {left} tickets are still open"
    assert unended(cut, clock("20:01")) == [told]
    assert unended(sound, clock("48:00")) == []


@pytest.mark.parametrize("closed_reason", ["", "holiday"])
def test_a_day_on_which_nobody_came_needs_no_end(closed_reason: str) -> None:
    day = Day(a_plan(closed_reason=closed_reason))
    assert unended(day.journal, clock("48:00")) == []


def test_a_service_that_was_away_may_end_a_day_days_later(sound: Journal) -> None:
    away = later(sound, of(sound, happened.DayEnded), 72)
    assert findings(away) == []


# --- in the database ----------------------------------------------------------------------------


@pytest.fixture
async def written(database_url: str) -> None:
    async with journal_on(database_url) as journal:
        await open_days(journal, BRANCH, "astana")
        await open_days(journal, BRANCH, date=NEXT_DATE)
        await take_many(journal, 5)


async def examined(pool: Pool, *asked_for: Any) -> list[StreamReport]:  # noqa: ANN401
    return [report async for report in verify(pool, *asked_for)]


async def test_a_sound_database_has_no_findings(pool: Pool, written: None) -> None:
    reports = await examined(pool)
    assert [(report.branch, report.date, report.entries) for report in reports] == [
        ("astana", DATE, 1),
        (BRANCH, DATE, 6),
        (BRANCH, NEXT_DATE, 1),
    ]
    assert [line for report in reports for line in report.lines()] == []


async def test_branch_and_date_narrow_what_is_examined(pool: Pool, written: None) -> None:
    assert len(await examined(pool, BRANCH)) == 2
    assert len(await examined(pool, BRANCH, NEXT_DATE)) == 1
    assert len(await examined(pool, None, DATE)) == 2
    assert await examined(pool, "nowhere") == []


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        ("DELETE FROM event WHERE seq = 4", "entry 5: gapless: entry 4 was expected here"),
        ("DELETE FROM event WHERE seq = 1", "entry 2: gapless: entry 1 was expected here"),
        (
            "UPDATE event SET at = at - 7 WHERE seq = 4",
            "entry 4: time: 7 ms before the entry before",
        ),
        ("UPDATE event SET body = '{}' WHERE seq = 4", "entry 4: replay: the body is no event"),
        ("UPDATE event SET kind = 'TicketLeft' WHERE seq = 4", "entry 4: replay: the row says"),
        (
            'UPDATE event SET body = body || \'{"number": "P-001"}\' WHERE seq = 4',
            "entry 4: numbers: P-001 is number 3 of its letter",
        ),
        ("UPDATE event SET actor = '' WHERE seq = 4", "entry 4: actor: nobody is named"),
    ],
)
async def test_harm_in_the_database_is_told_in_plain_lines(
    pool: Pool, written: None, harm: str, line: str
) -> None:
    await pool.execute(f"{harm} AND branch = '{BRANCH}' AND date = '{DATE}'")
    reports = await examined(pool, BRANCH, DATE)
    assert any(told.startswith(f"{BRANCH} {DATE}, {line}") for told in reports[0].lines())


async def test_a_stream_filed_elsewhere_is_told(pool: Pool, written: None) -> None:
    await pool.execute(f"UPDATE event SET branch = 'almaty' WHERE branch = '{BRANCH}'")
    (report, _) = await examined(pool, "almaty")
    assert "stream: the plan is that of uralsk-2 on 2020-03-19" in report.lines()[0]


async def test_a_past_day_is_not_sound_before_it_is_ended(pool: Pool, written: None) -> None:
    await pool.execute(
        f"UPDATE event SET at = at + 86400000 WHERE branch = '{BRANCH}' AND date = '{NEXT_DATE}'"
    )
    (report,) = await examined(pool, BRANCH, DATE)
    assert [finding.law for finding in report.findings] == ["nobody forgotten"]


def test_what_is_stored_is_what_was_decided(sound: Journal) -> None:
    assert all(happened.decode(encode(entry.event)) == entry.event for entry in sound)
