"""Nothing personal is kept or told where it does not belong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from queue_service import app
from queue_service.access.privacy import iin_is_valid, keyed_hash
from tests.contract.http_client import HERE, client_of, local
from tests.contract.http_process import clients, load_catalogue, serving

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from queue_service import store

IIN, WRONG_IIN = "850101300015", "850101300018"
PHONE = "+77011234567"


async def test_no_iin_and_no_phone_in_logs_journal_and_metrics(
    database_url: str, pool: store.Pool, tmp_path: Path
) -> None:
    await load_catalogue(database_url)
    log = tmp_path / "service.log"
    async with (
        serving(database_url, log, KEZEK_LOG_LEVEL="debug") as process,
        clients(database_url, process.api) as (client,),
    ):
        ticket = await client.take(iin=IIN, contact=PHONE)
        wrong = {"service": "passport", "iin": WRONG_IIN, "contact": PHONE}
        refused = await client.post(f"{HERE}/tickets", wrong, "kiosk")
        told = [refused.raw, (await client.get(f"{HERE}/tickets/{ticket['id']}")).raw]
        journal = await client.get(f"{HERE}/journal")
        told += [journal.raw, (await client.get("/metrics", None)).raw]
        assert await process.stop() == 0
    told.append(log.read_bytes())
    told += [row["row"].encode() for row in await pool.fetch("SELECT e::text AS row FROM event e")]
    assert log.read_bytes()
    for secret in (IIN, WRONG_IIN, PHONE, PHONE.removeprefix("+7"), client.tokens["kiosk"]):
        for text in told:
            assert secret.encode() not in text
    issued = next(
        entry["event"]
        for entry in journal.body["entries"]
        if entry["event"]["kind"] == "TicketIssued"
    )
    assert len(issued["visitor"]) == 32
    assert await pool.fetchval("SELECT value FROM contact WHERE ticket = $1", ticket["id"]) == PHONE


async def test_a_contact_is_erased_after_its_time(
    database_url: str, pool: store.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "ERASE_CONTACTS", 0.02)
    async with client_of(database_url, contact_hours=10) as client:
        client.clock(local(16, "10:00"))
        await client.take(contact=PHONE)
        client.clock(local(17, "17:00"))
        await client.take(contact="+7 (701) 765-43-21")
        assert await pool.fetchval("SELECT count(*) FROM contact") == 2
        client.clock(local(17, "20:01"))
        await client.get(f"{HERE}/board")
        async with asyncio.timeout(60):
            while await pool.fetchval("SELECT count(*) FROM contact") > 1:
                pass
        left = await pool.fetchval("SELECT value FROM contact")
        assert left == "+7 (701) 765-43-21"


def test_the_checksum_of_an_iin() -> None:
    assert [digit for digit in range(10) if iin_is_valid(f"85010130001{digit}")] == [5]
    # The first weights leave 10: the second ones decide.
    twice = [f"9001015000{end:02d}" for end in range(100)]
    assert sum(map(iin_is_valid, twice)) in range(8, 11)
    for wrong in ("", "1" * 11, "1" * 13, "85010130001x", "８５０１０１３０００１５"):
        assert not iin_is_valid(wrong)


def test_an_iin_is_hashed_under_a_key() -> None:
    one = keyed_hash("a", IIN)
    assert (len(one), one == keyed_hash("a", IIN)) == (32, True)
    assert len({one, keyed_hash("b", IIN), keyed_hash("a", WRONG_IIN)}) == 3
