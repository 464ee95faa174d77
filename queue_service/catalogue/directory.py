"""Branches, services and regimes as the database has them, kept in memory and looked at anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from queue_service.faults import Fault
from queue_service.sql import blocks
from queue_service.timing.localtime import LocalTime, in_zone
from schemas import branch as vocabulary
from schemas.regime import Regime
from schemas.service import Category, Service
from schemas.wire_plan import ServiceLinks, ServiceOffer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queue_service.store import Pool

_CATALOGUE: Final = blocks("catalogue")
_PLANNING: Final = blocks("planning")
_categories = msgspec.json.Decoder(Category)
_services = msgspec.json.Decoder(Service)
_branches = msgspec.json.Decoder(vocabulary.Branch)
_regimes = msgspec.json.Decoder(Regime)


class Branch(Struct, frozen=True):
    """A branch and the formatter of its zone."""

    code: str
    record: vocabulary.Branch
    zone: LocalTime


class DeclaredRegime(Struct, frozen=True):
    """A regime, who declared it, and when (epoch ms)."""

    regime: Regime
    by: str
    at: int


def offer(service: Service) -> ServiceOffer:
    """A service as the wire shows it."""
    return ServiceOffer(
        code=service.code,
        letter=service.letter,
        category=service.category,
        name=service.name,
        online=service.online,
        in_person=service.channels.in_person,
        portal=service.channels.portal,
        mobile_app=service.channels.mobile_app,
        bot=service.channels.bot,
        phone=service.channels.phone,
        usual_minutes=service.usual_minutes,
    )


def links(service: Service) -> ServiceLinks:
    """The ways to have a service without coming; the QR code leads to the portal."""
    channels = service.channels
    return ServiceLinks(
        service=service.code,
        name=service.name,
        portal=channels.portal,
        mobile_app=channels.mobile_app,
        bot=channels.bot,
        phone=channels.phone,
        qr=channels.portal,
    )


class Directory:
    """What is known of the country: read by `refresh`, empty before."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._revision: int | None = None
        self.branches: dict[str, Branch] = {}
        self.categories: tuple[Category, ...] = ()
        self.services: dict[str, Service] = {}
        self.regimes: tuple[DeclaredRegime, ...] = ()

    def branch(self, code: str) -> Branch:
        """Raises Fault `unknown_branch`."""
        found = self.branches.get(code)
        if found is None:
            raise Fault("unknown_branch")
        return found

    async def refresh(self) -> bool:
        """Reads what the database has at one moment; whether anything had changed.

        Raises what asyncpg raises.
        """
        if await self._pool.fetchval(_CATALOGUE["catalogue_revision"]) == self._revision:
            return False
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            revision = await connection.fetchval(_CATALOGUE["catalogue_revision"])
            categories = await connection.fetch(_CATALOGUE["read_categories"])
            services = await connection.fetch(_CATALOGUE["read_services"])
            branches = await connection.fetch(_CATALOGUE["read_branches"])
            regimes = await connection.fetch(_PLANNING["regimes"])
        self.categories = tuple(_categories.decode(row["body"]) for row in categories)
        self._read(services, branches)
        self.regimes = tuple(
            DeclaredRegime(_regimes.decode(row["body"]), row["changed_by"], row["changed_at"])
            for row in regimes
        )
        self._revision = revision
        return True

    def _read(self, services: Iterable[Row], branches: Iterable[Row]) -> None:
        self.services = {row["code"]: _services.decode(row["body"]) for row in services}
        records = (_branches.decode(row["body"]) for row in branches)
        self.branches = {
            record.code: Branch(record.code, record, in_zone(record.time_zone))
            for record in records
        }


if TYPE_CHECKING:
    from asyncpg import Record as Row
