"""`python -m simulation.watch`: one simulated day, for `kezek watch` to play on the boards."""

from __future__ import annotations

import re
import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from queue_service.played_day import PlayedDay
from queue_service.scenarios.plans import regimes_of
from queue_service.timing.localtime import in_zone
from schemas.catalogue import Catalogue
from schemas.fields import minute_of
from schemas.scenario import Scenario
from simulation.experiments.changes import changed
from simulation.experiments.options import failing, whole
from simulation.live.scenario import ScenarioError
from simulation.run import Run, replicate
from simulation.scenario_file import add_catalogue_option, catalogue_in, scenario_of
from simulation.world import branch_of, worlds

_LATEST_REPLICATION = 100_000
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def main(arguments: Sequence[str]) -> int:
    """Runs the command; gives the exit status."""
    asked = _parsed(arguments)
    with failing("--out") as status:
        day = simulated(asked)
        asked.out.write_bytes(day.encode())
    return status.code


def simulated(asked: Namespace) -> PlayedDay:
    """The day that is asked for; raises ScenarioError, which names the option or the field."""
    catalogue = catalogue_in(asked.catalogue)
    scenario = changed(scenario_of(asked.scenario, catalogue), asked.set, catalogue)
    if asked.seed is not None:
        scenario = replace(scenario, seed=asked.seed)
    day = _date(scenario, catalogue, asked.day)
    run = next(one for one in replicate(scenario, catalogue, asked.replication) if one.date == day)
    return PlayedDay(
        title=scenario.title,
        branch=run.branch,
        date=run.date,
        zone=run.zone,
        begins_at=_begins_at(run, asked.begins, scenario, catalogue),
        catalogue=_catalogue(scenario, catalogue),
        entries=tuple(run.day.journal),
    )


def _date(scenario: Scenario, catalogue: Catalogue, text: str | None) -> date:
    """The date that is named, or the first on which the branch opens."""
    open_days = {
        str(world.date): world.date for world in worlds(scenario, catalogue) if world.opens
    }
    if not open_days:
        raise ScenarioError("The branch opens on none of the days: there is nothing to watch.")
    text = next(iter(open_days)) if text is None else text
    if text not in open_days:
        known = ", ".join(open_days)
        raise ScenarioError(
            f"--day {text} is no day on which the branch opens, write one of {known}"
        )
    return open_days[text]


def _begins_at(run: Run, minute: int | None, scenario: Scenario, catalogue: Catalogue) -> int:
    """The instant that is named, or the opening."""
    if minute is None:
        world = next(one for one in worlds(scenario, catalogue) if one.date == run.date)
        return world.plan.opens_at
    local = in_zone(run.zone)
    begins_at, last = local.instant(run.date, minute), run.day.journal[-1].at
    if begins_at >= last:
        raise ScenarioError(f"--from is too late: write a time before {local.clock(last)}")
    return begins_at


def _catalogue(scenario: Scenario, catalogue: Catalogue) -> Catalogue:
    """The catalogue with the branch and the regimes as the scenario has them."""
    branches = tuple(
        branch_of(scenario, one) if one.code == scenario.branch else one
        for one in catalogue.branches
    )
    return replace(catalogue, branches=branches, regimes=regimes_of(scenario, catalogue))


def _parsed(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="kezek watch", usage=SUPPRESS)
    parser.add_argument("scenario")
    parser.add_argument("--set", action="append", default=[])
    add_catalogue_option(parser)
    parser.add_argument("--seed", type=whole(0, 2**53))
    parser.add_argument("--replication", type=whole(0, _LATEST_REPLICATION), default=0)
    parser.add_argument("--day")
    parser.add_argument("--from", dest="begins", type=_minute)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args(arguments)


def _minute(text: str) -> int:
    if not _TIME.fullmatch(text):
        raise ArgumentTypeError(f"{text!r} is no time of day, write one such as 13:30")
    return minute_of(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
