"""Modules stay short enough to be read in one go."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FEWER_THAN = 400


@pytest.mark.parametrize(
    "package", ["schemas", "queue_service", "displays", "simulation", "benchmarks"]
)
def test_no_module_has_400_lines(package: str) -> None:
    modules = [*(ROOT / package).rglob("*.py")]
    lines = {str(one.relative_to(ROOT)): len(one.read_text().splitlines()) for one in modules}
    assert lines
    assert {name: count for name, count in lines.items() if count >= FEWER_THAN} == {}
