"""Hints where there is no database to send them through."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from queue_service.journal.hints import Hints

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TRIES = 5


async def test_a_listener_without_a_database_tries_less_and_less_often_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pauses: list[float] = []
    enough = asyncio.Event()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == TRIES:
            enough.set()
            await asyncio.Event().wait()

    hints = Hints(f"postgresql://kezek@/kezek?host={tmp_path}", 0, lambda _hint: None)
    monkeypatch.setattr(asyncio, "sleep", pause)
    with caplog.at_level(logging.WARNING):
        running = asyncio.create_task(hints.run())
        await enough.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert pauses == [1, 2, 4, 5, 5]
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["no hints"]
