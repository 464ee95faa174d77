"""What the replicas' logs say of the faults that clients were told of."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.torture.history import Finding

INCIDENT = re.compile(r"urn:kezek:incident:([0-9a-f]+)")
SHOWN = 3


def stories(found: Iterable[Finding], folder: Path) -> list[str]:
    """The log's line, with its traceback, of the first incidents that findings speak of."""
    named = (INCIDENT.search(finding.sentence) for finding in found)
    incidents = dict.fromkeys(match[1] for match in named if match)
    logs = sorted(folder.glob("*.log"))
    return [_story(incident, logs) for incident in [*incidents][:SHOWN]]


def _story(incident: str, logs: Iterable[Path]) -> str:
    lines = [line for log in logs for line in _lines(log) if incident in line]
    told = "\n".join(map(_readable, lines)) or "no log knows of it"
    return f"incident {incident}:\n{told}"


def _lines(log: Path) -> Iterator[str]:
    with log.open(errors="replace") as file:
        yield from file


def _readable(line: str) -> str:
    """One value a line, the traceback as Python prints it; a line that is no JSON as it is."""
    try:
        event: dict[str, Any] = json.loads(line)
    except ValueError:
        return line.rstrip()
    traceback = str(event.pop("exception", ""))
    said = ", ".join(f"{name}: {value}" for name, value in event.items())
    return f"{said}\n{traceback}".rstrip()
