"""What a page does wrong in silence fails the test that opened it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.stage import BOARD

if TYPE_CHECKING:
    from tests.browser.stage import Stage


@pytest.mark.parametrize(
    "script",
    [
        "setTimeout(() => { throw new Error('lost key') })",
        "Promise.reject(new Error('lost key'))",
        "console.error('lost key')",
    ],
)
async def test_a_mistake_of_a_page_is_noticed(stage: Stage, script: str) -> None:
    page = await stage.open("pair", size=BOARD)
    await page.wait_for_selector(".code")
    await page.evaluate(f"() => {{ {script} }}")
    await page.evaluate("() => new Promise((done) => setTimeout(done))")
    (found,) = stage.mistakes.take()
    assert "lost key" in found


async def test_a_refused_request_is_no_mistake(stage: Stage) -> None:
    page = await stage.open("pair", size=BOARD)
    await page.wait_for_selector(".code")
    await page.evaluate("() => fetch('/v1/pairings/nobody').then((answer) => answer.status)")
    assert stage.mistakes.take() == []
