"""`kezek test`: the checks in their order, the first failure ends it, arguments choose tests."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from queue_service import checks
from queue_service.checks import Check, run_checks

if TYPE_CHECKING:
    from pathlib import Path


Commands = tuple[tuple[str, ...], ...]


def names(group: tuple[Check, ...]) -> list[str]:
    return [check.name for check in group]


def program(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def ends(status: int) -> Commands:
    return (program(f"raise SystemExit({status})"),)


def use(monkeypatch: pytest.MonkeyPatch, *groups: tuple[Check, ...]) -> None:
    monkeypatch.setattr(checks, "checks", lambda _: groups)


def test_the_quick_checks_come_first_side_by_side() -> None:
    quick, tests = checks.checks(())
    assert names(quick)[:4] == ["lint", "format", "types", "import contracts"]
    assert names(quick)[4] == "types of the pages"
    assert all("tests" in name for name in names(quick)[5:] + names(tests))
    assert len(tests) == 1, "a person sees the long one go on"


def test_arguments_go_to_the_tests_alone() -> None:
    quick, (chosen,) = checks.checks(("tests/policy", "-k", "door"))
    assert chosen.name == "tests"
    assert chosen.commands[-1][-3:] == ("tests/policy", "-k", "door")
    assert not any("door" in command for check in quick for command in check.commands)
    assert not any("tests" in name for name in names(quick))


def test_the_first_failure_ends_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    codes = {"good": 0, "bad": 3, "late": 0}
    use(monkeypatch, *((Check(name, ends(code)),) for name, code in codes.items()))
    assert run_checks(()) == 3
    assert capfd.readouterr().out.splitlines() == ["== good", "== bad", "== bad: FAILED"]


def test_what_runs_side_by_side_speaks_by_turns_until_one_fails(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The first of them ends after the second has begun: where only one ran, it would not end."""
    os.mkfifo(tmp_path / "pipe")
    waits = program(f"open({str(tmp_path / 'pipe')!r}).read(); print('first')")
    tells = program(f"print('second'); open({str(tmp_path / 'pipe')!r}, 'w').close()")
    two = (Check("one", (waits,)), Check("other", (tells, *ends(3), program("print('no')"))))
    use(monkeypatch, two, (Check("late", ends(0)),))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    assert run_checks(()) == 3
    told = capfd.readouterr().out.split("\n")
    assert told[:-1] == ["== one", "first", "== other", "second", "== other: FAILED"]


@pytest.mark.parametrize(("again", "status"), [(0, 0), (1, 1)])
def test_tests_that_failed_are_run_once_more_by_themselves(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], again: int, status: int
) -> None:
    use(monkeypatch, (Check("tests", ends(1), *ends(again)),))
    assert run_checks(()) == status
    told = capfd.readouterr().out.splitlines()
    assert told[:2] == ["== tests", "== tests: what failed once more, by itself"]


def test_a_persons_settings_do_not_leak_into_the_tests(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    code = "import os; print(*map(os.environ.get, ('KEZEK_PORT', 'PYTHONDONTWRITEBYTECODE')))"
    use(monkeypatch, (Check("one", (program(code),)),))
    monkeypatch.setenv("KEZEK_PORT", "1")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert run_checks(()) == 0
    assert "None None" in capfd.readouterr().out
