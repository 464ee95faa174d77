"""A directory's catalogue in the database: whole or not at all."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace

from queue_service.catalogue import content
from queue_service.catalogue.directory import Directory
from queue_service.sql import blocks
from schemas.catalogue import SHIPPED, Catalogue, CatalogueError, load_directory

if TYPE_CHECKING:
    from queue_service.store import Pool

END_REGIME = blocks("planning")["end_regime"]
GROUPS = "zko-groups-2020-03-19"
ENDED = '{"until": "2020-03-25"}'


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for file in SHIPPED.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


async def read(pool: Pool) -> Catalogue:
    """What the service would know."""
    known = Directory(pool)
    await known.refresh()
    return Catalogue(
        categories=known.categories,
        services=tuple(known.services.values()),
        branches=tuple(branch.record for branch in known.branches.values()),
        regimes=tuple(declared.regime for declared in known.regimes),
    )


async def test_what_is_read_is_what_the_files_say(pool: Pool) -> None:
    report = await content.load(pool, SHIPPED)
    shipped = load_directory(SHIPPED)
    assert await read(pool) == shipped
    assert report.count("added") == sum(
        map(len, (shipped.categories, shipped.services, shipped.branches, shipped.regimes))
    )
    assert report.count("changed") == report.count("unchanged") == 0


async def test_a_second_load_changes_nothing(pool: Pool) -> None:
    await content.load(pool, SHIPPED)
    known = Directory(pool)
    assert await known.refresh()
    report = await content.load(pool, SHIPPED)
    assert report.count("added") == report.count("changed") == 0
    assert not await known.refresh()


async def test_the_report_names_what_was_added_and_changed(pool: Pool, directory: Path) -> None:
    await content.load(pool, directory)
    known = Directory(pool)
    await known.refresh()
    rewrite(directory / "services.yaml", "usual_minutes: 12", "usual_minutes: 13")
    rewrite(directory / "regimes.yaml", "id: zko-groups-2020-03-19", "id: zko-groups-again")
    report = await content.load(pool, directory)
    assert report.outcomes["services"]["passport"] == "changed"
    assert report.outcomes["services"]["identity-card"] == "unchanged"
    assert report.outcomes["regimes"]["zko-groups-again"] == "added"
    assert str(report).splitlines()[3] == "regimes: 1 added, 0 changed, 1 unchanged"
    assert await known.refresh()
    assert known.services["passport"].usual_minutes == 13


async def test_a_bad_file_changes_nothing(pool: Pool, directory: Path) -> None:
    await content.load(pool, directory)
    before = await read(pool)
    rewrite(directory / "services.yaml", "usual_minutes: 12", "usual_minutes: 13")
    rewrite(directory / "regimes.yaml", "group_size: 10", "group_size: 0")
    with pytest.raises(CatalogueError, match=r"^regimes\.yaml:\d+: "):
        await content.load(pool, directory)
    assert await read(pool) == before


async def test_regimes_that_cannot_be_kept_together_are_not_loaded(
    pool: Pool, directory: Path
) -> None:
    rewrite(directory / "regimes.yaml", "non_online_only: true", "drain_minutes: 120")
    told = r"^regimes\.yaml:\d+: regimes\[1\]\.rules\.drain_minutes: Uralsk.* drain of 120 min"
    with pytest.raises(CatalogueError, match=told):
        await content.load(pool, directory)
    assert not (await read(pool)).regimes
    rewrite(directory / "regimes.yaml", "sanitation_every_minutes: 120", "hall_limit: 30")
    rewrite(directory / "regimes.yaml", "hall_limit: 40", "sanitation_every_minutes: 121")
    await content.load(pool, directory)


async def test_a_database_that_fails_in_the_middle_has_changed_nothing(pool: Pool) -> None:
    await pool.execute("ALTER TABLE regime ADD CHECK (id = 'none')")
    with pytest.raises(Exception, match="regime_id_check"):
        await content.load(pool, SHIPPED)
    assert not any(msgspec.structs.astuple(await read(pool)))


async def test_what_the_directory_lacks_stays(pool: Pool) -> None:
    whole = load_directory(SHIPPED)
    await content.store(pool, whole)
    await content.store(pool, replace(whole, services=whole.services[:1], regimes=()))
    assert len((await read(pool)).services) == len(whole.services)


async def test_services_keep_the_order_of_the_file(pool: Pool) -> None:
    whole = load_directory(SHIPPED)
    await content.store(pool, whole)
    backwards = replace(whole, services=whole.services[::-1])
    report = await content.store(pool, backwards)
    assert report.count("changed") == 0
    assert (await read(pool)).services == backwards.services


async def test_a_regime_ended_by_a_person_stays_ended(pool: Pool, directory: Path) -> None:
    await content.load(pool, directory)
    await pool.execute(END_REGIME, GROUPS, ENDED, "planner:a", 0)
    report = await content.load(pool, directory)
    assert report.outcomes["regimes"][GROUPS] == "unchanged"
    ended = {regime.id: regime for regime in (await read(pool)).regimes}[GROUPS]
    assert str(ended.until_date) == "2020-03-25"


async def test_a_new_word_of_the_directory_goes_before_a_persons_change(
    pool: Pool, directory: Path
) -> None:
    await content.load(pool, directory)
    await pool.execute(END_REGIME, GROUPS, ENDED, "planner:a", 0)
    rewrite(directory / "regimes.yaml", "until: 2020-04-15", "until: 2020-04-30")
    report = await content.load(pool, directory)
    assert report.outcomes["regimes"][GROUPS] == "changed"
    renewed = {regime.id: regime for regime in (await read(pool)).regimes}[GROUPS]
    assert str(renewed.until_date) == "2020-04-30"


async def test_two_loads_at_once_agree(pool: Pool) -> None:
    whole = load_directory(SHIPPED)
    backwards = replace(whole, services=whole.services[::-1])
    await asyncio.gather(*(content.store(pool, one) for one in (whole, backwards) * 4))
    stored = await read(pool)
    assert stored.services in (whole.services, backwards.services)
