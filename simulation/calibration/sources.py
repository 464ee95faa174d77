"""Where observations come from: journals in files, or a table that somebody else has kept."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import msgspec

from queue_service.journal_lines import entry
from queue_service.planning.public_holidays import holiday
from queue_service.policy.plan import hours_of
from schemas.branch import Branch
from schemas.catalogue.reader import suggestion
from schemas.fields import minute_of
from schemas.wire_plan import JournalEntry
from simulation.calibration.observed import (
    Arrival,
    Observed,
    ObservedDay,
    Tried,
    observe,
    together,
)
from simulation.calibration.serving import LONGEST
from simulation.live.scenario import ScenarioError

_OF_CALLS = ("called_at", "started_at", "finished_at")
_INSTANTS = ("arrived_at", *_OF_CALLS)
_NEEDED = ("arrived_at", "service")
_COLUMNS = (*_NEEDED, "party", "counter", *_OF_CALLS, "no_show")
_YES, _NO = {"1", "true", "yes"}, {"0", "false", "no", ""}
_LARGEST_PARTY = 20
_LIKE = "write one like 2026-03-02T09:30:00"
Period = tuple[date, date]


def from_journals(folder: Path, branch: str, period: Period) -> Observed:
    """What the files journal-BRANCH-DATE.jsonl in a folder tell; raises ScenarioError."""
    files = [*_files(folder, branch, period)]
    if not files:
        raise ScenarioError(
            f"--journals: no journal-{branch}-DATE.jsonl in {folder} from {period[0]} to "
            f"{period[1]}, name another folder or other dates"
        )
    return together(_observe_file(path) for path in files)


def _files(folder: Path, branch: str, period: Period) -> Iterator[Path]:
    for path in sorted(folder.glob(f"journal-{branch}-????-??-??.jsonl")):
        try:
            on = date.fromisoformat(path.stem[-10:])
        except ValueError:
            continue
        if period[0] <= on <= period[1]:
            yield path


def _observe_file(path: Path) -> Observed:
    decoder = msgspec.json.Decoder(JournalEntry)
    entries = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            entries.append(entry(decoder.decode(line)))
        except (msgspec.MsgspecError, ValueError) as problem:
            raise ScenarioError(f"{path.name}:{number}: is no journal entry: {problem}") from None
    return observe(entries)


def from_table(path: Path, branch: Branch, period: Period, services: Collection[str]) -> Observed:
    """What a CSV file tells, a line a visit, its columns named in the first line.

    Instants are ISO 8601, local unless they have an offset; `services` are the known codes. Raises
    ScenarioError with the line.
    """
    table = _Table(path.name, branch, period, services)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file, delimiter=_delimiter(file))
            table.check_columns(rows.fieldnames or [])
            for row in rows:
                table.add(row, rows.line_num)
    except OSError as problem:
        raise ScenarioError(f"--csv: {path}: cannot be read: {problem}") from None
    except (UnicodeDecodeError, csv.Error):
        sentence = "is no table of text, save it as CSV in UTF-8"
        raise ScenarioError(f"--csv: {path}: {sentence}") from None
    return table.told()


def _delimiter(file: TextIO) -> str:
    """A comma, or what spreadsheets write where a comma is the decimal sign."""
    first = file.readline()
    file.seek(0)
    return ";" if first.count(";") > first.count(",") else ","


class _Table:
    """Takes the lines of a table in."""

    def __init__(
        self, name: str, branch: Branch, period: Period, services: Collection[str]
    ) -> None:
        self._name = name
        self._services = services
        self._branch = branch
        self._zone = ZoneInfo(branch.time_zone)
        self._period = period
        self._days: dict[date, ObservedDay] = {}
        self._filled: set[str] = set()
        self._observed = Observed()

    def check_columns(self, names: object) -> None:
        """Raises ScenarioError for a column that is missing or unknown."""
        found = [str(name) for name in names] if isinstance(names, list) else []
        for name in _NEEDED:
            if name not in found:
                raise ScenarioError(f"{self._name}:1: no column {name}, add it")
        for name in found:
            if name not in _COLUMNS:
                known = ", ".join(_COLUMNS)
                raise ScenarioError(f"{self._name}:1: {name} is unknown, columns are {known}")

    def add(self, row: dict[str, str | None], line: int) -> None:
        """One visit; those of other dates are left out."""
        place = f"{self._name}:{line}"
        if None in row or None in row.values():
            raise ScenarioError(f"{place}: has other columns than the first line")
        values = {name: (value or "").strip() for name, value in row.items()}
        arrived = self._instant(values, "arrived_at", place)
        if arrived is None:
            raise ScenarioError(f"{place}: arrived_at is empty, write when the visitor came")
        if not values["service"]:
            raise ScenarioError(f"{place}: service is empty, write its code")
        if not self._period[0] <= arrived.date() <= self._period[1]:
            return
        if values["service"] not in self._services:
            hint = suggestion(values["service"], self._services)
            raise ScenarioError(f"{place}: no service {values['service']}, {hint}")
        self._filled.update(name for name, value in values.items() if value)
        day = self._day(arrived.date(), place)
        day.arrivals.append(Arrival(_minute(arrived), values["service"]))
        self._add_party(values, place)
        self._add_call(values, arrived, day, place)

    def told(self) -> Observed:
        """Everything; a column that is missing, or empty throughout, tells nothing."""
        found = self._observed
        if "party" not in self._filled:
            found.parties.clear()
        if "no_show" not in self._filled:
            found.no_show = Tried()
        elif self._filled.isdisjoint(_OF_CALLS):
            found.no_show.of = sum(len(day.arrivals) for day in found.days)
        return found

    def _day(self, on: date, place: str) -> ObservedDay:
        if on not in self._days:
            layers, _ = hours_of(self._branch, on)
            hours = layers[0].values if layers else None
            if hours is None or hours.opens is None or hours.closes is None:
                raise ScenarioError(f"{place}: arrived_at: the branch is closed on {on}")
            own = layers[0].kind == "special_day"
            day = ObservedDay(on, minute_of(hours.opens), minute_of(hours.closes))
            day.holiday = not own and bool(holiday(self._branch.country, on))
            self._days[on] = day
            self._observed.days = [self._days[one] for one in sorted(self._days)]
        return self._days[on]

    def _add_party(self, values: dict[str, str], place: str) -> None:
        party = values.get("party") or "1"
        if not party.isdecimal() or not 1 <= int(party) <= _LARGEST_PARTY:
            sentence = f"party: {party!r} is not accepted, write 1 to {_LARGEST_PARTY} people"
            raise ScenarioError(f"{place}: {sentence}")
        self._observed.parties[int(party)] += 1

    def _add_call(
        self, values: dict[str, str], arrived: datetime, day: ObservedDay, place: str
    ) -> None:
        called, started, finished = (self._instant(values, name, place) for name in _OF_CALLS)
        counter, absent = self._counter(values, place), self._absent(values, place)
        self._refuse_disorder((arrived, called, started, finished), place)
        if absent and (started or finished):
            sentence = "is 1 though started_at or finished_at is given, leave one of them empty"
            raise ScenarioError(f"{place}: no_show: {sentence}")
        if called or started or finished or absent:
            self._observed.no_show.add(absent)
        if started and finished:
            minutes = _lasts(started, finished, day, place)
            self._observed.serving[values["service"]].append(minutes)
            if counter:
                span = (_minute(started), _minute(finished))
                day.visits_at.setdefault(counter, []).append(span)
                day.given_at.setdefault(counter, set()).add(values["service"])
        if called and started:
            self._observed.walks_to_counter.append((started - called).total_seconds())

    def _refuse_disorder(self, instants: Sequence[datetime | None], place: str) -> None:
        moments = [one for one in instants if one]
        if moments != sorted(moments):
            sentence = "arrived_at, called_at, started_at, finished_at are not in order of time"
            raise ScenarioError(f"{place}: {sentence}")
        for name, one in zip(_INSTANTS, instants, strict=True):
            if one and one.date() != moments[0].date():
                sentence = f"is on another day than arrived_at, {moments[0].date()}, correct it"
                raise ScenarioError(f"{place}: {name}: {one.date()} {sentence}")

    def _counter(self, values: dict[str, str], place: str) -> str:
        counter, known = values.get("counter", ""), [one.id for one in self._branch.counters]
        if counter and counter not in known:
            hint = suggestion(counter, known)
            raise ScenarioError(f"{place}: counter: the branch has no counter {counter}, {hint}")
        return counter

    def _absent(self, values: dict[str, str], place: str) -> bool:
        said = values.get("no_show", "").lower()
        if said not in _YES | _NO:
            raise ScenarioError(f"{place}: no_show: {said!r} is not accepted, write 0 or 1")
        return said in _YES

    def _instant(self, values: dict[str, str], name: str, place: str) -> datetime | None:
        text = values.get(name, "")
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            sentence = f"{name}: {text!r} is not accepted, {_LIKE}"
            raise ScenarioError(f"{place}: {sentence}") from None
        if _is_date(text):
            raise ScenarioError(f"{place}: {name}: {text!r} has no time, {_LIKE}")
        return (
            found.replace(tzinfo=self._zone)
            if found.tzinfo is None
            else found.astimezone(self._zone)
        )


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _lasts(started: datetime, finished: datetime, day: ObservedDay, place: str) -> float:
    """Minutes of a visit; nobody is served for longer than the branch is open."""
    minutes = (finished - started).total_seconds() / 60
    most = min(LONGEST, day.closes - day.opens)
    if minutes > most:
        sentence = f"{minutes:.0f} minutes after started_at, {most:.0f} at most, correct it"
        raise ScenarioError(f"{place}: finished_at: {sentence}")
    return minutes


def _minute(moment: datetime) -> float:
    return moment.hour * 60 + moment.minute + moment.second / 60
