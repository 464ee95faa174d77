"""`python -m simulation.live.replay`: a published story against a running service, a row a day."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import Self

import aiohttp
import msgspec
import uvloop
from rich.console import Console
from rich.live import Live

from simulation.live import story
from simulation.live.branch_day import known_branch
from simulation.live.scenario import Scenario, ScenarioError, known_scenarios, load_scenario
from simulation.live.service import Service, ServiceError
from simulation.live.table import Row, row, table
from simulation.live.timeline import DrivenPace, Timeline
from simulation.live.tokens import read_tokens

_PATIENCE_SECONDS = 30.0
_FAILED = 1
_INTERRUPTED = 130


class Report:
    """Shows the days as they are over: lines of JSON, or a table that grows."""

    def __init__(self, scenario: Scenario, *, as_json: bool) -> None:
        self.rows: list[Row] = []
        self._scenario = scenario
        self._as_json = as_json
        self._live = Live(auto_refresh=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._live.is_started:
            return
        self._live.stop()
        if not self._live.console.is_terminal:
            sys.stdout.write("\n")

    def add(self, day: Row) -> None:
        """A day is over."""
        self.rows.append(day)
        if self._as_json:
            sys.stdout.write(msgspec.json.encode(day).decode() + "\n")
            sys.stdout.flush()
        else:
            self._live.start()
            self._live.update(table(self._scenario, self.rows), refresh=True)


def main(arguments: list[str]) -> int:
    """Runs the command; gives the exit status."""
    asked = _parsed(arguments)
    try:
        scenario = load_scenario(asked.scenario)
        if asked.check:
            return 0
        tokens = read_tokens(asked.tokens)
        with Report(scenario, as_json=asked.json) as report:
            uvloop.run(_until_interrupted(asked.api, tokens, scenario, asked.speed, report))
    except (ScenarioError, ServiceError) as problem:
        Console(stderr=True, soft_wrap=True).print(str(problem), markup=False)
        return _FAILED
    except BrokenPipeError:  # whoever read the rows has gone: nobody is left to be told
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED
    return 0 if len(report.rows) == len(scenario.days) else _INTERRUPTED


async def _until_interrupted(
    api: str, tokens: dict[str, str], scenario: Scenario, speed: float | None, report: Report
) -> None:
    task = asyncio.ensure_future(_replay(api, tokens, scenario, speed, report))
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, task.cancel)
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()


async def _replay(
    api: str, tokens: dict[str, str], scenario: Scenario, speed: float | None, report: Report
) -> None:
    async with aiohttp.ClientSession() as session:
        timeline = Timeline(DrivenPace(speed), story.first_instant(scenario))
        service = Service(
            session, api, tokens, patience=_PATIENCE_SECONDS, now=lambda: timeline.now
        )
        branch = await known_branch(service, scenario.branch)
        await story.put_in_force(scenario, service)
        async for figures in story.live(scenario, branch, service, timeline):
            report.add(row(figures))


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="kezek replay",
        description="Drives a service over HTTP through the days of a published story.",
        epilog=f"Known stories: {', '.join(known_scenarios())}.",
    )
    parser.add_argument("scenario", help="name of the story, such as uralsk-2020-03")
    parser.add_argument("--speed", type=_speed, help="max (default), or how many times real time")
    parser.add_argument("--json", action="store_true", help="one JSON line a day")
    parser.add_argument(
        "--api",
        type=_address,
        help="address of a service with KEZEK_CLOCK=driven; without it one is started",
    )
    parser.add_argument("--tokens", type=Path, help="JSON file with a token for each role")
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if not asked.check and not (asked.api and asked.tokens):
        parser.error("--api needs --tokens FILE, and the other way round")
    return asked


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not speed > 0:
        raise argparse.ArgumentTypeError("write max or a number above 0, such as 60")
    return speed


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+/?", text):
        raise argparse.ArgumentTypeError("write an address such as http://127.0.0.1:8080")
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
