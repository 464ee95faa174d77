"""Scenarios from files: read with their lines, held against the catalogue before anything runs."""

from __future__ import annotations

import difflib
from functools import cache
from importlib import resources
from pathlib import Path

from schemas.catalogue import SHIPPED, Catalogue, CatalogueError, load_directory
from schemas.catalogue.reader import Reader
from schemas.scenario import Scenario
from simulation.from_story import of_story
from simulation.likeness import whole
from simulation.live.scenario import ScenarioError, known_scenarios, load_scenario
from simulation.scenario_faults import faults

_PRESETS = Path(str(resources.files("simulation") / "presets"))


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue of the product."""
    return load_directory(SHIPPED)


def presets() -> tuple[str, ...]:
    """Names of the scenarios that are shipped, the published stories among them."""
    own = (file.stem for file in _PRESETS.glob("*.yaml"))
    return tuple(sorted({*own, *known_scenarios()}))


def scenario_of(text: str, catalogue: Catalogue) -> Scenario:
    """The scenario of that name, or in the file of that path.

    Raises ScenarioError, with a line for each fault.
    """
    if text in known_scenarios():
        return of_story(load_scenario(text))
    path = _file_of(text, Path())
    if path is None:
        raise ScenarioError(_unknown(text))
    return read(path, catalogue)


def _file_of(text: str, folder: Path) -> Path | None:
    """The file of a scenario by its name, or by its path from `folder`."""
    shipped = _PRESETS / f"{text}.yaml"
    if text in presets():
        return shipped if shipped.exists() else None
    return folder / text if text.endswith((".yaml", ".yml")) else None


def _unknown(text: str) -> str:
    nearest = difflib.get_close_matches(text, presets(), 1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    known = ", ".join(presets())
    return f"No scenario {text!r}.{hint} Known are: {known}; or name a file that ends in .yaml."


def read(path: Path, catalogue: Catalogue) -> Scenario:
    """The scenario in a file; raises ScenarioError with the line of every fault."""
    reader = Reader(path.name)
    try:
        scenario = reader.read(whole(path, lambda name: _file_of(name, path.parent)), Scenario)
    except CatalogueError as problem:
        raise ScenarioError(str(problem)) from None
    if isinstance(scenario, Scenario):
        for place, sentence in faults(scenario, catalogue):
            reader.note(place, sentence)
    if reader.problems or not isinstance(scenario, Scenario):
        raise ScenarioError("\n".join(map(str, sorted(reader.problems))))
    return scenario
