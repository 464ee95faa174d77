"""What an experiment asks of an engine, and the engines there are."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from queue_service.journal_lines import journal_lines
from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from simulation.measures import Measures, Sheet, measured, sheet
from simulation.record import Visit, visits
from simulation.run import Run, replicate
from simulation.twin.room import TooLargeError

VISIT_COLUMNS = ("replication", "date", *Visit.__struct_fields__)
_INSTANTS = frozenset({"entered_at", "called_at", "ended_at", "left_at"})
"""Columns that are empty where it never happened."""


class Kept(Struct, frozen=True):
    """What is wanted of a replication beside its measures."""

    visits: bool = False
    journals: int = 0
    """Of so many replications, the first ones."""


class Replication(Struct, frozen=True, gc=False):
    """What one replication of a scenario came to: its days, the first one first."""

    number: int
    days: tuple[Measures, ...]
    visits: bytes = b""
    """A CSV line a ticket, with `VISIT_COLUMNS`, where visits are kept."""
    journals: dict[str, bytes] = {}
    """File name -> the journal of a day, a line of JSON an entry, where they are kept."""


Engine = Callable[[Scenario, Catalogue, int, Kept], Replication]
"""Lets replication number so-and-so of a scenario happen. All engines come to the same numbers."""


def simpy_engine(
    scenario: Scenario,
    catalogue: Catalogue,
    number: int,
    kept: Kept = Kept(),  # noqa: B008
) -> Replication:
    """The model on the live policy."""
    runs = replicate(scenario, catalogue, number)
    if number >= kept.journals:
        return _replication(map(sheet, runs), scenario, number, kept)
    journals: dict[str, bytes] = {}
    return replace(
        _replication(_written(runs, journals), scenario, number, kept), journals=journals
    )


def compiled_engine(
    scenario: Scenario,
    catalogue: Catalogue,
    number: int,
    kept: Kept = Kept(),  # noqa: B008
) -> Replication:
    """The compiled twin; a day that is too large for its tables is left to the model."""
    from simulation.twin.sheets import sheets  # noqa: PLC0415 - slow to load

    if number < kept.journals:
        return simpy_engine(scenario, catalogue, number, kept)
    try:
        days = sheets(scenario, catalogue, number, named=kept.visits)
        return _replication(days, scenario, number, kept)
    except TooLargeError:
        return simpy_engine(scenario, catalogue, number, kept)


ENGINES: Mapping[str, Engine] = {"compiled": compiled_engine, "simpy": simpy_engine}


def _written(runs: Iterable[Run], journals: dict[str, bytes]) -> Iterator[Sheet]:
    """Puts the journal of each day beside the others."""
    for run in runs:
        lines = journal_lines(run.day.journal, run.zone)
        journals[f"journal-{run.branch}-{run.date}.jsonl"] = b"".join(lines)
        yield sheet(run)


def _replication(days: Iterable[Sheet], scenario: Scenario, number: int, kept: Kept) -> Replication:
    """One day after another, so that memory need not hold them all."""
    measures: list[Measures] = []
    lines = io.StringIO()
    for day in days:
        measures.append(measured(day, scenario.site))
        if kept.visits:
            csv.writer(lines).writerows(_rows(number, day))
    return Replication(number, tuple(measures), lines.getvalue().encode())


def _rows(number: int, day: Sheet) -> Iterator[tuple[object, ...]]:
    for visit in visits(day.ledger, day.names):
        yield (number, day.date, *_cells(visit))


def _cells(visit: Visit) -> Iterator[object]:
    for name, value in msgspec.structs.asdict(visit).items():
        yield None if value == 0 and name in _INSTANTS else value
