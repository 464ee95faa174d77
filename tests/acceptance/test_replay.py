"""The published story, lived through by the real command against a real service."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import msgspec
import pytest
from rich.console import Console

from queue_service.machine.postgres import EmbeddedPostgres
from queue_service.machine.replay import own_service
from schemas.wire_figures import DayFigures
from schemas.wire_plan import JournalPage
from simulation.live.demand import Calendar, story_day
from simulation.live.scenario import load_scenario
from simulation.live.table import Row, table
from simulation.live.tokens import read_tokens
from tests.acceptance.command import kezek
from tests.folders import server_folder
from tests.pages import table_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
STORY = load_scenario("uralsk-2020-03")
Journal = list[dict[str, object]]


class Lived(msgspec.Struct):
    """What the story left behind: rows of the command, figures and journals of the service."""

    rows: list[Row]
    figures: list[DayFigures]
    journals: list[Journal]
    again: subprocess.CompletedProcess[str]
    """The same command a second time, against the same service."""
    verified: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    with server_folder() as folder, EmbeddedPostgres(folder) as server:
        yield asyncio.run(_live(server.url, folder))


async def _live(database_url: str, folder: Path) -> Lived:
    async with own_service(database_url, folder) as (api, sign_ins):
        arguments = (STORY.name, "--json", "--api", api, "--tokens", str(sign_ins))
        done = await asyncio.to_thread(kezek, "replay", *arguments)
        assert done.returncode == 0, done.stderr
        rows = [msgspec.json.decode(line, type=Row) for line in done.stdout.splitlines()]
        again = await asyncio.to_thread(kezek, "replay", *arguments)
        token = read_tokens(sign_ins)["planner"]
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
            branch = f"{api}/v1/branches/{STORY.branch}"
            dates = [str(day.date) for day in STORY.days]
            figures = [await _figures(session, branch, date) for date in dates]
            journals = [await _journal(session, branch, date) for date in dates]
    verified = kezek("journal", "verify", KEZEK_DATABASE_URL=database_url)
    return Lived(rows, figures, journals, again, verified)


async def _figures(session: aiohttp.ClientSession, branch: str, date: str) -> DayFigures:
    async with session.get(f"{branch}/day?date={date}") as response:
        return msgspec.json.decode(await response.read(), type=DayFigures)


async def _journal(session: aiohttp.ClientSession, branch: str, date: str) -> Journal:
    lines: Journal = []
    after, complete = 0, False
    while not complete:
        async with session.get(f"{branch}/journal?date={date}&after={after}") as response:
            page = msgspec.json.decode(await response.read(), type=JournalPage)
        lines += [line.event | {"at_ms": line.at_ms} for line in page.entries]
        after, complete = page.next_after, page.complete
    return lines


def test_a_crush_inside_on_the_16th_and_17th(lived: Lived) -> None:
    for row in lived.rows[:2]:
        assert row.peak_hall_people > 2 * STORY.hall_holds.value
        assert row.groups == 0
        assert row.pauses == 0


def test_the_queue_stands_in_the_street_on_the_19th(lived: Lived) -> None:
    *before, thursday, friday = lived.rows
    assert thursday.peak_street_people > 2 * max(row.peak_street_people for row in before)
    assert thursday.peak_street_people > 5 * friday.peak_street_people
    assert thursday.peak_hall_people < STORY.hall_holds.value
    assert thursday.groups > 0
    assert thursday.pauses > 0
    assert thursday.carried_over > 0


def test_both_are_gone_on_the_20th_when_four_fifths_are_sent_online(lived: Lived) -> None:
    *before, friday = lived.rows
    assert 0.7 < friday.refused_online / friday.came < 0.85
    assert all(row.refused_online == 0 for row in before)
    assert friday.peak_hall_people < STORY.hall_holds.value
    assert friday.peak_street_people < min(row.peak_street_people for row in before)
    assert friday.served > 0.95 * friday.tickets
    assert friday.last_served is not None
    assert friday.last_served < "17:30"


def test_nobody_is_lost_from_one_day_to_the_next(lived: Lived) -> None:
    for figures in lived.figures:
        ends = (figures.served, figures.cancelled, figures.redirected, figures.missed)
        assert figures.issued == sum(ends) + figures.no_shows + figures.carried_over
        assert figures.visits == figures.issued + sum(figures.refused.values())
        assert figures.waiting_now == figures.hall_now == 0
    carried = {event["carried_from"] for event in lived.journals[-1] if "carried_from" in event}
    assert carried
    expired = (event["expired"] for event in lived.journals[-2] if "expired" in event)
    assert carried <= {ticket for tickets in expired for ticket in tickets}  # type: ignore[attr-defined]


def test_nobody_counts_twice_on_a_day(lived: Lived) -> None:
    may_come_back = 0
    for day, row in zip(STORY.days, lived.rows, strict=True):
        drawn = len(story_day(STORY, day, Calendar(day.date, "Asia/Oral"), ()))
        assert drawn <= row.came <= drawn + may_come_back
        may_come_back = row.refused_too_late + row.gave_up + row.carried_over
    assert lived.rows[-1].refused_online > may_come_back, "some who count twice would be noticed"


def test_the_tickets_of_every_row_add_up(lived: Lived) -> None:
    for row in lived.rows:
        assert row.tickets == row.served + row.gave_up + row.carried_over


def test_the_table_fits_a_plain_terminal_and_shows_who_gave_up() -> None:
    many = {name: 1000 for name in Row.__struct_fields__ if name not in ("date", "last_served")}
    wide = msgspec.convert({"date": "2020-03-16", "last_served": "17:30", **many}, Row)
    odd = msgspec.structs.replace(wide, gave_up=159)
    console = Console(width=80)
    with console.capture() as said:
        console.print(table(STORY, (odd,)))
    day = next(line for line in said.get().splitlines() if "Mon 16" in line)
    assert day.split()[2:] == [*["1000"] * 9, "159", "1000", "17:30"]


def test_the_table_agrees_with_the_journals(lived: Lived) -> None:
    for row, journal in zip(lived.rows, lived.journals, strict=True):
        kinds = Counter(event["kind"] for event in journal)
        reasons = Counter(event["reason"] for event in journal if event["kind"] == "VisitRefused")
        assert row.tickets == kinds["TicketIssued"]
        assert row.came == kinds["TicketIssued"] + kinds["VisitRefused"]
        assert row.refused_online == reasons["online_only"]
        assert row.refused_too_late == reasons["cannot_be_served_today"]
        assert row.groups == kinds["GroupReleased"]
        assert row.pauses == kinds["CleaningConfirmed"]
        assert row.people_came == _people(journal, "TicketIssued", "VisitRefused")


def _people(journal: Journal, *kinds: str) -> int:
    return sum(int(str(event.get("party", 1))) for event in journal if event["kind"] in kinds)


def test_the_page_of_the_story_says_what_comes_out(lived: Lived) -> None:
    for told, row in zip(table_of("uralsk.md", "day | came"), lived.rows, strict=True):
        found = (row.came, row.refused_online, row.served)
        peaks = (row.peak_hall_people, row.peak_street_people)
        assert [cell.partition(" / ")[0] for cell in told[1:]] == [*map(str, (*found, *peaks))]
    passports = [
        event
        for journal in lived.journals[:4]
        for event in journal
        if event["kind"] == "TicketIssued" and "passport" in event["services"]  # type: ignore[operator]
    ]
    people = sum(int(str(event.get("party", 1))) for event in passports)
    monday, _, _, thursday, friday = lived.rows
    page = text_of("uralsk.md")
    assert f"{monday.peak_street_people} people stand before the door" in page
    assert f"{people} people with {len(passports)} visits for passports" in page
    assert f"{thursday.groups} groups of 10 at most [A], {thursday.pauses} pauses" in page
    share = f"({100 * friday.refused_online / friday.came:.0f} %)"
    assert f"{friday.refused_online} of {friday.came} visits sent online {share}" in page
    assert f"the last one served at {friday.last_served}" in page


def test_groups_keep_to_their_size_and_interval(lived: Lived) -> None:
    for journal in lived.journals[3:]:
        groups = [event for event in journal if event["kind"] == "GroupReleased"]
        assert all(int(str(group["people"])) <= 10 for group in groups)
        instants = [int(str(group["at_ms"])) for group in groups]
        gaps = [later - earlier for earlier, later in pairwise(instants)]
        assert min(gaps) >= 10 * 60_000


def test_every_journal_verifies_afterwards(lived: Lived) -> None:
    assert lived.verified.returncode == 0, lived.verified.stdout


def test_a_story_is_not_lived_through_twice_by_the_same_branch(lived: Lived) -> None:
    assert lived.again.returncode == 1
    assert f"has been through {STORY.days[0].date} already" in lived.again.stderr


@pytest.mark.long
async def test_the_same_seed_gives_the_same_day_and_ctrl_c_shows_it(lived: Lived) -> None:
    story = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "queue_service", "replay", STORY.name, "--json"),
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert story.stdout
    first = await story.stdout.readline()
    story.send_signal(signal.SIGINT)
    _, rc = await story.stdout.read(), await story.wait()
    assert msgspec.json.decode(first, type=Row) == lived.rows[0]
    assert rc == 130


def test_the_table_says_what_was_published_and_what_is_assumed() -> None:
    console = Console(width=110, record=True)
    with console.capture() as said:
        console.print(table(STORY, ()))
    text = " ".join(said.get().split())
    assert "[R] a rush for passports" in text
    assert "[A] all counts of visitors" in text


@pytest.mark.parametrize(
    ("clock", "sentence"),
    [
        ("real", "has a clock of its own: start one with KEZEK_CLOCK=driven"),
        ("driven", f"The clock of the service is past the morning of {STORY.days[0].date}: "),
    ],
)
async def test_a_service_whose_clock_cannot_be_driven_there_is_refused(
    clock: str, sentence: str
) -> None:
    with server_folder() as folder, EmbeddedPostgres(folder) as server:
        async with own_service(server.url, folder, clock) as (api, sign_ins):
            await _move_clock(api, read_tokens(sign_ins)["planner"])
            arguments = (STORY.name, "--api", api, "--tokens", str(sign_ins))
            done = await asyncio.to_thread(kezek, "replay", *arguments)
    assert (done.returncode, done.stdout.strip()) == (1, "")
    assert sentence in done.stderr


async def _move_clock(api: str, token: str) -> None:
    """To a day long after the story; a service with a clock of its own refuses it."""
    headers = {"Authorization": f"Bearer {token}", "Kezek-Now": "1600000000000"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"{api}/v1/branches"),
    ):
        pass


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--speed", "foo"), "argument --speed: write max or a number above 0, such as 60"),
        (("--api", "foo"), "argument --api: write an address such as http://127.0.0.1:8080"),
    ],
)
def test_a_wrong_option_says_what_to_write(arguments: tuple[str, str], sentence: str) -> None:
    done = kezek("replay", STORY.name, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_an_unknown_story_is_one_sentence() -> None:
    done = kezek("replay", "uralsk")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"No scenario 'uralsk'. Did you mean {STORY.name}? Known are: {STORY.name}.\n"
    )


def test_a_file_of_tokens_that_is_not_there_is_one_sentence() -> None:
    done = kezek("replay", STORY.name, "--api", "http://127.0.0.1:1", "--tokens", "nowhere.json")
    assert done.returncode == 1
    assert done.stderr.startswith("The file of tokens cannot be read: ")


def test_last_served_is_a_time_of_day_of_the_branch(lived: Lived) -> None:
    for row, figures in zip(lived.rows, lived.figures, strict=True):
        assert figures.last_served_at is not None
        moment = datetime.fromisoformat(figures.last_served_at)
        assert row.last_served == f"{moment:%H:%M}"
        assert str(moment.date()) == row.date
