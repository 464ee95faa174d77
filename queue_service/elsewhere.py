"""Commands that other parts of the product carry out, which the service must not import."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

PASS_THROUGH: Final[dict[str, Any]] = {"ignore_unknown_options": True, "help_option_names": []}


def become(module: str, arguments: Sequence[str]) -> NoReturn:
    """Becomes the module; this process is it from now on."""
    os.execv(sys.executable, [sys.executable, "-P", "-m", module, *arguments])


def _passes_on(name: str, module: str, purpose: str) -> click.Command:
    """A command that hands all its arguments to the module; it explains them itself."""

    def run(arguments: tuple[str, ...]) -> NoReturn:
        become(module, arguments)

    words = click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)
    return click.Command(
        name,
        context_settings=PASS_THROUGH,
        callback=run,
        params=[words],
        help=purpose,
        add_help_option=False,
    )


COMMANDS: Final = (
    _passes_on("printer", "displays.printing", "Print the kiosk's tickets here, over ESC/POS."),
    _passes_on("simulate", "simulation.simulate", "Simulate the days of a scenario."),
    _passes_on("optimise", "simulation.optimise", "Search for the best policy under limits."),
    _passes_on("sensitivity", "simulation.sensitivity", "Find out which input matters most."),
    _passes_on("calibrate", "simulation.calibrate", "Make a scenario of a branch's past days."),
    _passes_on("validate", "simulation.validity.validate", "Hold the model against known results."),
)
BENCHES: Final = (
    _passes_on("tickets", "benchmarks.tickets", "Rates and delays of issuing and calling."),
    _passes_on("gateway", "benchmarks.gateway", "Delays of boards, cost of an idle connection."),
    _passes_on("simulation", "benchmarks.simulation", "Days a second, beside other libraries."),
)
