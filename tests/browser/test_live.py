"""`shared/live.js` in a real browser: recovers by itself, misses no call, says when it is old."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from queue_service.ids import new_ticket_id
from tests.browser.stage import staged
from tests.conftest import migrated
from tests.contract.http_client import BRANCH, MONDAY

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from queue_service.machine.postgres import EmbeddedPostgres
    from tests.browser.stage import Stage

SOCKETS = 20
WATCH_BOARDS = """async ([branch, count]) => {
  const { watchBoard } = await import("/shared/live.js");
  window.boards = Array.from({ length: count }, () => ({ called: [], states: [] }));
  window.ends = boards.map((board) => watchBoard(branch, (state) => {
    board.called.push(...(board.states.length ? state.fresh : state.called));
    board.states.push(state);
    board.last = state;
  }));
}"""
WATCH_TICKET = """async ([branch, id]) => {
  const { watchTicket } = await import("/shared/live.js");
  watchTicket(branch, id, (state) => { window.last = state; });
}"""
ALL_HAVE = """([numbers]) => boards.every((board) => board.last && !board.last.stale
  && numbers.every((number) => board.called.some((call) => call.number === number)))"""
ALL_STALE = "() => boards.every((board) => board.last.stale)"
CALLED = "() => boards.map((board) => board.called.map((call) => call.number))"


async def watching(stage: Stage) -> Page:
    """A page of the same origin on which many boards are watched."""
    page = await stage.open("config.json")
    await page.evaluate(WATCH_BOARDS, [BRANCH, SOCKETS])
    return page


async def called(stage: Stage, count: int) -> list[str]:
    """Visitors come and are called, one after the other; their numbers."""
    numbers = []
    for _ in range(count):
        ticket = await stage.client.take()
        assert (await stage.client.counter("1", "call-next")).status == 200
        assert (await stage.client.act(ticket, "no-show")).status == 200
        numbers.append(ticket["number"])
    return numbers


async def all_have(page: Page, numbers: list[str]) -> None:
    await page.wait_for_function(ALL_HAVE, arg=[numbers])


@pytest.mark.kills_gateway
async def test_boards_come_back_after_a_killed_gateway_and_tell_each_call_once(
    stage: Stage,
) -> None:
    await stage.client.counter("1", "open")
    page = await watching(stage)
    numbers = await called(stage, 2)
    await all_have(page, numbers)
    await stage.gateway.kill()
    await page.wait_for_function(ALL_STALE)
    numbers += await called(stage, 15)
    await stage.gateway.start()
    numbers += await called(stage, 2)
    await all_have(page, numbers)
    assert await page.evaluate(CALLED) == [numbers] * SOCKETS


async def test_boards_say_that_they_are_old_while_the_database_is_away_and_come_back(
    own_server: EmbeddedPostgres, browser: Browser
) -> None:
    await migrated(own_server.url)
    async with staged(own_server.url, browser, gateway_process=True) as stage:
        stage.client.clock(MONDAY)
        await stage.client.counter("1", "open")
        page = await watching(stage)
        numbers = await called(stage, 2)
        await all_have(page, numbers)
        own_server.kill()
        await page.wait_for_function(ALL_STALE)
        news = await page.evaluate("() => boards.map((board) => board.last.lastNews)")
        assert news == [int(MONDAY.timestamp() * 1000)] * SOCKETS
        own_server.restart()
        numbers += await called(stage, 3)
        await all_have(page, numbers)
        assert await page.evaluate(CALLED) == [numbers] * SOCKETS


async def test_a_ticket_is_followed_and_a_guessed_one_is_unknown(stage: Stage) -> None:
    ticket = await stage.client.take()
    page = await stage.open("config.json")
    await page.evaluate(WATCH_TICKET, [BRANCH, ticket["id"]])
    await page.wait_for_function(
        "(number) => window.last?.ticket?.number === number", arg=ticket["number"]
    )
    assert await page.evaluate("() => last.now()") == int(MONDAY.timestamp() * 1000)
    await stage.client.counter("1", "open")
    await stage.client.counter("1", "call-next")
    await page.wait_for_function("() => last.ticket.state === 'called' && last.fresh.length === 1")
    guessed = await stage.open("config.json")
    await guessed.evaluate(WATCH_TICKET, [BRANCH, new_ticket_id(MONDAY.date())])
    await guessed.wait_for_function("() => window.last?.unknown && !last.ticket")
