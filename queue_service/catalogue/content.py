"""The catalogue into the database: whole or not at all; `directory.py` reads it back."""

from __future__ import annotations

from asyncio import to_thread
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from queue_service.policy.together import contradictions
from queue_service.sql import blocks
from schemas.branch import Branch
from schemas.catalogue import Catalogue, load_directory
from schemas.regime import Regime
from schemas.service import Category, Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    from queue_service.store import Pool

Outcome = Literal["added", "changed", "unchanged"]
_LOADED: Final = {
    "categories": "read_categories",
    "services": "read_services",
    "branches": "read_branches",
    "regimes": "loaded_regimes",
}
"""Part -> the query of what the last load said."""
_SQL: Final = blocks("catalogue")


class UnknownBranchError(Exception):
    """No such branch is loaded; the message says which are."""


async def require_branch(pool: Pool, code: str) -> None:
    """Raises UnknownBranchError unless the branch is loaded."""
    codes = [row["code"] for row in await pool.fetch(_SQL["read_branches"])]
    if code not in codes:
        known = f"known are: {', '.join(codes)}" if codes else "none is loaded yet: kezek load"
        raise UnknownBranchError(f"No branch {code}; {known}.")


class LoadReport(msgspec.Struct, frozen=True):
    """What loading did to the entries of each part, such as {"services": {"passport": "added"}}."""

    outcomes: dict[str, dict[str, Outcome]]

    def count(self, outcome: Outcome) -> int:
        """How many entries of all parts had this outcome."""
        return sum(list(part.values()).count(outcome) for part in self.outcomes.values())

    def __str__(self) -> str:
        return "\n".join(f"{name}: {_summary(part)}" for name, part in self.outcomes.items())


async def load(pool: Pool, directory: Path) -> LoadReport:
    """Stores a directory's catalogue; raises `CatalogueError` for faults and then changes nothing.

    What the database has and the directory lacks stays as it is.
    """
    return await store(pool, await to_thread(load_directory, directory, _not_together))


def _not_together(catalogue: Catalogue) -> Iterator[tuple[int, str, str]]:
    """Regimes that cannot be kept beside those before them; for each one branch is named."""
    for at, regime in enumerate(catalogue.regimes):
        before = catalogue.regimes[:at]
        found = (
            one
            for branch in catalogue.branches
            for one in contradictions(regime, before, branch, regime.begins)
        )
        yield from ((at, *one) for one in islice(found, 1))


async def store(pool: Pool, catalogue: Catalogue) -> LoadReport:
    """Stores a catalogue in one transaction.

    A regime that a person has changed since the last load keeps that change until the catalogue
    says something new about it.
    """
    parts = {name: _bodies(getattr(catalogue, name)) for name in _LOADED}
    async with pool.acquire() as connection, connection.transaction():
        return LoadReport(
            {name: await _store_part(connection, name, part) for name, part in parts.items()}
        )


async def _store_part(
    connection: PoolConnectionProxy[Record], part: str, bodies: Mapping[str, str]
) -> dict[str, Outcome]:
    rows = await connection.fetch(_SQL[_LOADED[part]])
    loaded = {row["code"]: row["body"] for row in rows}
    await connection.execute(_SQL[f"store_{part}"], list(bodies), list(bodies.values()))
    return {code: _outcome(code, body, loaded) for code, body in bodies.items()}


def _outcome(code: str, body: str, loaded: Mapping[str, str | None]) -> Outcome:
    if code not in loaded:
        return "added"
    before = loaded[code]
    same = before is not None and msgspec.json.decode(before) == msgspec.json.decode(body)
    return "unchanged" if same else "changed"


def _bodies(entries: Sequence[Category | Service | Branch | Regime]) -> dict[str, str]:
    return {
        entry.id if isinstance(entry, Regime) else entry.code: msgspec.json.encode(entry).decode()
        for entry in entries
    }


def _summary(part: Mapping[str, Outcome]) -> str:
    outcomes = list(part.values())
    kinds: tuple[Outcome, ...] = ("added", "changed", "unchanged")
    return ", ".join(f"{outcomes.count(kind)} {kind}" for kind in kinds)
