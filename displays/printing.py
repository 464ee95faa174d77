"""`kezek printer`: the agent on the kiosk's machine that prints tickets over ESC/POS.

The kiosk's page posts a slip to it and is told what became of it, so that a visitor whose paper
did not come knows that the ticket is valid all the same.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

import click
import msgspec
from aiohttp import web
from escpos.printer import Network

from displays.slip import Slip, draw

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware
    from PIL import Image

PrintResult = Literal["printed", "sent", "paper_out", "cover_open", "unreachable", "failed"]
"""`sent` went to a printer that does not tell what became of it."""

PORT: Final = 9101
PRINTER_PORT: Final = 9100
ANSWER_SECONDS: Final = 3.0
"""For a connection, and for a status that a printer sends at once."""
PRINTING_SECONDS: Final = 10.0
"""For a slip to be on paper."""
LARGEST_SLIP: Final = 16 * 1024
# DLE EOT n: asked and answered at once, whatever the printer is doing.
OFFLINE_CAUSE: Final = b"\x10\x04\x02"
PAPER_SENSOR: Final = b"\x10\x04\x04"
# GS r 1: answered in its turn, that is when everything before it has been printed.
WHEN_PRINTED: Final = b"\x1dr\x01"
_COVER_OPEN: Final = 0x04
_PAPER_STOP: Final = 0x20
_NO_PAPER: Final = 0x60


class TicketPrinter:
    """A printer at a network address; each slip has a connection of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    def print(self, picture: Image.Image) -> PrintResult:
        """Prints and cuts; blocks for as long as it takes."""
        printer = Network(self._host, self._port)
        address = (self._host, self._port)
        try:
            printer.device = socket.create_connection(address, ANSWER_SECONDS)
        except OSError:
            return "unreachable"
        try:
            return _printed(printer, picture)
        except OSError:
            return "failed"
        finally:
            printer.close()


def _printed(printer: Network, picture: Image.Image) -> PrintResult:
    before = _state(printer)
    if before in ("paper_out", "cover_open"):
        return before
    if _sent(printer, picture):
        if before == "silent":
            return "sent"
        if _is_done(printer):
            return "printed"
    after = _state(printer)
    return after if after in ("paper_out", "cover_open") else "failed"


def _sent(printer: Network, picture: Image.Image) -> bool:
    """Whether the printer took everything: one that stops in the middle takes no more."""
    printer.device.settimeout(PRINTING_SECONDS)
    try:
        printer.image(picture)
        printer.cut()
    except TimeoutError:
        return False
    return True


def _is_done(printer: Network) -> bool:
    printer.device.settimeout(PRINTING_SECONDS)
    return _answer(printer, WHEN_PRINTED) is not None


def _state(printer: Network) -> Literal["ready", "silent", "paper_out", "cover_open"]:
    """`silent` is a printer that tells nothing of itself, not even whether it has printed."""
    printer.device.settimeout(ANSWER_SECONDS)
    cause = _answer(printer, OFFLINE_CAUSE)
    if cause is None:
        return "silent"
    paper = _answer(printer, PAPER_SENSOR) or 0
    if cause & _COVER_OPEN:
        return "cover_open"
    return "paper_out" if paper & _NO_PAPER == _NO_PAPER or cause & _PAPER_STOP else "ready"


def _answer(printer: Network, question: bytes) -> int | None:
    try:
        answer: bytes = printer.query_status(question)
    except TimeoutError:
        return None
    return answer[-1] if answer else None


def agent(printer: TicketPrinter, origins: frozenset[str]) -> web.Application:
    """The agent's endpoint; only pages of the `origins` (such as https://kezek.kz) may print."""
    app = web.Application(client_max_size=LARGEST_SLIP)
    one_at_a_time = asyncio.Lock()

    async def print_slip(request: web.Request) -> web.Response:
        try:
            slip = msgspec.json.decode(await request.read(), type=Slip)
        except msgspec.MsgspecError as fault:
            return web.json_response({"result": "failed", "detail": str(fault)}, status=400)
        async with one_at_a_time:
            result = await asyncio.to_thread(_print, printer, slip)
        return web.json_response({"result": result})

    async def allow(_: web.Request) -> web.Response:
        return web.Response(status=204)

    app.router.add_post("/print", print_slip)
    app.router.add_options("/print", allow)
    app.middlewares.append(_only_for(origins))
    return app


def _print(printer: TicketPrinter, slip: Slip) -> PrintResult:
    return printer.print(draw(slip))


def _only_for(origins: frozenset[str]) -> Middleware:
    @web.middleware
    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin", "")
        if origin not in origins:
            text = f"Pages of {origin or 'no origin'} may not print here: see --origin.\n"
            return web.Response(status=403, text=text)
        answer = await handler(request)
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
        answer.headers["Access-Control-Allow-Private-Network"] = "true"
        answer.headers["Vary"] = "Origin"
        return answer

    return checked


def device(text: str) -> tuple[str, int]:
    """Host and port of an address such as tcp://192.168.1.50:9100; raises click.BadParameter."""
    parts = urlsplit(text)
    try:
        port = parts.port or PRINTER_PORT
    except ValueError:
        port = 0
    if parts.scheme != "tcp" or not parts.hostname or not port:
        raise click.BadParameter(
            f"{text} is no printer: write its address, such as tcp://192.168.1.50:9100.",
            param_hint="--device",
        )
    return parts.hostname, port


@click.command()
@click.option("--device", "address", required=True, help="The printer: tcp://HOST[:9100].")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    default=("http://127.0.0.1:8080",),
    show_default=True,
    help="Where the kiosk's page comes from; may be given several times.",
)
def main(address: str, port: int, origins: tuple[str, ...]) -> None:
    """Print the tickets of the kiosk's page on this machine (?printer=PORT in its address)."""
    logging.getLogger("escpos").setLevel(logging.WARNING)
    host, printer_port = device(address)
    click.echo(f"Tickets posted to http://127.0.0.1:{port}/print go to {host}:{printer_port}.")
    wanted = frozenset(origin.rstrip("/") for origin in origins)
    app = agent(TicketPrinter(host, printer_port), wanted)
    web.run_app(app, host="127.0.0.1", port=port, print=None)


if __name__ == "__main__":
    main(prog_name="kezek printer")
