"""A scenario as a file that can be read, edited and simulated again."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import msgspec
import yaml

from schemas.scenario import Scenario

_WIDTH = 98


def written(scenario: Scenario, remarks: str = "") -> str:
    """YAML without the fields that say nothing; `remarks` stand above it as comments."""
    document = _without_nothing(msgspec.json.decode(msgspec.json.encode(scenario)))
    lines = [line for part in remarks.splitlines() for line in wrap(part, _WIDTH)]
    above = "".join(f"# {line}\n" for line in lines)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return f"{above}{text}"


def _without_nothing(value: Any) -> Any:  # noqa: ANN401 - a document
    if isinstance(value, dict):
        kept = {key: _without_nothing(part) for key, part in value.items()}
        return {
            key: part for key, part in kept.items() if part is not None and part not in ([], {})
        }
    if isinstance(value, list):
        return [_without_nothing(part) for part in value]
    return value
