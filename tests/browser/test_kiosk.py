"""The kiosk: the journeys of a visitor, on both screens, by touch and by keyboard."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from displays import printing
from displays.printing import TicketPrinter, agent
from tests.browser.stage import BOARD, KIOSK, PHONE, ills, overflows, texts, violations
from tests.contract.http_client import FRIDAY, HERE, local
from tests.integration.fake_printer import fake_printer
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Page, Route

    from tests.browser.stage import Stage
    from tests.integration.fake_printer import FakePrinter

RU = texts("kiosk", "ru")
PASSPORT = "Выдача паспорта гражданина Республики Казахстан"
CERTIFICATE = "Адресная справка с места жительства"
TICKETS = re.compile(r"/v1/branches/[^/]+/tickets$")


async def kiosk(
    stage: Stage,
    size: tuple[int, int] = KIOSK,
    language: str = "ru",
    **more: Any,  # noqa: ANN401 - query, context
) -> Page:
    """A kiosk that shows its first screen at the instant of the stage."""
    await stage.client.get(f"{HERE}/board")
    page = await stage.open("kiosk", "kiosk", size=size, language=language, **more)
    await page.wait_for_selector(".kiosk-main h1")
    return page


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def find(page: Page, typed: str, name: str = PASSPORT) -> None:
    """Looks a service up and chooses it."""
    await press(page, RU["search_open"])
    await page.get_by_role("searchbox").fill(typed)
    await page.get_by_role("button", name=name).first.click()


async def figures(stage: Stage) -> dict[str, Any]:
    """The day's figures."""
    shown: dict[str, Any] = (await stage.client.get(f"{HERE}/day")).body
    return shown


# --- to a ticket ---------------------------------------------------------------------------------


async def test_from_a_category_to_a_ticket_with_its_code_and_its_wait(thursday: Stage) -> None:
    await thursday.client.take(party_size=3)
    page = await kiosk(thursday)
    await page.get_by_role("button", name="Документы, удостоверяющие личность").click()
    await page.get_by_role("button", name=PASSPORT).click()
    await press(page, RU["party_more"])
    await press(page, RU["take_ticket"])
    await expect(page.get_by_role("heading", level=1)).to_contain_text("P-002")
    main = page.locator("main")
    await expect(main).to_contain_text("3 человека")
    await expect(main).to_contain_text(re.compile(r"\d+–\d+ мин \(10:\d\d\W+\d\d:\d\d\)"))
    await expect(main).to_contain_text(RU["wait_outside"])
    picture = page.get_by_alt_text(RU["qr_ticket"])
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth > 0")
    code = await picture.get_attribute("src") or ""
    ticket = re.search(r"id%3D([\w-]{22})", code)
    assert ticket is not None
    seen = await thursday.client.get(f"{HERE}/tickets/{ticket[1]}", None)
    assert (seen.body["number"], seen.body["party_size"]) == ("P-002", 2)
    assert seen.body["language"] == "ru"


async def test_who_finds_room_is_told_to_go_in(stage: Stage) -> None:
    page = await kiosk(stage)
    await find(page, "паспорт")
    await press(page, RU["take_ticket"])
    await expect(page.locator("main")).to_contain_text(RU["go_in"])


async def test_several_services_are_one_visit(stage: Stage) -> None:
    page = await kiosk(stage)
    await find(page, "паспорт")
    await press(page, RU["more_services"])
    await find(page, "брак", "Регистрация заключения брака")
    await press(page, RU["take_ticket"])
    await page.wait_for_selector(".ticket-number")
    services = page.locator(".ticket-services")
    await expect(services).to_contain_text(PASSPORT)
    await expect(services).to_contain_text("Регистрация заключения брака")
    assert (await figures(stage))["issued"] == 1


async def test_a_party_is_no_larger_than_the_service_allows(thursday: Stage) -> None:
    page = await kiosk(thursday)
    await find(page, "паспорт")
    more = page.get_by_role("button", name=RU["party_more"])
    for _ in range(3):
        await more.click()
    await expect(more).to_be_disabled()
    await expect(page.locator(".party-size")).to_have_text("4")


async def test_the_language_changes_words_and_services_at_once(stage: Stage) -> None:
    page = await kiosk(stage)
    await press(page, "Қазақша")
    kk = texts("kiosk", "kk")
    await expect(page.get_by_role("heading", level=1)).to_have_text(kk["what_for"])
    await expect(page.locator("html")).to_have_attribute("lang", "kk")
    await expect(page.get_by_role("button", name="Азаматтық хал актілері")).to_be_visible()


async def test_the_search_forgives(stage: Stage) -> None:
    page = await kiosk(stage)
    await press(page, RU["search_open"])
    field = page.get_by_role("searchbox")
    first = page.locator(".choice").first
    for typed in ("паспорт", "pasport", "passprot", "төлқұжат", "tolkuzhat", "Пасспорт"):
        await field.fill("")
        await expect(first).to_have_count(0)
        await field.fill(typed)
        await expect(first).to_have_text(PASSPORT)


async def test_the_search_puts_first_what_was_meant(stage: Stage) -> None:
    page = await kiosk(stage, language="kk")
    await press(page, texts("kiosk", "kk")["search_open"])
    passport = "Қазақстан Республикасы азаматының паспортын беру"
    address = "Тұрғылықты жері туралы мекенжай анықтамасы"
    meant = {
        "неке": "Неке қиюды тіркеу",
        "адрестік анықтама": address,
        "адресная справка": address,
        "gfcgjhn": passport,
        "n-k09;fn": passport,
        "зфыызщке": passport,
        "толкужат": passport,
        "жасына зейнетакы": "Жасына байланысты зейнетақы төлемдерін тағайындау",
    }
    for typed, found in meant.items():
        await page.get_by_role("searchbox").fill("")
        await expect(page.locator(".choice")).to_have_count(0)
        await page.get_by_role("searchbox").fill(typed)
        await expect(page.locator(".choice").first).to_have_text(found)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_the_head_of_an_upright_kiosk_is_one_row(thursday: Stage, language: str) -> None:
    await thursday.client.take()
    page = await kiosk(thursday, language=language)
    await expect(page.locator(".kiosk-clock")).to_be_visible()
    parts = [
        page.locator(part) for part in (".head .mark", ".head-title", ".kiosk-clock", ".languages")
    ]
    boxes = [box for part in parts if (box := await part.bounding_box())]
    middles = [box["y"] + box["height"] / 2 for box in boxes]
    assert len(middles) == len(parts)
    assert max(middles) - min(middles) < 10
    assert [box["x"] for box in boxes] == sorted(box["x"] for box in boxes)


async def test_an_upright_kiosk_is_filled_by_its_cards(stage: Stage) -> None:
    page = await kiosk(stage)
    last = await page.locator(".choice").last.bounding_box()
    assert last is not None
    assert last["height"] >= 120
    assert KIOSK[1] * 0.7 < last["y"] + last["height"] < KIOSK[1]


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("size", [KIOSK, BOARD])
async def test_all_subjects_and_where_to_ask_are_seen_at_once(
    thursday: Stage, size: tuple[int, int], language: str
) -> None:
    page = await kiosk(thursday, size, language)
    await expect(page.locator(".choice")).to_have_count(13)
    await expect(page.locator(".notice")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("size", [KIOSK, BOARD])
async def test_an_answer_is_seen_whole_with_the_way_on(stage: Stage, size: tuple[int, int]) -> None:
    stage.client.clock(FRIDAY)
    page = await kiosk(stage, size, "kk")
    async for name in screens(stage, page, "kk"):
        if name in {"visit", "ticket", "online"}:
            assert await page.evaluate(UNSEEN) <= 0, name


async def test_a_wait_of_hours_is_told_by_the_clock(stage: Stage) -> None:
    stage.client.clock(FRIDAY)
    for _ in range(40):
        await stage.client.take(party_size=4)
    page = await kiosk(stage)
    async for name in screens(stage, page, "ru"):
        if name == "ticket":
            await expect(page.locator(".ticket dd").nth(1)).to_have_text(BY_THE_CLOCK)
            break


BY_THE_CLOCK = re.compile(r"между \d\d:\d\d и \d\d:\d\d")


async def test_letters_are_on_the_screen(stage: Stage) -> None:
    page = await kiosk(stage)
    await press(page, RU["search_open"])
    for letter in "брак":
        await press(page, letter)
    await expect(page.locator(".choice").first).to_contain_text("брака")
    await press(page, RU["key_clear"])
    await expect(page.get_by_role("status").last).to_have_text(RU["search_hint"])
    await page.get_by_role("searchbox").fill("ъъъъ")
    await expect(page.get_by_role("status").last).to_have_text(RU["search_none"])


# --- with a ticket of the last working day -------------------------------------------------------


async def expired_ticket(stage: Stage) -> dict[str, Any]:
    """A ticket that nobody was served with on Thursday; it is Friday now."""
    stage.client.clock(local(19, "16:00"))
    old = await stage.client.take(party_size=2)
    stage.client.clock(FRIDAY)
    await stage.client.take()
    return old


async def test_who_was_not_served_goes_on_with_the_number_on_the_paper(stage: Stage) -> None:
    await expired_ticket(stage)
    page = await kiosk(stage)
    await press(page, RU["carry_open"])
    assert await violations(page) == []
    for key in ("P", "0", "0", "1"):
        await press(page, key)
    await press(page, RU["carry_find"])
    main = page.locator("main")
    await expect(main).to_contain_text("P-001 (четверг, 19 марта 2020 г.)")
    await expect(main).to_contain_text(PASSPORT)
    await expect(page.locator(".party-size")).to_have_text("2")
    assert await violations(page) == []
    await press(page, RU["take_ticket"])
    await expect(page.get_by_role("heading", level=1)).to_contain_text("P-002")
    await expect(main).to_contain_text("0 человек")
    await press(page, RU["done"])
    await expect(page.locator(".carry-open")).to_have_count(0)


async def test_a_scanner_types_the_code_of_the_old_ticket(stage: Stage) -> None:
    old = await expired_ticket(stage)
    page = await kiosk(stage, language="kk")
    kk = texts("kiosk", "kk")
    await page.locator(".carry-open").click()
    await expect(page.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type(f"{stage.client.api}/ticket/?branch=uralsk-2&id={old['id']}&lang=kk")
    await page.keyboard.press("Enter")
    await press(page, kk["take_ticket"])
    await expect(page.get_by_role("heading", level=1)).to_contain_text("P-002")
    await expect(page.locator("main")).to_contain_text("0 адам")


async def test_a_ticket_that_does_not_go_on_is_refused_in_words(stage: Stage) -> None:
    await expired_ticket(stage)
    page = await kiosk(stage)
    await page.locator(".carry-open").click()
    field = page.get_by_role("textbox")
    await field.fill("Р077")  # its letter is Cyrillic
    await press(page, RU["carry_find"])
    await expect(page.get_by_role("alert")).to_contain_text(RU["carry_unknown"])
    assert await violations(page) == []
    await field.fill("p1")
    await press(page, RU["carry_find"])
    await expect(page.locator("main")).to_contain_text("P-001")


@pytest.mark.parametrize("size", [PHONE, KIOSK, BOARD])
async def test_the_keys_for_an_old_number_fit_every_screen(
    stage: Stage, size: tuple[int, int]
) -> None:
    await expired_ticket(stage)
    page = await kiosk(stage, size, "kk")
    assert await overflows(page) == []
    await page.locator(".carry-open").click()
    await page.get_by_role("textbox").fill("P-777")
    await press(page, texts("kiosk", "kk")["carry_find"])
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await overflows(page) == []


async def test_where_no_ticket_has_expired_there_is_nothing_to_go_on_with(stage: Stage) -> None:
    page = await kiosk(stage)
    await expect(page.locator(".carry-open")).to_have_count(0)


# --- to another answer ---------------------------------------------------------------------------


async def test_what_is_online_only_shows_the_ways_and_helps_who_cannot(stage: Stage) -> None:
    stage.client.clock(FRIDAY)
    page = await kiosk(stage)
    await find(page, "адресная справка", CERTIFICATE)
    await expect(page.get_by_role("heading", level=1)).to_have_text(RU["online_title"])
    main = page.locator("main")
    for told in ("egov.kz", "1414", "только услуги, недоступные онлайн"):
        await expect(main).to_contain_text(told)
    await expect(page.get_by_alt_text(RU["qr_portal"])).to_be_visible()
    assert (await figures(stage))["refused"] == {"online_only": 1}
    await press(page, RU["reason_disability"])
    await press(page, RU["take_ticket"])
    await page.wait_for_selector(".ticket-number")
    assert (await figures(stage))["assisted"] == 1


async def test_who_cannot_be_served_before_closing_is_told_and_may_insist(stage: Stage) -> None:
    stage.client.clock(local(16, "17:55"))
    page = await kiosk(stage)
    await find(page, "паспорт")
    await press(page, RU["take_ticket"])
    await expect(page.get_by_role("heading", level=1)).to_have_text(RU["not_today"])
    await expect(page.locator("main")).to_contain_text("18:00")
    assert await violations(page) == []
    assert (await figures(stage))["issued"] == 0
    await press(page, RU["anyway"])
    await page.wait_for_selector(".ticket-number")
    assert (await figures(stage))["issued"] == 1


@pytest.mark.parametrize(
    ("day", "hour", "told"),
    [
        (16, "07:30", ["too_early", "08:00", "09:00–18:00"]),
        (16, "18:30", ["closed", "вторник, 17 марта 2020 г., 09:00"]),
        (15, "12:00", ["closed", "Выходной", "понедельник, 16 марта 2020 г., 09:00"]),
    ],
)
async def test_a_closed_branch_says_why_and_when_it_opens(
    stage: Stage, day: int, hour: str, told: list[str]
) -> None:
    stage.client.clock(local(day, hour))
    page = await kiosk(stage)
    await expect(page.get_by_role("heading", level=1)).to_have_text(RU[told[0]])
    for part in told[1:]:
        await expect(page.locator("main")).to_contain_text(part)
    assert await violations(page) == []
    await expect(page.get_by_role("button", name=RU["search_open"])).to_have_count(0)


async def test_the_regime_and_the_message_are_shown(thursday: Stage) -> None:
    unbroken = "Вналичии" * 30
    body = {"reason": "бланки", "message": dict.fromkeys(("kk", "ru", "en"), unbroken)}
    await thursday.client.ask("PATCH", f"{HERE}/plan", body, "manager", If_Match="*")
    page = await kiosk(thursday)
    notice = page.locator(".notice")
    await expect(notice).to_contain_text("вход небольшими группами")
    await expect(notice).to_contain_text(unbroken)
    assert await overflows(page) == []


# --- one wish, one ticket ------------------------------------------------------------------------


async def test_a_second_press_never_makes_a_second_ticket(stage: Stage) -> None:
    page = await kiosk(stage)
    await find(page, "паспорт")
    take = page.get_by_role("button", name=RU["take_ticket"])
    await take.evaluate("button => { button.click(); button.click(); button.click(); }")
    await page.wait_for_selector(".ticket-number")
    assert (await figures(stage))["issued"] == 1


async def answer_is_lost(route: Route) -> None:
    """The service carries the request out, and its answer never arrives."""
    await route.fetch()
    await route.abort()


async def test_a_reload_in_the_middle_ends_with_the_same_ticket(stage: Stage) -> None:
    page = await kiosk(stage)
    await page.route(TICKETS, answer_is_lost)
    await find(page, "паспорт")
    await press(page, RU["take_ticket"])
    await expect(page.locator("main")).to_contain_text(RU["asking_offline"])
    await page.unroute(TICKETS)
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("P-001")
    assert (await figures(stage))["issued"] == 1


async def test_without_a_network_it_says_so_and_asks_again_by_itself(stage: Stage) -> None:
    page = await kiosk(stage)
    await find(page, "паспорт")
    await page.context.set_offline(True)
    await press(page, RU["take_ticket"])
    await expect(page.get_by_role("heading", level=1)).to_have_text(RU["no_connection"])
    assert await violations(page) == []
    await page.context.set_offline(False)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("P-001")
    assert (await figures(stage))["issued"] == 1


async def test_a_ticket_that_nobody_waited_for_is_given_up(stage: Stage) -> None:
    page = await kiosk(stage)
    await page.route(TICKETS, answer_is_lost)
    await find(page, "паспорт")
    await press(page, RU["take_ticket"])
    await press(page, RU["stop_waiting"])
    await page.unroute(TICKETS)
    async with page.expect_response(lambda reply: reply.request.method == "DELETE"):
        await page.evaluate("() => dispatchEvent(new Event('online'))")
    day = await figures(stage)
    assert (day["issued"], day["cancelled"], day["waiting_now"]) == (1, 1, 0)


# --- on paper ------------------------------------------------------------------------------------


@asynccontextmanager
async def paper(stage: Stage) -> AsyncIterator[tuple[FakePrinter, str]]:
    """A printer, and the port of the agent that prints for this stage's kiosks."""
    async with fake_printer() as printer:
        app = agent(TicketPrinter("127.0.0.1", printer.port), frozenset({stage.client.api}))
        async with TestServer(app) as server:
            yield printer, str(server.port)


async def test_the_ticket_is_printed_by_itself(stage: Stage) -> None:
    async with paper(stage) as (printer, port):
        page = await kiosk(stage, printer=port)
        await find(page, "паспорт")
        await press(page, RU["take_ticket"])
        await expect(page.locator("main")).to_contain_text(RU["print_printed"])
        assert len(printer.slips) == 1


async def test_without_paper_the_visitor_is_told_and_the_ticket_is_valid(stage: Stage) -> None:
    async with paper(stage) as (printer, port):
        printer.paper = False
        page = await kiosk(stage, printer=port)
        await find(page, "паспорт")
        await press(page, RU["take_ticket"])
        main = page.locator("main")
        await expect(main).to_contain_text(RU["print_paper_out"])
        await expect(main).to_contain_text(RU["print_photo"])
        await expect(page.get_by_alt_text(RU["qr_ticket"])).to_be_visible()
        assert await violations(page) == []
        printer.paper = True
        await press(page, RU["print_again"])
        await expect(main).to_contain_text(RU["print_printed"])
        assert (len(printer.slips), (await figures(stage))["issued"]) == (1, 1)


async def test_a_roll_that_ends_in_the_middle_of_a_slip_loses_no_ticket(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "PRINTING_SECONDS", 1.0)
    async with paper(stage) as (printer, port):
        printer.paper_for_slip = False
        page = await kiosk(stage, printer=port)
        await find(page, "паспорт")
        await press(page, RU["take_ticket"])
        main = page.locator("main")
        await expect(main).to_contain_text(RU["print_under_way"])
        await expect(main).to_contain_text(RU["print_paper_out"])
        await expect(page.locator(".ticket-number")).to_have_text("P-001")
        printer.paper = printer.paper_for_slip = True
        await press(page, RU["print_again"])
        await expect(main).to_contain_text(RU["print_printed"])
        assert (len(printer.slips), (await figures(stage))["issued"]) == (1, 1)


async def test_a_printer_that_tells_nothing_is_not_said_to_have_printed(stage: Stage) -> None:
    async with paper(stage) as (printer, port):
        printer.silent = True
        page = await kiosk(stage, printer=port)
        await find(page, "паспорт")
        await press(page, RU["take_ticket"])
        await expect(page.locator("main")).to_contain_text(RU["print_sent"])
        assert len(printer.slips) == 1


async def test_a_printer_that_does_not_answer_is_told(stage: Stage) -> None:
    page = await kiosk(stage, printer=str(free_port()))
    await find(page, "паспорт")
    await press(page, RU["take_ticket"])
    await expect(page.locator("main")).to_contain_text(RU["print_unreachable"])


async def test_the_browser_prints_the_slip_alone(stage: Stage) -> None:
    context = await stage.context(KIOSK)
    await context.add_init_script("window.printed = 0; window.print = () => { printed += 1; }")
    page = await kiosk(stage, context=context, printer="browser")
    await find(page, "паспорт")
    await press(page, RU["take_ticket"])
    await press(page, RU["print"])
    assert await page.evaluate("printed") == 1
    await expect(page.locator("main")).to_contain_text(RU["print_sent"])
    await page.emulate_media(media="print")
    slip = page.locator(".slip")
    await expect(slip).to_be_visible()
    await expect(slip).to_contain_text("P-001")
    for line in ("Отдел № 2 города Уральска", "Выдан 16.03.2020 в 10:00", f"{RU['wait']}: "):
        await expect(slip).to_contain_text(line)
    await expect(page.locator(".ticket")).to_be_hidden()
    await expect(page.locator("header")).to_be_hidden()


# --- left alone, by keyboard, for everybody ------------------------------------------------------


async def stands_still(page: Page) -> None:
    """From now on the kiosk's time goes by only where the test lets it."""
    await page.clock.pause_at(await page.evaluate("Date.now()") / 1000 + 1)


async def test_a_kiosk_that_was_left_begins_anew_in_its_own_language(stage: Stage) -> None:
    page = await kiosk(stage)
    await page.clock.install()
    await page.reload()
    await find(page, "паспорт")
    await press(page, "English")
    await stands_still(page)
    await page.clock.run_for(55_000)
    await expect(page.get_by_role("alert")).to_contain_text("Are you still here?")
    await page.clock.run_for(10_000)
    await expect(page.get_by_role("heading", level=1)).to_have_text(RU["what_for"])
    assert (await figures(stage))["issued"] == 0


async def test_whoever_is_still_there_goes_on(stage: Stage) -> None:
    page = await kiosk(stage)
    await page.clock.install()
    await page.reload()
    await find(page, "паспорт")
    await stands_still(page)
    await page.clock.run_for(55_000)
    await expect(page.get_by_role("alert")).to_be_visible()
    looked = asyncio.create_task(violations(page))
    while not looked.done():
        await page.clock.run_for(1)
    assert looked.result() == []
    await press(page, RU["go_on"])
    await expect(page.get_by_role("alert")).to_have_count(0)
    await page.clock.run_for(40_000)
    await expect(page.get_by_role("button", name=RU["take_ticket"])).to_be_visible()


async def test_a_keyboard_is_enough(stage: Stage) -> None:
    page = await kiosk(stage)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name=RU["search_open"])).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await page.keyboard.type("pasport")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name=PASSPORT).first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    for _ in range(2):
        await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name=RU["party_more"])).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name=RU["take_ticket"])).to_be_focused()
    await page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_contain_text("P-001")
    await expect(heading).to_be_focused()


async def test_the_arrows_go_through_the_matches(stage: Stage) -> None:
    page = await kiosk(stage)
    await press(page, RU["search_open"])
    field = page.get_by_role("searchbox")
    await field.fill("справка")
    matches = page.locator(".found .choice")
    await page.keyboard.press("Enter")
    await expect(matches.first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(matches.nth(1)).to_be_focused()
    for _ in range(2):
        await page.keyboard.press("ArrowUp")
    await expect(field).to_be_focused()


async def screens(stage: Stage, page: Page, language: str) -> Any:  # noqa: ANN401 - a generator
    """Every screen of the kiosk in turn."""
    words = texts("kiosk", language)
    yield "home"
    await press(page, words["search_open"])
    await page.get_by_role("searchbox").fill("справка")
    await page.wait_for_selector(".choice")
    yield "search"
    await press(page, words["back"])
    await page.locator(".choice").nth(1).click()
    await page.wait_for_selector(f"text={words['back']}")
    yield "category"
    await press(page, words["back"])
    await press(page, words["search_open"])
    await page.get_by_role("searchbox").fill("passport")
    await page.locator(".choice").first.click()
    await page.wait_for_selector(".party")
    yield "visit"
    await press(page, words["take_ticket"])
    await page.wait_for_selector(".ticket-number")
    yield "ticket"
    await press(page, words["done"])
    await press(page, words["search_open"])
    await page.get_by_role("searchbox").fill("address certificate")
    await page.locator(".choice").first.click()
    await page.wait_for_selector(".way")
    yield "online"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_every_screen_can_be_used_by_anybody(stage: Stage, language: str) -> None:
    stage.client.clock(FRIDAY)
    page = await kiosk(stage, BOARD if language == "kk" else KIOSK, language)
    async for name in screens(stage, page, language):
        assert await ills(page, PHONE, KIOSK, BOARD) == [], name
        assert await page.evaluate(SMALL) == [], name


UNSEEN = "document.documentElement.scrollHeight - innerHeight"
"""Pixels below the edge of the screen."""
SMALL = """() => [...document.querySelectorAll("button:not(.key)")]
  .filter((button) => button.getBoundingClientRect().height < 64)
  .map((button) => button.outerHTML)"""
"""Buttons that a finger may miss."""
