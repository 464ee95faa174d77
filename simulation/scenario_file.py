"""Scenarios by name or path, as the commands take them."""

from __future__ import annotations

import difflib
from argparse import ArgumentParser
from functools import cache
from pathlib import Path

from queue_service.scenarios.reading import FaultyScenario, preset_file, presets, read_file
from schemas.catalogue import SHIPPED, Catalogue, CatalogueError, load_directory
from schemas.scenario import Scenario
from simulation.live.scenario import ScenarioError

__all__ = [
    "add_catalogue_option", "catalogue_in", "presets", "read", "scenario_of", "shipped_catalogue",
]  # fmt: skip


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue of the product."""
    return load_directory(SHIPPED)


def add_catalogue_option(parser: ArgumentParser) -> None:
    """Adds `--catalogue` to a command's options."""
    parser.add_argument(
        "--catalogue",
        type=Path,
        metavar="DIR",
        help="services, branches and regimes in a folder as kezek load takes it (the shipped one)",
    )


def catalogue_in(folder: Path | None) -> Catalogue:
    """The catalogue of a folder, or where none is named that of the product.

    Raises ScenarioError with the line of every fault.
    """
    try:
        return shipped_catalogue() if folder is None else load_directory(folder)
    except CatalogueError as problem:
        raise ScenarioError(str(problem)) from None


def scenario_of(text: str, catalogue: Catalogue) -> Scenario:
    """The scenario of that name, or in the file of that path.

    Raises ScenarioError, with a line for each fault.
    """
    path = Path(text) if text.endswith((".yaml", ".yml")) else preset_file(text)
    if path is None:
        raise ScenarioError(_unknown(text))
    return read(path, catalogue)


def _unknown(text: str) -> str:
    nearest = difflib.get_close_matches(text, presets(), 1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    known = ", ".join(presets())
    return f"No scenario {text!r}.{hint} Known are: {known}; or name a file that ends in .yaml."


def read(path: Path, catalogue: Catalogue) -> Scenario:
    """The scenario in a file; raises ScenarioError with the line of every fault."""
    try:
        return read_file(path, catalogue)
    except FaultyScenario as faulty:
        raise ScenarioError(str(faulty)) from None
