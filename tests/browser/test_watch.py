"""A simulated day on the hall board and on a visitor's page, in a real browser."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from playwright.async_api import expect

from queue_service.policy.events import TicketCalled, TicketIssued
from tests.acceptance.watching import simulated, watching
from tests.browser.stage import BOARD, PATIENCE

if TYPE_CHECKING:
    from playwright.async_api import Browser

HEAR = "addEventListener('kezek-announced', (event) => { window.announced ??= event.detail; })"


async def test_a_simulated_call_is_announced_on_the_hall_board(browser: Browser) -> None:
    async with watching("--from", "10:00", "--speed", "60") as watch:
        context = await browser.new_context(viewport={"width": BOARD[0], "height": BOARD[1]})
        hall, ticket = await context.new_page(), await context.new_page()
        await hall.add_init_script(HEAR)
        await hall.goto(watch.ready["hall"])
        await ticket.goto(watch.ready["ticket"])
        await expect(ticket.locator(".own-number")).to_have_text(watch.ready["number"])
        heard = await hall.wait_for_function("() => window.announced", timeout=4 * PATIENCE)
        announced = await heard.json_value()
        await context.close()
        assert await watch.end(signal.SIGINT) == 0
    assert (announced["number"], announced["counter"]) in _calls()


def _calls() -> set[tuple[str, str]]:
    journal = simulated()
    numbers = {
        entry.event.ticket: entry.event.number
        for entry in journal
        if isinstance(entry.event, TicketIssued)
    }
    return {
        (numbers[entry.event.ticket], entry.event.counter)
        for entry in journal
        if isinstance(entry.event, TicketCalled)
    }
