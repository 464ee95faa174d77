"""`kezek test`: the checks in their order, the first failure ends it, arguments choose tests."""

from __future__ import annotations

import sys

import pytest

from queue_service import checks
from queue_service.checks import Check, run_checks


def test_the_checks_in_their_order() -> None:
    names = [check.name for check in checks.checks(())]
    assert names[:4] == ["lint", "format", "types", "import contracts"]
    assert names[4:6] == ["what checks the pages", "types of the pages"]
    assert all("tests" in name for name in names[6:])


def test_arguments_go_to_the_tests_alone() -> None:
    chosen = checks.checks(("tests/policy", "-k", "door"))
    assert [check.name for check in chosen][6:] == ["tests"]
    assert chosen[-1].command[-3:] == ("tests/policy", "-k", "door")
    assert not any("door" in check.command for check in chosen[:-1])


def test_the_first_failure_ends_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def three(_: tuple[str, ...]) -> tuple[Check, ...]:
        codes = {"good": "0", "bad": "3", "late": "0"}
        return tuple(
            Check(name, (sys.executable, "-c", f"raise SystemExit({code})"))
            for name, code in codes.items()
        )

    monkeypatch.setattr(checks, "checks", three)
    assert run_checks(()) == 3
    assert capfd.readouterr().out.splitlines() == ["== good", "== bad", "== bad: FAILED"]


@pytest.mark.parametrize(("again", "status"), [("0", 0), ("1", 1)])
def test_tests_that_failed_are_run_once_more_by_themselves(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], again: str, status: int
) -> None:
    side_by_side, alone = (
        (sys.executable, "-c", f"raise SystemExit({code})") for code in ("1", again)
    )
    monkeypatch.setattr(checks, "checks", lambda _: (Check("tests", side_by_side, alone),))
    assert run_checks(()) == status
    told = capfd.readouterr().out.splitlines()
    assert told[:2] == ["== tests", "== tests: what failed once more, by itself"]


def test_a_persons_settings_do_not_leak_into_the_tests(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    code = "import os; print(os.environ.get('KEZEK_PORT'))"
    one = (Check("one", (sys.executable, "-c", code)),)
    monkeypatch.setattr(checks, "checks", lambda _: one)
    monkeypatch.setenv("KEZEK_PORT", "1")
    assert run_checks(()) == 0
    assert "None" in capfd.readouterr().out
