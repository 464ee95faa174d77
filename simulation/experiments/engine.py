"""What an experiment asks of an engine, and the engines there are."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping

import msgspec
from msgspec import Struct

from queue_service.timing.localtime import in_zone
from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from schemas.wire_plan import JournalEntry
from simulation.measures import Measures, measure
from simulation.record import Record, Visit
from simulation.run import Run, replicate

VISIT_COLUMNS = ("replication", "date", *Visit.__struct_fields__)


class Kept(Struct, frozen=True):
    """What is wanted of a replication beside its measures."""

    visits: bool = False
    journals: int = 0
    """Of so many replications, the first ones."""


class Replication(Struct, frozen=True):
    """What one replication of a scenario came to: its days, the first one first."""

    number: int
    days: tuple[Measures, ...]
    visits: bytes = b""
    """A CSV line a ticket, with `VISIT_COLUMNS`, where visits are kept."""
    journals: dict[str, bytes] = {}
    """File name -> the journal of a day, a line of JSON an entry, where they are kept."""


Engine = Callable[[Scenario, Catalogue, int, Kept], Replication]
"""Lets replication number so-and-so of a scenario happen."""


def simpy_engine(
    scenario: Scenario,
    catalogue: Catalogue,
    number: int,
    kept: Kept = Kept(),  # noqa: B008
) -> Replication:
    """The model on the live policy."""
    days: list[Measures] = []
    lines = io.StringIO()
    journals: dict[str, bytes] = {}
    for run in replicate(scenario, catalogue, number):
        days.append(measure(run, scenario.site))
        if kept.visits:
            csv.writer(lines).writerows(_rows(number, run))
        if number < kept.journals:
            journals[f"journal-{run.branch}-{run.date}.jsonl"] = b"".join(journal_lines(run))
    return Replication(number, tuple(days), lines.getvalue().encode(), journals)


ENGINES: Mapping[str, Engine] = {"simpy": simpy_engine}


def _rows(number: int, run: Run) -> Iterator[tuple[object, ...]]:
    for visit in Record.of(run.day.journal).visits.values():
        yield (number, run.date, *msgspec.structs.astuple(visit))


def journal_lines(run: Run) -> Iterator[bytes]:
    """The journal of a day as the service tells it, a line of JSON an entry."""
    local = in_zone(run.zone)
    for entry in run.day.journal:
        line = JournalEntry(
            seq=entry.seq,
            at=local.text(entry.at),
            at_ms=entry.at,
            command=entry.command.hex(),
            part=entry.part,
            by=entry.by,
            event=msgspec.to_builtins(entry.event),
        )
        yield msgspec.json.encode(line) + b"\n"
