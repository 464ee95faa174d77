"""Everything that is held against a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.torture.check_answers import answer_findings
from tests.torture.check_journal import journal_findings
from tests.torture.check_order import order_findings

if TYPE_CHECKING:
    from tests.torture.history import Finding, Row, Told


def findings(told: list[Told], rows: list[Row]) -> list[Finding]:
    """What is wrong with the journal, with the answers, and with their order; empty for nothing."""
    return [
        *journal_findings(rows),
        *answer_findings(told, rows),
        *order_findings(told, rows),
    ]
