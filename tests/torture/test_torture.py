"""Two replicas on one database, 32 clients, and somebody who kills them: nothing may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict

from queue_service.audit import verify
from queue_service.policy.events import Entry, decode
from tests.torture.arena import Arena, Left
from tests.torture.check import findings, summary
from tests.torture.figures import Figures, figures_of
from tests.torture.history import Row, by_stream

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from queue_service.machine.postgres import EmbeddedPostgres


def test_nothing_is_lost_or_done_twice(
    folder: Path,
    own_server: EmbeddedPostgres,
    seed: int,
    seconds: float,
    say: Callable[[str], None],
) -> None:
    say(f"\ntorture: seed {seed}, {seconds:g} s, {folder}")
    arena = Arena(folder, own_server.url, seed, seconds)
    left = arena.run(own_server)
    figures = figures_of(left, arena.clock)
    for name, value in asdict(figures).items():
        say(f"  {name:<18}{value}")
    found = findings(left.told, left.rows)
    assert not found, summary(found, folder)
    assert not left.fell_by_itself, f"{left.fell_by_itself}, everything is in {folder}"
    assert not _broken_laws(left), f"{_broken_laws(left)}, everything is in {folder}"
    _assert_did_something(figures, seconds)


def _broken_laws(left: Left) -> list[str]:
    """What `kezek journal verify` would find."""
    return [
        f"{stream} entry {finding.seq}: {finding.law}: {finding.how}"
        for stream, rows in by_stream(left.rows).items()
        for finding in verify.findings(map(_entry, rows))
    ]


def _entry(row: Row) -> Entry:
    return Entry(
        seq=row.seq,
        at=row.at,
        command=row.command,
        part=row.part,
        by=row.actor,
        event=decode(msgspec.json.encode(row.body)),
    )


def _assert_did_something(figures: Figures, seconds: float) -> None:
    """Low bounds: the machine may have other work; what is seldom needs some hundred commands."""
    assert figures.undecided == 0
    assert figures.acknowledged > 3 * seconds
    assert figures.tickets > seconds
    done = (figures.pauses, figures.recounts, figures.transfers, figures.holds)
    assert min(done) >= figures.acknowledged // 400
    assert figures.closings > 0 or figures.acknowledged < 400
    assert figures.visits_of_several > figures.tickets / 10
    assert figures.kills.keys() == {"replica", "backend", "database"}
    assert sum(figures.kills.values()) > seconds / 10
    assert figures.conflicts > 0
    assert figures.done_before_retry >= figures.acknowledged // 400
    assert figures.repeated > 0
