"""Everything that is held against a run."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.torture.check_answers import answer_findings
from tests.torture.check_journal import journal_findings
from tests.torture.check_order import order_findings
from tests.torture.incidents import stories

if TYPE_CHECKING:
    from pathlib import Path

    from tests.torture.history import Finding, Row, Told


def findings(told: list[Told], rows: list[Row]) -> list[Finding]:
    """What is wrong with the journal, with the answers, and with their order; empty for nothing."""
    return [
        *journal_findings(rows),
        *answer_findings(told, rows),
        *order_findings(told, rows),
    ]


def summary(found: list[Finding], folder: Path, shown: int = 3) -> str:
    """How many findings there are of each kind, with the first few sentences of each, what the logs
    in the run's folder say of them, and where it is."""
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for finding in found:
        kinds[finding.kind].append(finding.sentence)
    lines = []
    for kind, sentences in kinds.items():
        lines += [f"{kind}: {len(sentences)}", *(f"  {text}" for text in sentences[:shown])]
    return "\n".join([*lines, *stories(found, folder), f"Everything is in {folder}"])
