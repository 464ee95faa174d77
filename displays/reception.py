"""The gateway's front: requests that want no WebSocket, and connections beyond the limit."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from prometheus_client import CONTENT_TYPE_LATEST

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request, Response

    from displays.addresses import Addresses
    from displays.country import Country
    from queue_service.origins import Origins

    Serve = Callable[[ServerConnection], Awaitable[None]]

RETRY_SECONDS: Final = "10"

_log = logging.getLogger(__name__)


class Reception:
    """Answers what is no WebSocket; lets `serve` have the others, so many from an address."""

    def __init__(
        self, country: Country, addresses: Addresses, origins: Origins, serve: Serve
    ) -> None:
        self._country = country
        self._addresses = addresses
        self._origins = origins
        self._serve = serve
        self._has_warned = False

    async def admit(self, connection: ServerConnection) -> None:
        """Serves a client that is connected, and counts it meanwhile."""
        with self._addresses.counted(self._client(connection, connection.request)):
            await self._serve(connection)

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answers a request; None for one that may open a WebSocket."""
        match request.path.partition("?")[0]:
            case "/healthz":
                return connection.respond(HTTPStatus.OK, "ok\n")
            case "/readyz":
                return self._readiness(connection)
            case "/metrics":
                return self._metrics(connection)
        client = self._client(connection, request)
        return self._refuse(connection, client) if self._addresses.is_full(client) else None

    def _client(self, connection: ServerConnection, request: Request | None) -> str:
        peer = connection.remote_address
        forwarded = request.headers.get_all("X-Forwarded-For") if request else ()
        return self._origins.client(str(peer[0]) if peer else "", forwarded)

    def _readiness(self, connection: ServerConnection) -> Response:
        if self._country.sure.is_set():
            return connection.respond(HTTPStatus.OK, "ready\n")
        said = "The journal cannot be read.\n"
        return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, said)

    def _metrics(self, connection: ServerConnection) -> Response:
        said = self._country.metrics.text().decode()
        response = connection.respond(HTTPStatus.OK, said)
        del response.headers["Content-Type"]
        response.headers["Content-Type"] = CONTENT_TYPE_LATEST
        return response

    def _refuse(self, connection: ServerConnection, client: str) -> Response:
        self._country.metrics.refused("address")
        said = (
            f"{client} has {self._addresses.most} connections already, which is the limit "
            "(KEZEK_GATEWAY_CONNECTIONS_PER_ADDRESS): close some, or have it raised. If this is "
            "the address of a proxy, name the proxy in KEZEK_TRUSTED_PROXIES."
        )
        if not self._has_warned:
            self._has_warned = True
            _log.warning("%s This is said once.", said)
        response = connection.respond(HTTPStatus.TOO_MANY_REQUESTS, f"{said}\n")
        response.headers["Retry-After"] = RETRY_SECONDS
        return response
