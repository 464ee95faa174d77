"""Journals in files, as `kezek simulate --out` writes them: a line of JSON an entry."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from queue_service.audit.report import NothingToExamineError, said
from queue_service.audit.verify import Examination, StreamReport
from queue_service.journal_lines import entry
from queue_service.policy.rules import NEVER
from schemas.wire_plan import JournalEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = re.compile(r"journal-(?P<branch>.+)-(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})\.jsonl")
_LINES = msgspec.json.Decoder(JournalEntry)


def examine_folder(
    folder: Path, branch: str | None, day: dt.date | None, *, as_json: bool
) -> tuple[list[str], bool]:
    """Gives the lines to print and whether every stream is sound, as `examine` does.

    Raises NothingToExamineError where no file of the folder has what was asked for.
    """
    reports = [
        _examine(path, found_branch, date)
        for path, found_branch, date in _files(folder)
        if branch in (None, found_branch) and day in (None, date)
    ]
    if not reports:
        raise NothingToExamineError(
            f"There is no journal-BRANCH-DATE.jsonl of it in {folder}: nothing was examined."
        )
    return said(reports, as_json=as_json)


def _files(folder: Path) -> Iterator[tuple[Path, str, dt.date]]:
    for path in sorted(folder.glob("journal-*.jsonl")):
        if name := _NAME.fullmatch(path.name):
            with suppress(ValueError):
                yield path, name["branch"], dt.date.fromisoformat(name["date"])


def _examine(path: Path, branch: str, date: dt.date) -> StreamReport:
    examination = Examination((branch, date))
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                told = entry(_LINES.decode(line))
            except (msgspec.MsgspecError, ValueError) as problem:
                examination.unreadable(number, problem)
            else:
                examination.see(told)
    examination.end(NEVER)  # A simulated day is written whole.
    return StreamReport(branch, date, examination.count, tuple(examination.findings))
