"""Scenarios from files and texts: read with their lines, held against the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

from yaml.nodes import Node

from queue_service.scenarios.faults import faults
from queue_service.scenarios.likeness import whole
from schemas.catalogue import Catalogue, CatalogueError, Problem
from schemas.catalogue.document import compose, compose_text
from schemas.catalogue.reader import Reader
from schemas.fields import Sentence
from schemas.scenario import Scenario

TEXT = "scenario"
"""In place of a file's name, where faults of a text are told."""
_WHOLE = "file"
"""Stands for the field where a text as a whole is wrong."""
_PRESETS = Path(str(resources.files("queue_service.scenarios") / "presets"))


class FaultyScenario(ValueError):  # noqa: N818 - says what it is
    """A scenario cannot be run; `problems` has every fault with its line and field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


def presets() -> tuple[str, ...]:
    """Names of the scenarios that are shipped."""
    return tuple(sorted(file.stem for file in _PRESETS.glob("*.yaml")))


def preset_file(name: str) -> Path | None:
    """The file of a shipped scenario, None where there is none of that name."""
    return _PRESETS / f"{name}.yaml" if name in presets() else None


def read_file(path: Path, catalogue: Catalogue) -> Scenario:
    """The scenario in a file; raises FaultyScenario.

    It may be like a shipped one, or like another file that it names from where it is.
    """
    try:
        return _read(whole(compose(path), path, _beside(path)), path.name, catalogue)
    except CatalogueError as problem:
        raise FaultyScenario(problem.problems) from None


def read_text(text: str, catalogue: Catalogue, name: str = TEXT) -> Scenario:
    """The scenario that a text says, in YAML or JSON; raises FaultyScenario.

    It may be like a shipped one.
    """
    path = Path(name)
    try:
        return _read(whole(compose_text(text, name), path, preset_file), name, catalogue)
    except CatalogueError as problem:
        raise FaultyScenario(problem.problems) from None


def _beside(path: Path) -> Callable[[str], Path | None]:
    def find(name: str) -> Path | None:
        if name.endswith((".yaml", ".yml")):
            return path.parent / name
        return preset_file(name)

    return find


def _read(node: Node, name: str, catalogue: Catalogue) -> Scenario:
    reader = Reader(name)
    scenario = reader.read(node, Scenario)
    if isinstance(scenario, Scenario):
        for place, sentence in faults(scenario, catalogue):
            reader.note(place, sentence)
    if reader.problems or not isinstance(scenario, Scenario):
        raise FaultyScenario(reader.problems)
    return scenario


def on_line(problem: Problem, sentence: str) -> Sentence:
    """What is wrong with a text, with its line and, unless it is the whole of it, its field."""
    if problem.field == _WHOLE:
        return Sentence("line {line}: {fault}", line=problem.line, fault=sentence)
    return Sentence(
        "line {line}, {field}: {fault}", line=problem.line, field=problem.field, fault=sentence
    )
