"""The command line's help, its settings, and what it says to wrong input."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from queue_service.settings import VARIABLES, ClockSetting, Settings, SettingsError
from tests.acceptance.command import ROOT, kezek


def test_help_names_every_command_and_every_setting_with_its_default() -> None:
    said = " ".join(kezek("--help").stdout.split())
    commands = "demo serve gateway worker replay load journal bench test token"
    for command in commands.split():
        assert re.search(rf"\b{command} ", said)
    for variable in VARIABLES.values():
        assert f"{variable.name} {variable.describe()}" in said


def test_the_operating_guide_lists_the_same_settings() -> None:
    guide = (ROOT / "docs" / "operating.md").read_text()
    rows = re.findall(r"^\| `(KEZEK_\w+)` \| (.*?) \| (.*?) \|$", guide, re.MULTILINE)
    assert rows == [
        (variable.name, f"`{variable.default}`" if variable.default else "-", variable.meaning)
        for variable in VARIABLES.values()
    ]


def test_help_of_the_tests_runs_none() -> None:
    done = kezek("test", "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: ")
    assert "== lint" not in done.stdout


def test_help_is_quick_because_it_imports_nothing_heavy() -> None:
    code = "import sys, queue_service.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"aiohttp", "asyncpg", "apscheduler", "yaml", "holidays", "babel"}


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_wrong_setting_is_one_sentence(command: str) -> None:
    done = kezek(command, KEZEK_PORT="eighty")
    assert done.returncode == 1
    assert (
        done.stderr == "Error: KEZEK_PORT is 'eighty': a whole number from 1 to 65535 is needed.\n"
    )


def test_serve_asks_for_a_database_and_a_secret() -> None:
    assert "KEZEK_DATABASE_URL is not set: give the address" in kezek("serve").stderr
    done = kezek("serve", KEZEK_DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert "KEZEK_SECRET is not set: give a random text" in done.stderr


def test_a_worker_asks_for_a_database() -> None:
    done = kezek("worker")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "KEZEK_DATABASE_URL is not set: give the address" in done.stderr


def test_an_empty_state_directory_is_not_the_working_directory() -> None:
    done = kezek("demo", "--state-dir", "")
    assert done.returncode == 2
    assert "Invalid value for '--state-dir': the name is empty: name a folder" in done.stderr


def test_a_speed_that_is_no_number_is_refused() -> None:
    done = kezek("demo", "--speed", "nan")
    assert done.returncode == 2
    assert "Invalid value for '--speed': nan is no number" in done.stderr


@pytest.mark.parametrize("host", ["300.1.1.1", "192.0.2.1"])
def test_an_address_of_another_machine_is_told_by_its_own_setting(host: str) -> None:
    settings = {
        "KEZEK_DATABASE_URL": "postgresql://127.0.0.1:1/x",
        "KEZEK_SECRET": "0123456789abcdef",
        "KEZEK_HOST": host,
    }
    for command in (("serve",), ("demo", "--port", "0")):
        done = kezek(*command, **settings)
        assert done.returncode == 1
        assert f"Nothing can listen on {host} port" in done.stderr
        assert "Set KEZEK_HOST to an address of this machine" in done.stderr


@pytest.mark.parametrize("what", ["tickets", "gateway", "simulation"])
def test_a_bench_refuses_a_file_that_cannot_be_written_before_it_measures(what: str) -> None:
    done = kezek("bench", what, "--json", "/nowhere/figures.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Invalid value for '--json': no file can be put into /nowhere" in done.stderr


def test_a_database_that_does_not_answer_is_one_sentence() -> None:
    done = kezek("token", "list", KEZEK_DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("Error: The database cannot be used: ")
    assert done.stderr.endswith(": start it, or correct KEZEK_DATABASE_URL\n")


def test_settings_have_defaults() -> None:
    settings = Settings.from_environment({})
    assert (settings.host, settings.port, settings.clock) == ("127.0.0.1", 8080, ClockSetting())
    assert settings.database_url is None
    assert settings.secret is None
    assert settings.replica


def test_a_scaled_clock_is_read_and_written_alike() -> None:
    text = "scaled:1584345600000:1700000000000:30"
    clock = Settings.from_environment({"KEZEK_CLOCK": text}).clock
    assert clock == ClockSetting("scaled", 1584345600000, 1700000000000, 30.0)
    assert str(clock) == text


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("KEZEK_PORT", "0", "a whole number from 1 to 65535"),
        ("KEZEK_PORT", "٨٠", "a whole number from 1 to 65535"),
        ("KEZEK_CLOCK", "scaled:1:2:0", "speed must be above 0"),
        ("KEZEK_CLOCK", "scaled:1:2", "real, driven or scaled"),
        ("KEZEK_DATABASE_URL", "mysql://x", "an address such as postgresql"),
        ("KEZEK_DATABASE_URL", "postgresql://h:99999/x", "a port from 1 to 65535 is needed"),
        ("KEZEK_DATABASE_URL", "postgresql://u:p@h:1,g:0/x", "a port from 1 to 65535 is needed"),
        ("KEZEK_DATABASE_URL", "postgresql:///x?port=5432x", "a port from 1 to 65535 is needed"),
        ("KEZEK_DATABASE_URL", "postgresql://h/x?sslmode=zz", "as sslmode one of disable, allow"),
        ("KEZEK_DATABASE_URL", "postgresql://h/x?sslmode", "options such as sslmode=require"),
        ("KEZEK_DATABASE_URL", "postgresql://[h/x", "an address such as postgresql"),
        ("KEZEK_SECRET", "short", "at least 16 characters"),
        ("KEZEK_LOG_LEVEL", "loud", "one of debug, info"),
        ("KEZEK_REPLICA", "a b", "Latin letters"),
        ("KEZEK_DATABASE_CONNECTIONS", "1", "a whole number from 2 to 1000"),
        ("KEZEK_TRUSTED_PROXIES", "10.0.0.1/8", "addresses or networks such as"),
        ("KEZEK_DASK_SCHEDULER", "foo", "an address such as tcp://10.0.0.1:8786 is needed"),
        ("KEZEK_DASK_SCHEDULER", "tcp://10.0.0.1", "an address such as tcp"),
        ("KEZEK_DASK_SCHEDULER", "tcp://10.0.0.1:99999", "an address such as tcp"),
        ("KEZEK_CLOK", "real", "did you mean KEZEK_CLOCK"),
    ],
)
def test_a_wrong_value_names_its_variable(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is .*{sentence}"):
        Settings.from_environment({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEZEK_DATABASE_URL", "pg://user:hunter2@h/db"),
        ("KEZEK_DATABASE_URL", "postgresql://user:hunter2@h:99999/db"),
        ("KEZEK_SECRET", "hunter2"),
    ],
)
def test_a_wrong_secret_is_not_repeated(name: str, value: str) -> None:
    done = kezek("serve", **{name: value})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {name} is not usable: ")
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:p%40ss@h/x?sslmode=verify-full&application_name=kezek",
        "postgres://u:p:w@[::1]:5433,second:5434/x?target_session_attrs=primary",
        "postgresql://%2Frun%2Fpostgresql/x",
        "postgresql:///x?host=/run/postgresql&port=5433",
    ],
)
def test_an_address_of_a_database_may_have_hosts_ports_and_options(address: str) -> None:
    assert Settings.from_environment({"KEZEK_DATABASE_URL": address}).database_url == address


def test_names_that_others_set_are_left_alone() -> None:
    assert Settings.from_environment({"KEZEK_SERVICE_HOST": "10.0.0.1"}).host == "127.0.0.1"
