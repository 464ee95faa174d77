"""What others wrote stands in the repository as they published it, with its licence."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "displays" / "web" / "vendor", ROOT / "tests" / "browser" / "vendor"]
OURS = {".ts", ".json"}


class Vendored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a package: `path` is its place there, `sha256` its content here."""

    file: str
    package: str
    version: str
    path: str
    licence: str
    sha256: str


@pytest.mark.parametrize("folder", FOLDERS, ids=["pages", "tests"])
def test_every_file_is_known_and_unchanged(folder: Path) -> None:
    known = msgspec.json.decode((folder / "VENDORED.json").read_bytes(), type=list[Vendored])
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if _is_foreign(path)}
    assert {one.file for one in known} == found
    changed = [one.file for one in known if _digest(folder / one.file) != one.sha256]
    assert changed == []


@pytest.mark.parametrize("folder", FOLDERS, ids=["pages", "tests"])
def test_every_package_has_its_licence_beside_it(folder: Path) -> None:
    known = msgspec.json.decode((folder / "VENDORED.json").read_bytes(), type=list[Vendored])
    wanted = {f"LICENSE.{one.package.rpartition('/')[2]}" for one in known}
    assert {name for name in wanted if not (folder / name).is_file()} == set()


def _is_foreign(path: Path) -> bool:
    return path.is_file() and path.suffix not in OURS and not path.name.startswith("LICENSE")


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
