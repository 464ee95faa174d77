"""The attendant's tablet: groups, ticks and counts, with a network and without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.browser.stage import PHONE, SWITCHES, TABLET, chromium, click_twice, ills, texts
from tests.browser.wire import wired
from tests.contract.http_client import BRANCH, HERE, local
from tests.ports import free_port

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Locator, Page

    from tests.browser.stage import Stage

WORDS = texts("door", "en")
UPRIGHT = (800, 1280)
PLACES = (100, 110, 300)
"""Where three taps come, in pixels from the left."""
TAP = """(taps) => {
  for (const [number, clientX] of taps) {
    const button = document.querySelector(`[data-command="entered ${number}"]`);
    const tap = { pointerType: "touch", clientX, bubbles: true };
    button.dispatchEvent(new PointerEvent("click", tap));
  }
}"""
LONG_PRESS_MS = 500
TELL_BUTTON = """
  new MutationObserver(() => {
    const button = document.querySelector("[data-command=alarm-sound]");
    if (button) console.log(button.textContent);
  }).observe(document, { subtree: true, childList: true, characterData: true });
"""
"""Says what the button of the alarm says: a question of Playwright's counts as a touch."""


async def at_the_door(stage: Stage, language: str = "en", **options: Any) -> Page:  # noqa: ANN401
    """The attendant's page, its shell kept for the time without a network."""
    await stage.client.get(f"{HERE}/board")  # the service learns what time it is
    page = await stage.open("door", "attendant", language=language, size=TABLET, **options)
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    await expect(command(page, "release")).to_be_visible()
    return page


def command(page: Page, name: str) -> Locator:
    """The button of a command."""
    return page.locator(f'[data-command="{name}"]')


def row(page: Page, ticket: dict[str, Any], place: str) -> Locator:
    """A ticket among those `awaited` or `inside`."""
    return page.locator(f'.{place} [data-ticket="{ticket["number"]}"]')


def occupancy(page: Page, people: int) -> Locator:
    """The hall with so many people."""
    return page.locator(f'[data-hall="{people}"]')


PARTS = "bar => [...bar.children].map(part => part.getBoundingClientRect().width)"


async def shares_of_hall(page: Page) -> list[float]:
    """How much of the hall's bar stands for who is inside, and for who is on the way."""
    bar = page.get_by_role("meter")
    whole = await bar.evaluate("bar => bar.clientWidth")
    return [width / whole for width in await bar.evaluate(PARTS)]


async def tick(page: Page, ticket: dict[str, Any]) -> None:
    """The visitor has entered."""
    await command(page, f"entered {ticket['number']}").click()
    await expect(row(page, ticket, "inside")).to_be_visible()


async def cut(context: BrowserContext, page: Page) -> None:
    """The network is away, and the page says so."""
    await context.set_offline(True)
    await expect(page.locator("[data-network=away]")).to_be_visible()


async def back(context: BrowserContext, page: Page) -> None:
    """The network is back and nothing is left unsent."""
    await context.set_offline(False)
    await expect(page.locator("[data-network=away]")).to_have_count(0)
    await expect(page.locator("[data-unsent]")).to_have_count(0)


async def journal(stage: Stage, *kinds: str) -> list[dict[str, Any]]:
    """The journal's events of some kinds, in order."""
    entries = (await stage.client.get(f"{HERE}/journal")).body["entries"]
    return [entry["event"] for entry in entries if entry["event"]["kind"] in kinds]


async def entered(stage: Stage) -> list[str]:
    return [event["ticket"] for event in await journal(stage, "TicketEntered")]


# --- with a network ------------------------------------------------------------------------------


async def test_a_group_is_let_in_and_ticked(thursday: Stage) -> None:
    first, second = [await thursday.client.take(party_size=size) for size in (2, 3)]
    page = await at_the_door(thursday)
    await expect(page.locator(".chips")).to_contain_text(first["number"])
    await expect(command(page, "release")).to_have_text("Let the group in: 5 people")
    await command(page, "release").click()
    await expect(row(page, second, "awaited")).to_contain_text("to enter by 10:10")
    await tick(page, first)
    await expect(occupancy(page, 2)).to_be_visible()
    assert await shares_of_hall(page) == pytest.approx([2 / 40, 3 / 40], rel=0.05)
    await command(page, f"left {first['number']}").click()
    await expect(occupancy(page, 0)).to_be_visible()
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    assert await entered(thursday) == [first["id"]]
    assert [event["ticket"] for event in await journal(thursday, "TicketLeft")] == [first["id"]]


async def test_a_smaller_group_within_the_bounds(thursday: Stage) -> None:
    for _ in range(3):
        await thursday.client.take(party_size=4)
    page = await at_the_door(thursday)
    await expect(page.get_by_role("button", name=WORDS["more"])).to_be_disabled()
    for _ in range(5):
        await page.get_by_role("button", name=WORDS["fewer"]).click()
    await expect(page.locator(".size")).to_contain_text("At most 5 people")
    await command(page, "release").click()
    await expect(page.locator(".awaited li")).to_have_count(1)
    (group,) = await journal(thursday, "GroupReleased")
    assert group["people"] == 4


async def test_why_no_group_goes_and_from_when(thursday: Stage) -> None:
    for _ in range(11):
        await thursday.client.take()
    await thursday.client.release()
    page = await at_the_door(thursday)
    await expect(page.locator(".group .reason")).to_contain_text(
        "The next group may be released at 10:10"
    )
    await expect(command(page, "release")).to_be_disabled()
    thursday.client.clock(local(19, "10:10"))
    await thursday.client.take()
    await expect(command(page, "release")).to_be_enabled()


async def test_a_second_press_releases_no_second_group(thursday: Stage) -> None:
    for _ in range(25):
        await thursday.client.take()
    page = await at_the_door(thursday)
    await command(page, "release").dblclick()
    await expect(page.locator(".awaited li")).to_have_count(10)
    await expect(page.locator("[data-unsent], [data-returned]")).to_have_count(0)
    assert len(await journal(thursday, "GroupReleased")) == 1


async def test_a_double_press_ticks_one_of_those_who_are_awaited(thursday: Stage) -> None:
    first, second, third = [await thursday.client.take() for _ in range(3)]
    await thursday.client.release()
    page = await at_the_door(thursday)
    ticks = [command(page, f"entered {ticket['number']}") for ticket in (first, second)]
    await click_twice(page, *ticks)
    await tick(page, third)
    leaves = [command(page, f"left {ticket['number']}") for ticket in (first, third)]
    await click_twice(page, *leaves)
    await expect(occupancy(page, 1)).to_be_visible()
    await leaves[1].click()
    await expect(occupancy(page, 0)).to_be_visible()
    await expect(page.locator("[data-unsent], [data-returned]")).to_have_count(0)
    await expect(row(page, second, "awaited")).to_be_visible()
    assert await entered(thursday) == [first["id"], third["id"]]
    left = [event["ticket"] for event in await journal(thursday, "TicketLeft")]
    assert left == [first["id"], third["id"]]


async def test_two_taps_at_one_place_are_one_and_elsewhere_are_two(thursday: Stage) -> None:
    """A touch screen does not say that a tap is the second one."""
    tickets = [await thursday.client.take() for _ in range(3)]
    await thursday.client.release()
    page = await at_the_door(thursday)
    await page.evaluate(
        TAP, [[ticket["number"], place] for ticket, place in zip(tickets, PLACES, strict=True)]
    )
    await expect(occupancy(page, 2)).to_be_visible()
    await expect(page.locator("[data-unsent], [data-returned]")).to_have_count(0)
    assert await entered(thursday) == [tickets[0]["id"], tickets[2]["id"]]


async def test_every_press_counts_one_person(thursday: Stage) -> None:
    page = await at_the_door(thursday)
    await command(page, "one-in").click(click_count=3)
    await expect(occupancy(page, 3)).to_be_visible()
    await command(page, "one-out").dblclick()
    await expect(occupancy(page, 1)).to_be_visible()
    await expect(page.locator("[data-unsent], [data-returned]")).to_have_count(0)
    counts = [event["occupancy"] for event in await journal(thursday, "HallRecounted")]
    assert counts == [1, 2, 3, 2, 1]


async def test_a_count_is_told_once_by_button_and_by_key(thursday: Stage) -> None:
    page = await at_the_door(thursday)
    await command(page, "recount").click()
    await page.locator("[name=people]").fill("5")
    await page.locator("[name=reason]").fill("side door")
    await command(page, "recount-answer").dblclick()
    await expect(occupancy(page, 5)).to_be_visible()
    await command(page, "recount").click()
    await page.locator("[name=people]").fill("7")
    await page.locator("[name=reason]").fill("side door")
    await page.locator("dialog form").evaluate("(form) => [1, 2].map(() => form.requestSubmit())")
    await expect(occupancy(page, 7)).to_be_visible()
    await expect(page.locator("[data-unsent], [data-returned]")).to_have_count(0)
    counts = [event["occupancy"] for event in await journal(thursday, "HallRecounted")]
    assert counts == [5, 7]


async def test_a_pause_by_double_presses_begins_and_ends_once(thursday: Stage) -> None:
    page = await at_the_door(thursday)
    await command(page, "start").click()
    await click_twice(page, command(page, "start-answer"), page.locator(".phase-cleaning"))
    thursday.client.clock(local(19, "10:15"))
    await thursday.client.take()
    await expect(command(page, "confirm")).to_be_enabled()
    await click_twice(page, command(page, "confirm"), command(page, "start"))
    await expect(page.locator(".phase-none")).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("[data-unsent], [data-returned]")).to_have_count(0)
    kinds = ("CleaningStarted", "CleaningConfirmed")
    assert [len(await journal(thursday, kind)) for kind in kinds] == [1, 1]


async def test_two_tablets_without_a_network_count_together(thursday: Stage) -> None:
    contexts = [await thursday.context(TABLET) for _ in range(2)]
    pages = [await at_the_door(thursday, context=context) for context in contexts]
    for context, page in zip(contexts, pages, strict=True):
        await cut(context, page)
        await command(page, "one-in").click()
        await expect(occupancy(page, 1)).to_be_visible()
    for context in contexts:
        await context.set_offline(False)
    for page in pages:
        await expect(page.locator("[data-unsent]")).to_have_count(0)
        await expect(occupancy(page, 2)).to_be_visible()


async def test_people_without_a_ticket_are_counted(thursday: Stage) -> None:
    page = await at_the_door(thursday)
    await command(page, "one-in").click()
    await expect(occupancy(page, 1)).to_be_visible()
    await command(page, "one-in").click()
    await expect(occupancy(page, 2)).to_be_visible()
    await command(page, "one-out").click()
    await expect(occupancy(page, 1)).to_be_visible()
    await command(page, "recount").click()
    dialog = page.get_by_role("dialog")
    await expect(command(page, "recount-answer")).to_be_disabled()
    await dialog.locator("[name=people]").fill("12")
    await dialog.get_by_role("button", name=WORDS["reason_counted"]).click()
    await command(page, "recount-answer").click()
    await expect(occupancy(page, 12)).to_be_visible()
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    counts = await journal(thursday, "HallRecounted")
    assert [event["occupancy"] for event in counts] == [1, 2, 1, 12]
    assert counts[-1]["reason"] == WORDS["reason_counted"]


async def test_a_pause_from_its_start_to_the_confirmation(thursday: Stage) -> None:
    ticket = await thursday.client.take()
    await thursday.client.release()
    await thursday.client.act(ticket, "entered")
    page = await at_the_door(thursday)
    await command(page, "start").click()
    await command(page, "start-answer").click()
    await expect(page.locator(".phase-draining")).to_contain_text("1 person still")
    await expect(command(page, "start")).to_be_disabled()
    await command(page, f"left {ticket['number']}").click()
    await command(page, "start").click()
    cleaning = page.locator(".phase-cleaning")
    await expect(cleaning.locator(".reason")).to_contain_text("It may be confirmed from 10:15")
    await expect(command(page, "confirm")).to_be_disabled()
    thursday.client.clock(local(19, "10:15"))
    await thursday.client.take()
    await command(page, "confirm").click()
    await expect(page.locator(".phase-none")).to_be_visible()
    assert len(await journal(thursday, "CleaningConfirmed")) == 1


async def test_alarms_are_seen_at_once(thursday: Stage) -> None:
    ticket = await thursday.client.take(party_size=2)
    await thursday.client.release()
    await thursday.client.act(ticket, "entered")
    page = await at_the_door(thursday)
    thursday.client.clock(local(19, "11:01"))
    await thursday.client.take()
    await expect(page.get_by_role("alert")).to_contain_text(WORDS["alarm_hall_not_empty"])
    await expect(page.get_by_role("alert")).to_contain_text("2 people")


async def test_an_alarm_is_heard_until_it_is_silenced(thursday: Stage) -> None:
    ticket = await thursday.client.take()
    await thursday.client.release()
    await thursday.client.act(ticket, "entered")
    context = await thursday.context(TABLET, "en")
    await context.add_init_script(
        "window.heard = []; addEventListener('kezek-alarm', (alarm) => heard.push(alarm.detail));"
    )
    page = await at_the_door(thursday, context=context)
    assert await page.evaluate("heard") == []
    thursday.client.clock(local(19, "11:01"))
    await thursday.client.take()
    await page.wait_for_function("() => heard.length >= 2")
    assert set(await page.evaluate("heard")) == {"hall_not_empty"}
    await command(page, "alarm-sound").click()
    await expect(command(page, "alarm-sound")).to_have_count(0)
    await expect(page.get_by_role("alert")).to_contain_text(WORDS["alarm_hall_not_empty"])


async def test_an_alarm_before_the_first_touch_asks_for_one(
    thursday: Stage, browser: Browser
) -> None:
    ticket = await thursday.client.take()
    await thursday.client.release()
    await thursday.client.act(ticket, "entered")
    thursday.client.clock(local(19, "11:01"))
    await thursday.client.take()
    switches = [switch for switch in SWITCHES if "autoplay" not in switch]
    strict = await browser.browser_type.launch(executable_path=chromium(), args=switches)
    async with strict:
        page = await strict.new_page()
        await page.add_init_script(TELL_BUTTON)
        asked_for = page.expect_console_message(lambda told: told.text == WORDS["alarm_unmute"])
        async with asked_for:
            await thursday.go(page, "door", "attendant", lang="en")
        button = command(page, "alarm-sound")
        await button.click(delay=LONG_PRESS_MS)
        await expect(button).to_have_text(WORDS["alarm_silence"])


async def test_a_ticket_is_ticked_by_its_code(thursday: Stage) -> None:
    ticket, other = [await thursday.client.take() for _ in range(2)]
    await thursday.client.release(size=1)
    context = await thursday.context(TABLET, "en")
    await context.add_init_script(CAMERA)
    page = await at_the_door(thursday, context=context)
    await command(page, "scan").click()
    await page.evaluate(
        "(text) => showCode(text)", f"https://kezek.example/ticket/?id={other['id']}"
    )
    await expect(page.get_by_role("dialog")).to_contain_text(WORDS["scan_stranger"])
    await page.evaluate(
        "(text) => showCode(text)", f"https://kezek.example/ticket/?id={ticket['id']}"
    )
    await expect(page.get_by_role("dialog")).to_contain_text(f"{ticket['number']} has entered")
    await page.get_by_role("dialog").get_by_role("button", name=WORDS["close"]).click()
    await expect(row(page, ticket, "inside")).to_be_visible()
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    assert await entered(thursday) == [ticket["id"]]


CAMERA = """
let canvas = null;
// A blank page has no devices.
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => {
  canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  canvas.getContext("2d").fillRect(0, 0, 1, 1);
  return canvas.captureStream(10);
};
window.showCode = async (text) => {
  const image = Object.assign(new Image(), { src: `/qr.svg?text=${encodeURIComponent(text)}` });
  await image.decode();
  const drawing = canvas.getContext("2d");
  drawing.fillStyle = "#fff";
  const draw = () => {
    drawing.fillRect(0, 0, 640, 480);
    drawing.drawImage(image, 120, 40, 400, 400);
  };
  clearInterval(window.drawing);
  window.drawing = setInterval(draw, 50);
};
"""
"""A camera that sees what a test draws."""


async def test_without_a_camera_the_list_is_there(thursday: Stage) -> None:
    page = await at_the_door(thursday)
    await command(page, "scan").click()
    await expect(page.get_by_role("dialog")).to_contain_text(WORDS["no_camera"])


# --- without a network ---------------------------------------------------------------------------


async def test_the_network_is_cut_in_the_middle_of_a_group(thursday: Stage) -> None:
    """Ticks made offline survive a reload without a network, and are in the journal once each."""
    tickets = [await thursday.client.take() for _ in range(5)]
    await thursday.client.release()
    context = await thursday.context(TABLET, "en")
    page = await at_the_door(thursday, context=context)
    await tick(page, tickets[0])
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    await cut(context, page)
    await tick(page, tickets[1])
    await tick(page, tickets[2])
    await command(page, f"left {tickets[1]['number']}").click()
    await expect(occupancy(page, 2)).to_be_visible()
    await expect(page.locator("[data-unsent='3']")).to_be_visible()
    await expect(row(page, tickets[2], "inside")).to_contain_text(WORDS["not_sent"])
    await page.reload()
    await expect(page.locator("[data-unsent='3']")).to_be_visible()
    await expect(page.locator("[data-network=away]")).to_contain_text("as of 10:00")
    await expect(occupancy(page, 2)).to_be_visible()
    await tick(page, tickets[3])
    assert await entered(thursday) == [tickets[0]["id"]]
    thursday.client.clock(local(19, "10:03"))
    await back(context, page)
    assert await entered(thursday) == [ticket["id"] for ticket in tickets[:4]]
    told = await journal(thursday, "TicketEntered", "TicketLeft", "TicketCancelled")
    assert [event["kind"] for event in told] == [
        "TicketEntered",
        "TicketEntered",
        "TicketEntered",
        "TicketCancelled",
        "TicketLeft",
        "TicketEntered",
    ]
    assert all(event["done_at"] < thursday.client.at for event in told[1:])
    await expect(occupancy(page, 3)).to_be_visible()
    await page.reload()
    await expect(occupancy(page, 3)).to_be_visible()
    assert len(await entered(thursday)) == 4


async def test_a_tab_that_was_closed_sends_when_it_is_opened_again(thursday: Stage) -> None:
    ticket = await thursday.client.take()
    await thursday.client.release()
    context = await thursday.context(TABLET, "en")
    page = await at_the_door(thursday, context=context)
    await cut(context, page)
    await tick(page, ticket)
    await page.close()
    await context.set_offline(False)
    assert await entered(thursday) == []
    page = await context.new_page()
    await thursday.go(page, "door", lang="en")
    await expect(occupancy(page, 1)).to_be_visible()
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    assert await entered(thursday) == [ticket["id"]]


async def test_the_service_cannot_be_reached_although_there_is_a_network(
    thursday: Stage,
) -> None:
    """Nothing answers at all, not even for the page itself: it opens and works all the same."""
    tickets = [await thursday.client.take() for _ in range(2)]
    await thursday.client.release()
    async with wired(thursday.client.api, free_port()) as wire:
        page = await (await thursday.context(TABLET, "en")).new_page()
        token = thursday.client.tokens["attendant"]
        await page.goto(f"{wire.address}/door/?lang=en#token={token}&branch={BRANCH}")
        await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        await expect(row(page, tickets[1], "awaited")).to_be_visible()
        await wire.cut()
        for ticket in tickets:
            await tick(page, ticket)
        await expect(page.locator("[data-network=away]")).to_be_visible()
        await page.reload()
        await expect(page.locator("[data-unsent='2']")).to_be_visible()
        await expect(occupancy(page, 2)).to_be_visible()
        assert await entered(thursday) == []
        await wire.mend()
        await expect(page.locator("[data-unsent], [data-network=away]")).to_have_count(0)
        assert await entered(thursday) == [ticket["id"] for ticket in tickets]


async def test_a_group_let_in_without_a_network(thursday: Stage) -> None:
    tickets = [await thursday.client.take(party_size=2) for _ in range(2)]
    context = await thursday.context(TABLET, "en")
    page = await at_the_door(thursday, context=context)
    await cut(context, page)
    await command(page, "release").click()
    await expect(page.locator(".group .reason")).to_have_text(WORDS["group_unsent"])
    await tick(page, tickets[0])
    await expect(occupancy(page, 2)).to_be_visible()
    await back(context, page)
    assert len(await journal(thursday, "GroupReleased")) == 1
    assert await entered(thursday) == [tickets[0]["id"]]
    await expect(row(page, tickets[1], "awaited")).to_contain_text("to enter by 10:10")


async def test_an_answer_that_was_lost_is_not_carried_out_twice(thursday: Stage) -> None:
    ticket = await thursday.client.take(party_size=2)
    await thursday.client.release()
    context = await thursday.context(TABLET, "en")
    page = await at_the_door(thursday, context=context)
    lost: list[str] = []

    async def lose(route: Any) -> None:  # noqa: ANN401 - Playwright's Route
        lost.append(await route.request.header_value("Idempotency-Key") or "")
        if len(lost) == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/entered", lose)
    await tick(page, ticket)
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    assert await entered(thursday) == [ticket["id"]]
    assert len(lost) == 2
    assert len(set(lost)) == 1
    await expect(page.locator("[data-returned]")).to_have_count(0)


async def test_what_is_refused_comes_back_and_holds_nothing_up(thursday: Stage) -> None:
    """One visitor has cancelled meanwhile: that tick comes back, the other is in the journal."""
    gone, there = [await thursday.client.take() for _ in range(2)]
    await thursday.client.release()
    context = await thursday.context(TABLET, "en")
    page = await at_the_door(thursday, context=context)
    await cut(context, page)
    await tick(page, gone)
    await tick(page, there)
    await thursday.client.ask("DELETE", f"{HERE}/tickets/{gone['id']}", None, "kiosk")
    await back(context, page)
    returned = page.locator("[data-returned='1']")
    await expect(returned).to_contain_text(f"{gone['number']} entered")
    await expect(returned).to_contain_text("The ticket is in a state that does not allow this")
    await expect(returned).to_contain_text(f"{gone['number']}: {WORDS['state_cancelled']}")
    assert await entered(thursday) == [there["id"]]
    await page.reload()
    await command(page, "again").click()
    await expect(page.locator("[data-returned='1']")).to_be_visible()
    await command(page, "drop").click()
    await command(page, "drop-answer").click()
    await expect(page.locator("[data-returned]")).to_have_count(0)
    assert await entered(thursday) == [there["id"]]


async def test_what_is_refused_is_amended_by_a_count(thursday: Stage) -> None:
    ticket = await thursday.client.take(party_size=2)
    await thursday.client.release()
    context = await thursday.context(TABLET, "en")
    page = await at_the_door(thursday, context=context)
    await cut(context, page)
    await tick(page, ticket)
    await thursday.client.ask("DELETE", f"{HERE}/tickets/{ticket['id']}", None, "kiosk")
    await context.set_offline(False)
    await command(page, "count-instead").click()
    await page.get_by_role("dialog").locator("[name=people]").fill("2")
    await command(page, "recount-answer").click()
    await expect(occupancy(page, 2)).to_be_visible()
    await expect(page.locator("[data-returned], [data-unsent]")).to_have_count(0)
    (counted,) = await journal(thursday, "HallRecounted")
    assert (counted["occupancy"], counted["reason"]) == (2, f"{ticket['number']} entered")


async def test_what_depends_on_a_refused_command_waits_for_it(thursday: Stage) -> None:
    """The group could not be released: nobody is ticked into it; a count does not wait."""
    ticket = await thursday.client.take()
    context = await thursday.context(TABLET, "en")
    page = await at_the_door(thursday, context=context)
    await cut(context, page)
    await command(page, "release").click()
    await tick(page, ticket)
    await command(page, "one-in").click()
    await expect(page.locator("[data-unsent='3']")).to_be_visible()
    await thursday.client.post(f"{HERE}/sanitation/start", None, "attendant")
    await context.set_offline(False)
    returned = page.locator("[data-command-returned=release]")
    await expect(returned).to_contain_text("The hall is being disinfected")
    await expect(returned).to_contain_text("Waits for this: 1")
    await expect(page.locator("[data-unsent='1']")).to_be_visible()
    assert len(await journal(thursday, "HallRecounted")) == 1
    assert await entered(thursday) == []
    thursday.client.clock(local(19, "10:16"))
    await thursday.client.post(f"{HERE}/sanitation/confirm", None, "attendant")
    await command(page, "again").click()
    await expect(page.locator("[data-unsent], [data-returned]")).to_have_count(0)
    assert await entered(thursday) == [ticket["id"]]


async def test_what_was_not_sent_is_undone(thursday: Stage) -> None:
    ticket = await thursday.client.take()
    await thursday.client.release()
    context = await thursday.context(TABLET, "en")
    page = await at_the_door(thursday, context=context)
    await cut(context, page)
    await tick(page, ticket)
    await page.locator("[data-unsent] summary").click()
    await page.get_by_role("button", name=WORDS["undo"]).click()
    await expect(row(page, ticket, "awaited")).to_be_visible()
    await back(context, page)
    assert await entered(thursday) == []


async def test_nobody_else_sends_or_changes_what_an_attendant_did(thursday: Stage) -> None:
    ticket = await thursday.client.take()
    await thursday.client.release()
    context = await thursday.context(TABLET, "en")
    page = await at_the_door(thursday, context=context)
    await cut(context, page)
    await tick(page, ticket)
    await page.close()
    await context.set_offline(False)
    other = await thursday.open("door", "admin", language="en", context=context)
    await expect(other.locator("[data-unsent='0']")).to_contain_text("1")
    await expect(row(other, ticket, "awaited")).to_be_visible()
    assert await entered(thursday) == []
    await thursday.go(other, "door", "attendant", lang="en")
    await other.reload()
    await expect(row(other, ticket, "inside")).to_be_visible()
    await expect(other.locator("[data-unsent]")).to_have_count(0)
    assert await entered(thursday) == [ticket["id"]]


# --- for everybody -------------------------------------------------------------------------------


async def busy(stage: Stage) -> None:
    """Some inside, some awaited, some outside."""
    tickets = [await stage.client.take(party_size=1 + n % 3) for n in range(12)]
    await stage.client.release()
    for ticket in tickets[:3]:
        await stage.client.act(ticket, "entered")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_anybody_can_use_it(thursday: Stage, language: str) -> None:
    await busy(thursday)
    context = await thursday.context(TABLET, language)
    page = await at_the_door(thursday, language, context=context)
    assert await ills(page, PHONE, TABLET, UPRIGHT) == []
    await command(page, "recount").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await ills(page, PHONE, TABLET, UPRIGHT) == []
    await page.keyboard.press("Escape")
    await cut(context, page)
    await page.locator(".awaited .tick").first.click()
    await expect(page.locator("[data-unsent='1']")).to_be_visible()
    await page.locator("[data-unsent] summary").click()
    assert await ills(page, PHONE, TABLET, UPRIGHT) == []
