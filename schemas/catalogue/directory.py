"""A directory of catalogue files as one checked `Catalogue`."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from schemas.branch import Branch
from schemas.catalogue.checks import check
from schemas.catalogue.document import compose
from schemas.catalogue.problems import CatalogueError, Problem
from schemas.catalogue.reader import Reader, suggestion
from schemas.regime import Regime
from schemas.service import Category, Service


class ServicesFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """services.yaml: the services and the categories that give them their letters."""

    categories: tuple[Category, ...]
    services: tuple[Service, ...]


class BranchesFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """branches.yaml: the service centres."""

    branches: tuple[Branch, ...]


class RegimesFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """regimes.yaml: emergency rules over places and times."""

    regimes: tuple[Regime, ...]


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a directory holds, in the order of its files."""

    categories: tuple[Category, ...]
    services: tuple[Service, ...]
    branches: tuple[Branch, ...]
    regimes: tuple[Regime, ...]

    def branch(self, code: str) -> Branch:
        """The branch of a code; raises KeyError."""
        for branch in self.branches:
            if branch.code == code:
                return branch
        raise KeyError(code)


FILES: dict[str, type[msgspec.Struct]] = {
    "services.yaml": ServicesFile,
    "branches.yaml": BranchesFile,
    "regimes.yaml": RegimesFile,
}

Judge = Callable[["Catalogue"], Iterable[tuple[int, str, str]]]
"""Gives what is wrong with regimes: which of them, the field and the sentence."""


def load_directory(directory: Path, judge: Judge = lambda _: ()) -> Catalogue:
    """Read the three files of a directory; raise `CatalogueError` with every fault in them.

    `judge` looks at regimes that are sound by themselves.
    """
    readers = [Reader(name) for name in FILES]
    problems = [*_stray_files(directory)]
    contents: dict[str, Any] = {}
    for reader, kind in zip(readers, FILES.values(), strict=True):
        contents |= _contents(directory, reader, kind)
    check(*readers)
    problems += [problem for reader in readers for problem in reader.problems]
    if problems:
        raise CatalogueError(problems)
    catalogue, regimes = Catalogue(**contents), readers[-1]
    for at, field, sentence in judge(catalogue):
        regimes.note(("regimes", at, *field.split(".")), sentence)
    if regimes.problems:
        raise CatalogueError(regimes.problems)
    return catalogue


def _contents(directory: Path, reader: Reader, kind: type[msgspec.Struct]) -> dict[str, Any]:
    try:
        root = compose(directory / reader.file)
    except CatalogueError as error:
        reader.problems += error.problems
        return {}
    content = reader.read(root, kind)
    return msgspec.structs.asdict(content) if isinstance(content, msgspec.Struct) else {}


def _stray_files(directory: Path) -> Iterator[Problem]:
    if not directory.is_dir():
        yield Problem(str(directory), 1, "directory", "is no directory, write the path of one")
    for path in sorted(directory.glob("*.y*ml")):
        if path.name not in FILES:
            sentence = f"is no file of a catalogue, {suggestion(path.name, FILES)}"
            yield Problem(path.name, 1, "file", sentence)
