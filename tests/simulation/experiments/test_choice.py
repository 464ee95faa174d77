"""The engine is chosen by what is sooner: the numbers do not depend on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulation import simulate
from simulation.experiments.choice import WORTH_MAKING, engine_for
from simulation.twin import kept
from tests.simulation.experiments.small import MONDAY

WHOLES = (
    *("drawer.arrive", "drawer.choose", "day.run"),
    *("noting.note", "noting.add_up", "noting.rank"),
)
_FEW = 3
_MANY = round(WORTH_MAKING / 60)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where nothing has been compiled yet, by a numba that would."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    kept.folder.cache_clear()
    yield tmp_path
    kept.folder.cache_clear()


def test_little_is_done_by_the_model_until_the_twin_has_been_made(folder: Path) -> None:
    for whole in WHOLES:
        assert engine_for(None, MONDAY, _FEW) == "simpy"
        kept.keep(whole, "name", b"code")
    assert engine_for(None, MONDAY, _FEW) == "compiled"


def test_what_is_asked_for_is_taken(folder: Path) -> None:
    assert engine_for("simpy", MONDAY, _MANY) == "simpy"
    assert not list(folder.iterdir())


def test_where_nothing_is_compiled_the_model_is_sooner() -> None:
    assert engine_for(None, MONDAY, _MANY) == "simpy"
    assert engine_for("compiled", MONDAY, _MANY) == "compiled"


def test_both_engines_print_the_same_document(capsys: pytest.CaptureFixture[str]) -> None:
    few = [f"--set=days.{day}.visits=12" for day in range(6)]
    command = ("ordinary-week", *few, "--reps", "1", "--json", "--engine")
    documents = []
    for engine in ("compiled", "simpy"):
        assert simulate.main([*command, engine]) == 0
        documents.append(json.loads(capsys.readouterr().out))
    assert [one.pop("engine") for one in documents] == ["compiled", "simpy"]
    assert documents[0] == documents[1]
    assert documents[0]["estimates"]["all"]["served"]["mean"] > 20
