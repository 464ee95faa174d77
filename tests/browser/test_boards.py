"""The hall board and the street board: who is called, who goes in, what is said aloud."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from playwright.async_api import expect

from displays import voice
from displays.voice_words import phrases, words
from tests.acceptance.waiting import wait_until
from tests.browser.stage import (
    BOARD,
    KIOSK,
    PHONE,
    SWITCHES,
    chromium,
    overflows,
    texts,
    violations,
)
from tests.contract.http_client import BRANCH, HERE, local

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

    from tests.browser.stage import Stage

LARGEST = (3840, 2160)
BOTH = "kk,ru"
KK, RU = texts("boards", "kk"), texts("boards", "ru")
SERVICES = ("passport", "identity-card", "old-age-pension", "driving-licence", "birth-benefit")
LISTEN = """
  window.said = [];
  addEventListener("kezek-announced", (event) => said.push(event.detail));
"""
LONG = {
    "kk": "Құрметті келушілер! Жеке куәліктер мен төлқұжаттарды беру терезелерінде жөндеу жұмыстары"
    " жүріп жатқандықтан, қабылдау уақытша екінші қабаттағы қосымша терезелерде жүргізіледі;"
    " мүмкіндігі шектеулі жандарды бірінші қабаттағы кезекші маман қабылдайды. Түсіністік"
    " танытқаныңызға рақмет айтамыз!",
    "ru": "Уважаемые посетители! В окнах выдачи удостоверений и паспортов идут ремонтные работы,"
    " приём временно ведётся в дополнительных окнах на втором этаже; людей с ограниченными"
    " возможностями принимает дежурный специалист на первом этаже. Благодарим за понимание!",
    "en": "Dear visitors, the counters for identity cards and passports are being repaired.",
}


async def hall(
    stage: Stage, language: str = "ru", size: tuple[int, int] = BOARD, **blocked: str
) -> Page:
    """A hall board that has the queue before it; what it says is kept in `said`."""
    context = await stage.context(size)
    await context.add_init_script(LISTEN)
    if "route" in blocked:
        await context.route(blocked["route"], lambda route: route.abort())
    page = await stage.open("hall", "kiosk", language=language, context=context)
    voices = "" if blocked else language
    await page.wait_for_selector(f'.hall[data-voices="{voices}"]')
    return page


async def street(stage: Stage, language: str = "ru", size: tuple[int, int] = BOARD) -> Page:
    """A street board that has the queue before it; it needs no device of the branch."""
    page = await stage.open("street", language=language, size=size, branch=BRANCH)
    await page.wait_for_selector(".street")
    return page


async def said(page: Page, calls: int) -> list[dict[str, Any]]:
    """The announcements, once there have been so many."""
    heard: list[dict[str, Any]] = []

    async def enough() -> bool:
        heard[:] = await page.evaluate("said")
        return len(heard) >= calls

    await wait_until(enough, f"{calls} calls are said")
    return heard


def numbered(page: Page, number: str) -> Locator:
    return page.locator(f'[data-number="{number}"]')


async def called(stage: Stage, *counters: str) -> list[dict[str, Any]]:
    """Whom the counters call, all at once."""
    answers = await asyncio.gather(*(stage.client.counter(c, "call-next") for c in counters))
    return [answer.body for answer in answers]


async def opened(stage: Stage, *counters: str, tickets: int) -> None:
    """Counters at work and visitors in the hall."""
    for counter in counters:
        await stage.client.counter(counter, "open")
    for _ in range(tickets):
        await stage.client.take()


# --- calls ---------------------------------------------------------------------------------------


async def test_a_call_is_on_the_board_within_a_second_and_said_in_both_languages(
    stage: Stage,
) -> None:
    await opened(stage, "16", tickets=1)
    page = await hall(stage, BOTH)
    await expect(page.locator(".lead")).to_contain_text(KK["nobody_called"])
    [ticket] = await called(stage, "16")
    lead = page.locator(".lead.fresh")
    await expect(lead).to_have_text(f"{ticket['number']}16")
    [announced] = await said(page, 1)
    assert (announced["number"], announced["counter"]) == (ticket["number"], "16")
    assert (announced["again"], announced["chime"]) == (False, True)
    assert announced["voices"] == ["kk", "ru"]


async def test_calls_at_the_same_time_are_all_shown_and_all_said(stage: Stage) -> None:
    await opened(stage, "1", "2", "3", tickets=3)
    page = await hall(stage)
    tickets: list[dict[str, Any]] = []
    for counters in (("1", "2"), ("3",)):
        tickets += await called(stage, *counters)
        for ticket in tickets:
            shown = f"{ticket['number']}{ticket['counter']}"
            await expect(numbered(page, ticket["number"])).to_have_text(shown)
    announced = await said(page, 3)
    assert {one["number"]: one["counter"] for one in announced} == {
        ticket["number"]: ticket["counter"] for ticket in tickets
    }
    assert [one["voices"] for one in announced] == [["ru"]] * 3


async def test_a_call_takes_its_place_in_the_list_under_the_next(stage: Stage) -> None:
    await opened(stage, "1", "2", tickets=2)
    page = await hall(stage)
    [first] = await called(stage, "1")
    await said(page, 1)
    [second] = await called(stage, "2")
    await said(page, 2)
    await expect(page.locator(".lead")).to_have_attribute("data-number", second["number"])
    await expect(page.locator(".rows .call")).to_have_text(f"{first['number']}1")


async def test_a_recall_is_said_again(stage: Stage) -> None:
    await opened(stage, "4", tickets=1)
    page = await hall(stage)
    [ticket] = await called(stage, "4")
    await said(page, 1)
    await stage.client.act(ticket, "recall")
    announced = await said(page, 2)
    assert [(one["number"], one["again"]) for one in announced] == [
        (ticket["number"], False),
        (ticket["number"], True),
    ]
    await expect(numbered(page, ticket["number"])).to_have_count(1)


async def test_a_board_that_is_opened_later_shows_the_calls_and_keeps_silent(stage: Stage) -> None:
    await opened(stage, "1", "2", tickets=2)
    before = await called(stage, "1", "2")
    page = await hall(stage)
    for ticket in before:
        await expect(numbered(page, ticket["number"])).to_be_visible()
    [ticket] = [await stage.client.take()]
    await stage.client.counter("3", "open")
    await called(stage, "3")
    assert [one["number"] for one in await said(page, 1)] == [ticket["number"]]


async def test_who_has_been_served_leaves_the_board(stage: Stage) -> None:
    await opened(stage, "1", "2", tickets=2)
    first, second = await called(stage, "1", "2")
    page = await hall(stage)
    await stage.client.act(first, "start")
    await stage.client.act(first, "finish")
    await expect(numbered(page, first["number"])).to_have_count(0)
    await expect(numbered(page, second["number"])).to_be_visible()


@pytest.mark.kills_gateway
async def test_a_board_that_was_cut_off_says_so_and_misses_no_call(stage: Stage) -> None:
    await opened(stage, "1", "2", "3", tickets=3)
    page = await hall(stage)
    await stage.gateway.kill()
    stale = page.locator(".stale")
    await expect(stale).to_have_text(RU["stale_since"].format(time="10:00"))
    tickets = await called(stage, "1", "2", "3")
    await stage.gateway.start()
    for ticket in tickets:
        await expect(numbered(page, ticket["number"])).to_be_visible(timeout=10_000)
    await expect(stale).to_have_count(0)
    announced = await said(page, 3)
    assert {one["number"] for one in announced} == {ticket["number"] for ticket in tickets}


# --- sound ---------------------------------------------------------------------------------------


async def test_without_a_voice_the_chime_is_left(stage: Stage) -> None:
    await opened(stage, "3", tickets=1)
    page = await hall(stage, route="**/voice/*.ogg")
    [ticket] = await called(stage, "3")
    [announced] = await said(page, 1)
    assert (announced["chime"], announced["voices"]) == (True, [])
    await expect(page.locator(".lead.fresh")).to_have_attribute("data-number", ticket["number"])


async def test_a_browser_that_wants_a_touch_first_gets_one_and_then_speaks(
    stage: Stage, browser: Browser
) -> None:
    switches = [switch for switch in SWITCHES if "autoplay" not in switch]
    strict = await browser.browser_type.launch(executable_path=chromium(), args=switches)
    async with strict:
        page = await strict.new_page(viewport={"width": BOARD[0], "height": BOARD[1]})
        await page.add_init_script(LISTEN)
        await stage.go(page, "hall", lang="ru", branch=BRANCH)
        button = page.get_by_role("button", name=RU["enable_sound"])
        await button.wait_for()
        await opened(stage, "1", "2", tickets=2)
        await called(stage, "1")
        assert [one["chime"] for one in await said(page, 1)] == [False]
        await button.click()
        await expect(button).to_have_count(0)
        await called(stage, "2")
        assert [one["chime"] for one in await said(page, 2)] == [False, True]


async def test_in_a_crowd_of_calls_the_first_are_only_chimed(stage: Stage) -> None:
    context = await stage.context()
    await context.add_init_script(LISTEN)
    page = await stage.open("", language="ru", context=context)
    await page.evaluate(
        """async () => {
          const { Announcer } = await import("/shared/voice.js");
          const announcer = await new Promise((loaded) => {
            const made = new Announcer(["ru"], () => made.voices.length && loaded(made));
          });
          const call = (seq) => ({ seq, number: `P-00${seq}`, counter: "1", at: "", again: false });
          announcer.add([1, 2, 3, 4, 5, 6].map(call));
        }"""
    )
    first, second, third, *_ = await said(page, 3)
    assert [one["number"] for one in (first, second, third)] == ["P-001", "P-002", "P-003"]
    assert [one["voices"] for one in (first, second, third)] == [[], ["ru"], ["ru"]]


@pytest.mark.parametrize(
    "broken",
    [
        "delete window.AudioContext;",
        "OscillatorNode.prototype.start = () => { throw new Error('no loudspeaker'); };",
        "AudioBufferSourceNode.prototype.start = () => { throw new Error('no sound'); };",
    ],
)
async def test_a_sound_that_fails_holds_no_call_back(stage: Stage, broken: str) -> None:
    await opened(stage, "1", "2", tickets=2)
    context = await stage.context(BOARD)
    await context.add_init_script(LISTEN + broken)
    page = await stage.open("hall", "kiosk", language="ru", context=context)
    await page.wait_for_selector(".hall-main")
    await called(stage, "1", "2")
    assert {one["number"] for one in await said(page, 2)} == {"P-001", "P-002"}
    await expect(numbered(page, "P-001")).to_be_visible()
    await expect(numbered(page, "P-002")).to_be_visible()


SCHEDULE = """
  window.played = [];
  for (const kind of [OscillatorNode, AudioBufferSourceNode]) {
    const start = kind.prototype.start;
    kind.prototype.start = function (at, from, length) {
      played.push({ chime: kind === OscillatorNode, at, from, until: at + (length ?? 0) });
      start.apply(this, arguments);
    };
  }
"""


async def test_the_chime_comes_first_then_kazakh_then_russian_part_by_part(stage: Stage) -> None:
    await opened(stage, "5", tickets=1)
    context = await stage.context(BOARD)
    await context.add_init_script(LISTEN + SCHEDULE)
    page = await stage.open("hall", "kiosk", language=BOTH, context=context)
    await page.wait_for_selector(f'.hall[data-voices="{BOTH}"]')
    await page.evaluate(
        """async () => {
          const { Announcer } = await import("/shared/voice.js");
          window.made = await new Promise((loaded) => {
            const made = new Announcer(["kk", "ru"], () => made.voices.length == 2 && loaded(made));
          });
        }"""
    )
    await context.set_offline(True)
    call = {"seq": 9, "number": "P-117", "counter": "5", "at": "", "again": False}
    await page.evaluate("(call) => made.add([call])", call)
    [announced] = await said(page, 1)
    assert announced["voices"] == ["kk", "ru"]
    played = await page.evaluate("played")
    assert [one["chime"] for one in played[:2]] == [True, True]
    parts = played[2:]
    named = ["ticket-P", "100", "17", "counter-5"]
    wanted = [index_of(language).parts[name][0] for language in ("kk", "ru") for name in named]
    assert [one["from"] for one in parts] == wanted
    assert played[1]["at"] < parts[0]["at"]
    assert all(one["until"] <= after["at"] for one, after in pairwise(parts))


def index_of(language: str) -> voice.Index:
    return msgspec.json.decode((voice.FOLDER / f"{language}.json").read_bytes(), type=voice.Index)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_voices_say_the_words_of_today(language: str) -> None:
    index = index_of(language)
    assert index.words == phrases(language), "run python -m displays.voice"
    assert index.parts.keys() == index.words.keys()
    assert (voice.FOLDER / index.sound).read_bytes()[:4] == b"OggS"


def test_windows_are_named_as_each_language_names_them() -> None:
    assert set(words()) == {"kk", "ru", "en"}
    assert phrases("kk")["counter-5"] == "бесінші терезеге келіңіз."
    assert phrases("kk")["counter-20"] == "жиырмасыншы терезеге келіңіз."
    assert phrases("kk")["counter-16"] == "он алтыншы терезеге келіңіз."
    assert phrases("ru")["counter-16"] == "подойдите к окну шестнадцать."
    assert (phrases("ru")["87"], phrases("kk")["40"]) == ("восемьдесят семь,", "қырық,")


async def test_a_call_is_put_together_from_its_parts(stage: Stage) -> None:
    page = await stage.open("", language="ru")
    wanted = {
        "P-017 5": ["ticket-P", "17", "counter-5"],
        "S-100 16": ["ticket-S", "100", "counter-16"],
        "E-1205 4": ["ticket-E", "1000", "200", "5", "counter-4"],
        "P-001 4-a": ["ticket-P", "1", "counter", "4", "letter-A"],
        "P-001 B105": ["ticket-P", "1", "counter", "letter-B", "100", "5"],
        "P-000 0": ["ticket-P", "0", "counter", "0"],
        "Ф-001 5": [],
    }
    put_together = await page.evaluate(
        """async (calls) => {
          const { spoken } = await import("/shared/voice.js");
          const { parts } = await (await fetch("/voice/kk.json")).json();
          return calls.map((call) => spoken(parts, ...call.split(" ")));
        }""",
        list(wanted),
    )
    assert put_together == list(wanted.values())


# --- the hall and its day ------------------------------------------------------------------------


async def outside(stage: Stage, tickets: int, *services: str) -> None:
    """Visitors who wait, for a passport or for each of the services in turn."""
    wanted = services or ("passport",)
    for n in range(tickets):
        await stage.client.take(service=wanted[n % len(wanted)], despite_closing=True)


async def groups(stage: Stage, tickets: int) -> dict[str, Any]:
    """Visitors outside, and the first ten of them released."""
    await outside(stage, tickets)
    return await stage.client.release()


async def test_the_hall_board_shows_the_group_and_how_full_the_hall_is(thursday: Stage) -> None:
    group = await groups(thursday, 12)
    for ticket in group["tickets"][:4]:
        await thursday.client.act(ticket, "entered")
    page = await hall(thursday)
    await expect(page.locator(".chip")).to_have_text([t["number"] for t in group["tickets"][4:]])
    await expect(page.locator(".entering h2")).to_have_text(RU["enter_now"])
    await expect(page.locator(".enter-until")).to_have_text(f"{RU['enter_until']}10:10")
    await expect(page.locator(".next-group")).to_have_text(f"{RU['next_group']}≈ 10:10")
    await expect(page.locator(".meter-figure")).to_have_text("4 / 40")
    await expect(page.locator("[data-hours=closes]")).to_have_text(f"{RU['closes']}18:00")
    await expect(page.locator("[data-message=regime]")).to_contain_text("вход небольшими группами")


async def test_a_pause_is_told_before_it_and_counted_through(thursday: Stage) -> None:
    client = thursday.client
    client.clock(local(19, "10:35"))
    group = await groups(thursday, 2)
    inside = group["tickets"][0]
    await client.act(inside, "entered")
    page = await hall(thursday)
    banner = page.locator(".banner")
    await expect(banner).to_have_attribute("data-state", "pause_soon")
    client.clock(local(19, "10:46"))
    await client.take(despite_closing=True)
    await expect(banner).to_have_attribute("data-state", "draining")
    await expect(banner.get_by_role("timer")).to_have_text("14:00")
    client.clock(local(19, "11:01"))
    await client.take(despite_closing=True)
    await expect(banner).to_have_attribute("data-state", "emptying")
    await client.act(inside, "left")
    await client.take(despite_closing=True)
    await expect(banner).to_have_attribute("data-state", "cleaning")
    await expect(banner.get_by_role("timer")).to_have_text("15:00")
    client.clock(local(19, "11:17"))
    await client.take(despite_closing=True)
    await expect(banner).to_have_attribute("data-state", "cleaned")
    await client.post(f"{HERE}/sanitation/confirm", None, "attendant")
    await expect(banner).to_have_count(0)


async def test_a_board_tells_the_day_before_it_and_after_it(stage: Stage) -> None:
    client = stage.client
    client.clock(local(16, "08:30"))
    page = await hall(stage, BOTH)
    banner = page.locator(".banner")
    await expect(banner).to_have_attribute("data-state", "before_opening")
    await expect(banner).to_contain_text("09:00")
    await expect(banner.get_by_role("timer")).to_have_count(0)
    await client.take()
    await expect(banner.get_by_role("timer")).to_have_text("30:00")
    client.clock(local(16, "09:00"))
    await client.counter("1", "open")
    await expect(banner).to_have_count(0)
    await called(stage, "1")
    client.clock(local(16, "17:50"))
    await client.counter("2", "open")
    await expect(banner).to_have_attribute("data-state", "admission_over")
    client.clock(local(16, "18:01"))
    await client.get(f"{HERE}/board")
    await client.counter("2", "close")
    await expect(banner).to_have_attribute("data-state", "closing")


async def test_a_board_says_why_the_branch_is_closed(stage: Stage) -> None:
    stage.client.clock(local(22, "11:00"))
    refused = await stage.client.post(f"{HERE}/tickets", {"service": "passport"}, "kiosk")
    assert refused.kind == "day-closed"
    page = await street(stage)
    banner = page.locator(".banner.whole")
    await expect(banner).to_have_attribute("data-state", "closed_today")
    board = (await stage.client.get(f"{HERE}/board")).body
    await expect(banner).to_contain_text(board["closed_text"]["ru"])


async def test_a_message_of_the_manager_is_told_in_the_languages_of_the_board(
    stage: Stage,
) -> None:
    await opened(stage, "1", tickets=1)
    page = await hall(stage)
    await say(stage)
    await expect(page.locator("[data-message=message]")).to_contain_text(LONG["ru"])


async def test_every_regime_and_the_message_are_told_in_both_languages_at_once(
    thursday: Stage,
) -> None:
    thursday.client.clock(local(20, "10:00"))
    await outside(thursday, 1, "old-age-pension")
    regimes = (await thursday.client.get(f"{HERE}/board")).body["regime_names"]
    assert len(regimes) > 1
    await say(thursday)
    for board in (await hall(thursday, BOTH), await street(thursday, BOTH)):
        for language in ("kk", "ru"):
            told = board.locator(f"[data-message=regime] [lang={language}]")
            for regime in regimes:
                await expect(told).to_contain_text(regime[language])
            message = board.locator(f"[data-message=message] [lang={language}]")
            await expect(message).to_contain_text(LONG[language])


async def test_a_banner_speaks_both_languages_at_once(stage: Stage) -> None:
    stage.client.clock(local(16, "08:30"))
    await stage.client.take()
    page = await street(stage, BOTH)
    for language, catalogue in (("kk", KK), ("ru", RU)):
        told = page.locator(f".banner [lang={language}]")
        await expect(told).to_contain_text(catalogue["state_before_opening"])


async def test_few_calls_are_shown_large_and_use_an_upright_board(thursday: Stage) -> None:
    client = thursday.client
    counters = [str(counter) for counter in range(1, 17)]
    await opened(thursday, *counters, tickets=0)
    for at in ("10:00", "10:10"):
        client.clock(local(19, at))
        await outside(thursday, 10, *SERVICES)
        for ticket in (await client.release())["tickets"]:
            await client.act(ticket, "entered")
    await called(thursday, "1", "2")
    page = await hall(thursday, size=KIOSK)
    row = page.locator(".rows .call").first
    await row.wait_for()
    few = await row.bounding_box()
    side = await page.locator(".side").bounding_box()
    assert few is not None
    assert side is not None
    assert side["height"] > KIOSK[1] / 3
    for counter in counters[2:]:
        await client.counter(counter, "call-next")
    at_work = len((await client.get(f"{HERE}/board")).body["calls"])
    await expect(page.locator(".rows .call")).to_have_count(at_work - 1)
    many = await row.bounding_box()
    assert many is not None
    assert many["height"] < few["height"]


async def say(stage: Stage) -> None:
    """The manager puts up a long message."""
    plan = await stage.client.get(f"{HERE}/plan")
    change = {"message": LONG, "reason": "a repair"}
    changed = await stage.client.ask(
        "PATCH", f"{HERE}/plan", change, "manager", If_Match=plan.headers["ETag"]
    )
    assert changed.body["version"] == plan.body["version"] + 1


async def test_a_board_of_no_branch_says_so(stage: Stage) -> None:
    page = await stage.open("hall", language="ru", branch="nowhere")
    told = RU["unknown_branch"].format(branch="nowhere")
    await expect(page.get_by_role("heading")).to_have_text(told)


@pytest.mark.kills_gateway
async def test_a_board_that_is_opened_without_a_gateway_says_so_until_it_is_there(
    stage: Stage,
) -> None:
    await stage.gateway.kill()
    page = await stage.open("hall", language="ru", branch=BRANCH)
    await expect(page.get_by_role("heading", name=RU["no_connection"])).to_be_visible()
    await stage.gateway.start()
    await page.wait_for_selector(".hall")


async def test_a_board_that_is_nobodys_asks_to_be_paired(stage: Stage) -> None:
    page = await stage.open("street", language="ru")
    await page.wait_for_url("**/pair/?for=street")


# --- the street ----------------------------------------------------------------------------------


async def test_the_street_board_tells_who_goes_in_who_is_next_and_when_the_others_are(
    thursday: Stage,
) -> None:
    group = await groups(thursday, 25)
    page = await street(thursday)
    numbers = page.locator(".go-numbers .number")
    await expect(numbers).to_have_text([ticket["number"] for ticket in group["tickets"]])
    await expect(page.locator(".deadline .number").first).to_have_text("10:10")
    await expect(page.locator(".deadline .left")).to_have_text("10:00")
    rows = page.locator(".waiting li")
    bars = {"≈ 10:10": range(11, 21), "≈ 10:20": range(21, 26)}
    shown = [f"{time}{_passports(numbers)}" for time, numbers in bars.items()]
    await expect(rows).to_have_text(shown)
    await expect(page.locator(".facts .next-in")).to_have_text(f"{RU['next_group']}≈ 10:10")
    await expect(page.locator(".more")).to_have_count(0)


async def test_the_next_group_has_one_time_on_every_part_of_a_board(thursday: Stage) -> None:
    thursday.client.clock(local(19, "10:03"))
    await groups(thursday, 12)
    shown, inside = await street(thursday), await hall(thursday)
    await expect(shown.locator(".around")).to_have_text("≈ 10:15")
    await expect(shown.locator(".next-in .number")).to_have_text("≈ 10:15")
    await expect(inside.locator(".next-group .number")).to_have_text("≈ 10:15")


def _passports(numbers: range) -> str:
    return "".join(f"P-{number:03d}" for number in numbers)


async def test_each_group_at_the_door_is_shown_by_itself_with_its_own_time(thursday: Stage) -> None:
    client = thursday.client
    plan = await client.get(f"{HERE}/plan")
    change = {"arrive_within_minutes": 15, "reason": "a long way to the door"}
    changed = await client.ask(
        "PATCH", f"{HERE}/plan", change, "manager", If_Match=plan.headers["ETag"]
    )
    assert changed.status == 200, changed.raw
    await outside(thursday, 8)
    await client.release(size=3)
    client.clock(local(19, "10:10"))
    await client.release(size=2)
    boards = (
        (await hall(thursday), ".enter-until .number"),
        (await street(thursday), ".deadline .number"),
    )
    for board, time in boards:
        doors = board.locator(".at-door")
        await expect(doors.locator("ul")).to_have_text(
            [_passports(range(1, 4)), _passports(range(4, 6))]
        )
        for at, door in zip(("10:15", "10:25"), await doors.all(), strict=True):
            await expect(door.locator(time).first).to_have_text(at)


async def test_the_street_board_changes_with_the_door(thursday: Stage) -> None:
    page = await street(thursday, BOTH)
    await expect(page.locator(".banner")).to_have_attribute("data-state", "before_opening")
    group = await groups(thursday, 3)
    first, *others = (ticket["number"] for ticket in group["tickets"])
    numbers = page.locator(".go-numbers .number")
    await expect(numbers).to_have_text([first, *others])
    await thursday.client.act(group["tickets"][0], "entered")
    await expect(numbers).to_have_text(others)
    await expect(page.locator(".meter-figure")).to_have_text("1 / 40")


@pytest.mark.parametrize("size", [BOARD, KIOSK])
async def test_everybody_outside_is_named_in_turn_and_who_is_next_always(
    thursday: Stage, size: tuple[int, int]
) -> None:
    await groups(thursday, 60)
    context = await thursday.context(size)
    await context.add_init_script(TEN_TIMES_AS_FAST)
    page = await thursday.open("street", context=context, branch=BRANCH)
    everybody = [f"P-{number:03d}" for number in range(11, 61)]
    await page.wait_for_selector(".turns")
    assert await page.evaluate(SEEN_IN_TURN, everybody) == [everybody[:10]]
    await expect(page.locator(".more")).to_have_count(0)


async def test_who_is_beyond_what_the_street_board_knows_is_counted(thursday: Stage) -> None:
    await groups(thursday, 80)
    page = await street(thursday)
    await expect(page.locator(".more")).to_have_text(RU["more_people"]["many"].format(n=10))


TEN_TIMES_AS_FAST = (
    "const now = Date.now, began = now(); Date.now = () => began + 10 * (now() - began);"
)
SEEN_IN_TURN = """async (everybody) => {
  const missing = new Set(everybody), first = new Set();
  while (missing.size) {
    const shown = document.querySelectorAll(".waiting [data-number]");
    for (const one of shown) missing.delete(one.dataset.number);
    const numbers = document.querySelectorAll(".waiting .first [data-number]");
    first.add(JSON.stringify([...numbers].map((one) => one.dataset.number)));
    await new Promise((resume) => requestAnimationFrame(resume));
  }
  return [...first].map((one) => JSON.parse(one));
}"""
"""Looks on until everybody has been named; gives whom the first bar has named meanwhile."""


# --- every screen --------------------------------------------------------------------------------


async def crowded(stage: Stage) -> None:
    """Calls at all sixteen counters, a group at the door, many outside, a long message."""
    client = stage.client
    for at in ("09:00", "09:10", "09:20"):
        client.clock(local(19, at))
        await outside(stage, 30, *SERVICES)
        for ticket in (await client.release())["tickets"]:
            await client.act(ticket, "entered")
    for counter in range(1, 17):
        await client.counter(str(counter), "open")
        await client.counter(str(counter), "call-next")
    client.clock(local(19, "10:35"))
    await client.release()
    await say(stage)


async def test_anybody_can_read_the_boards_and_all_of_them_whatever_the_screen(
    thursday: Stage,
) -> None:
    await crowded(thursday)
    for language in ("kk", "ru", "en"):
        for board in (await hall(thursday, language), await street(thursday, language)):
            assert await violations(board) == []
    for board in (await hall(thursday, "kk"), await street(thursday, BOTH)):
        for width, height in (BOARD, KIOSK, LARGEST, PHONE):
            await board.set_viewport_size({"width": width, "height": height})
            await board.locator(".call, .waiting-numbers").first.wait_for()
            assert (width, await overflows(board)) == (width, [])
            assert await board.evaluate("document.documentElement.scrollHeight <= innerHeight")


async def test_calls_that_do_not_fit_give_way_to_those_who_are_awaited(stage: Stage) -> None:
    page = await stage.open("", language="ru")
    rows = await page.evaluate(
        """async () => {
          const { rowsOf, withRoom } = await import("/boards/calls.js");
          const call = (seq) => ({ seq, number: `P-${seq}`, counter: String(seq) });
          const called = [1, 2, 3, 4, 5, 6].map(call);
          const states = { 1: "called", 2: "serving", 4: "called", 5: "serving", 6: "called" };
          const calls = Object.entries(states).map(([seq, state]) => ({ ...call(seq), state }));
          const rows = rowsOf(called, { calls }, [call(2)], call(6));
          return withRoom(rows, 3).map((row) => row.number);
        }"""
    )
    assert rows == ["P-4", "P-2", "P-1"]
