"""A failed torture tells what one needs: the findings, the logs' words on them, the folder."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.torture.check import summary
from tests.torture.history import Finding

if TYPE_CHECKING:
    from pathlib import Path

REPLICA = """
import structlog
from queue_service import logs
logs.configure("warning", "replica-1")
log = structlog.get_logger("any")
for incident in ("00ff", "aaaa"):
    try:
        {}["the cupboard"]
    except LookupError:
        log.exception("unexpected", incident=incident)
"""


def test_the_traceback_of_an_incident_is_told_with_its_finding(tmp_path: Path) -> None:
    (tmp_path / "0.log").write_text("Killed\n")
    with (tmp_path / "1.log").open("wb") as log:
        subprocess.run([sys.executable, "-c", REPLICA], stderr=log, check=True)
    answer = "{'status': 500, 'instance': 'urn:kezek:incident:00ff'}"
    told = summary([Finding("unexpected_answer", f"take: 500 {answer}")], tmp_path)
    assert "unexpected_answer: 1" in told
    assert "Traceback (most recent call last):\n  File" in told
    assert "\nKeyError: 'the cupboard'" in told
    assert "replica: replica-1" in told
    assert "aaaa" not in told
    assert str(tmp_path) in told


def test_an_incident_that_no_log_knows_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "0.log").write_text("urn:kezek:incident:00f cut off\n")
    told = summary([Finding("unexpected_answer", "500 urn:kezek:incident:00ff")], tmp_path)
    assert "incident 00ff:\nno log knows of it" in told
