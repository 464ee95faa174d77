"""Paper tickets: what is on them, and what is told when there is no paper."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import segno
from aiohttp.test_utils import TestClient, TestServer
from click import BadParameter
from PIL import Image, ImageChops

from displays import printing, slip
from displays.printing import TicketPrinter, agent, device
from displays.slip import Slip, draw
from tests.integration.fake_printer import fake_printer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import web

ORIGIN = "https://kezek.example"
ADDRESS = "https://kezek.example/ticket/?branch=uralsk-2&id=R6SmAK3lodQ0dR1OABCOTA"
TICKET = {
    "title": "Сіздің нөміріңіз",
    "number": "P-017",
    "lines": ["Қазақстан Республикасы азаматының паспортын беру", "Алдыңызда: 12 адам"],
    "url": ADDRESS,
    "footer": "Код кезектегі орныңызды көрсетеді",
}
Client = TestClient[Any, Any]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a real printer is given seconds for, the fake one does at once."""
    monkeypatch.setattr(printing, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(printing, "PRINTING_SECONDS", 0.5)


@asynccontextmanager
async def agent_for(port: int) -> AsyncIterator[Client]:
    app: web.Application = agent(TicketPrinter("127.0.0.1", port), frozenset({ORIGIN}))
    async with TestClient(TestServer(app)) as client:
        yield client


async def printed(client: Client, body: object = TICKET) -> str:
    async with client.post("/print", json=body, headers={"Origin": ORIGIN}) as answer:
        result: str = (await answer.json())["result"]
        return result


# --- the picture ---------------------------------------------------------------------------------


def a_slip(**changes: Any) -> Slip:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {**TICKET, "lines": tuple(TICKET["lines"])}
    return Slip(**fields | changes)


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is black."""
    box = ImageChops.invert(picture.convert("L")).getbbox()
    assert box is not None
    return box


def test_the_code_on_the_slip_is_that_of_the_address() -> None:
    picture = slip.qr_picture(ADDRESS)
    code = [
        [bool(bit) for bit in row] for row in segno.make(ADDRESS, micro=False, error="m").matrix
    ]
    dots = picture.width // (len(code) + 2 * slip.QR_BORDER)
    seen = [
        [
            picture.getpixel(((column + slip.QR_BORDER) * dots, (row + slip.QR_BORDER) * dots)) == 0
            for column in range(len(code))
        ]
        for row in range(len(code))
    ]
    assert seen == code


@pytest.mark.parametrize("letter", [*"ӘәҒғҚқҢңӨөҰұҮүҺһІі", *"ЁёЩщ", *"Qq", "№", "–"])
def test_every_letter_is_in_a_font(letter: str) -> None:
    missing = draw(a_slip(title="\uffff"))
    assert ImageChops.difference(draw(a_slip(title=letter)), missing).getbbox() is not None


def test_long_names_are_wrapped_and_nothing_leaves_the_paper() -> None:
    name = "Қазақстан Республикасынан тыс жерге тұрақты тұруға шығу құжаттарын ресімдеу"
    short, long = draw(a_slip(lines=("Анықтама",))), draw(a_slip(lines=(name, "Ж" * 120)))
    assert long.height > short.height + 100
    left, _, right, _ = ink(long)
    assert left >= slip.MARGIN
    assert right <= slip.WIDTH - slip.MARGIN


# --- the printer ---------------------------------------------------------------------------------


async def test_a_posted_slip_is_on_paper_dot_for_dot() -> None:
    async with fake_printer() as printer, agent_for(printer.port) as client:
        assert await printed(client) == "printed"
        wanted = draw(a_slip())
        whole = Image.new("1", wanted.size)
        top = 0
        for part in printer.slips:
            whole.paste(part, (0, top))
            top += part.height
        assert ImageChops.difference(whole.convert("L"), wanted.convert("L")).getbbox() is None


async def test_no_paper_and_an_open_cover_are_told_and_nothing_is_sent() -> None:
    async with fake_printer() as printer, agent_for(printer.port) as client:
        printer.paper = False
        assert await printed(client) == "paper_out"
        printer.paper, printer.cover_open = True, True
        assert await printed(client) == "cover_open"
        assert printer.slips == []
        printer.cover_open = False
        assert await printed(client) == "printed"


async def test_paper_that_ends_in_the_middle_of_a_slip_is_told() -> None:
    async with fake_printer() as printer, agent_for(printer.port) as client:
        printer.paper_for_slip = False
        assert await printed(client) == "paper_out"


async def test_a_printer_that_tells_nothing_of_itself_was_sent_the_slip() -> None:
    async with fake_printer() as printer, agent_for(printer.port) as client:
        printer.silent = True
        assert await printed(client) == "sent"
        assert printer.slips


async def test_a_printer_that_is_away_is_told() -> None:
    async with fake_printer() as gone:
        port = gone.port
    async with agent_for(port) as client:
        assert await printed(client) == "unreachable"


# --- who may print -------------------------------------------------------------------------------


async def test_only_the_kiosks_pages_may_print() -> None:
    async with fake_printer() as printer, agent_for(printer.port) as client:
        for headers in ({"Origin": "https://elsewhere.example"}, {}):
            async with client.post("/print", json=TICKET, headers=headers) as answer:
                assert answer.status == 403
                assert "Access-Control-Allow-Origin" not in answer.headers
        assert printer.slips == []
        async with client.options("/print", headers={"Origin": ORIGIN}) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize("body", [{}, TICKET | {"lines": ["x"] * 13}, TICKET | {"more": 1}])
async def test_what_is_no_slip_is_refused(body: object) -> None:
    async with fake_printer() as printer, agent_for(printer.port) as client:
        async with client.post("/print", json=body, headers={"Origin": ORIGIN}) as answer:
            assert answer.status == 400
        assert printer.slips == []


def test_an_address_of_a_printer() -> None:
    assert device("tcp://10.0.0.7") == ("10.0.0.7", 9100)
    assert device("tcp://printer:9200") == ("printer", 9200)
    for wrong in ("10.0.0.7:9100", "http://10.0.0.7", "tcp://", "tcp://10.0.0.7:port"):
        with pytest.raises(BadParameter, match=r"tcp://192\.168"):
            device(wrong)
