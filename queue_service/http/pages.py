"""The screens' files, and the three small things that they ask besides the contract.

Public: there is nothing in them but words and pictures. A proxy may serve the folder itself.
"""

from __future__ import annotations

import datetime as dt
import io
import mimetypes
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import msgspec
import segno
from babel.dates import format_date

from queue_service.faults import Fault
from queue_service.http.answers import Whole
from queue_service.http.languages import LANGUAGES

if TYPE_CHECKING:
    from aiohttp import web

    from queue_service.http.answers import Head

ROOT: Final = Path(__file__).resolve().parents[2] / "displays" / "web"
LONGEST_QR: Final = 500
"""Characters; a code of more is hard to read from a screen."""
_KINDS: Final = {
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".webmanifest": "application/json",
}
_NOT_MODIFIED: Final = 304


class Pages:
    """Answers GET for everything outside the contract.

    `gateway` is the public address of the gateway, empty where a proxy gives it the service's own;
    `demo` is the file of the demo's sign-ins, which its start page hands to whoever opens it.
    """

    def __init__(self, gateway: str = "", demo: Path | None = None) -> None:
        self._config = msgspec.json.encode({"gateway": gateway, "demo": demo is not None})
        self._demo = demo
        self._head = _security(gateway)

    def answer(self, request: web.BaseRequest) -> Whole:
        """A file or a small document; raises Fault `not_found`, `invalid_parameter`."""
        path = unquote(request.rel_url.raw_path)
        match path.strip("/").split("/"):
            case ["config.json"]:
                return self._document(self._config)
            case ["demo.json"] if self._demo is not None:
                return self._document(self._demo.read_bytes())
            case ["qr.svg"]:
                return self._qr(request.rel_url.query.get("text", ""))
            case ["dates", name]:
                return self._document(_dates(name))
        return self._file(path, request)

    def _document(self, content: bytes) -> Whole:
        return Whole(200, content, (("Content-Type", "application/json"), _FRESH, *self._head))

    def _qr(self, text: str) -> Whole:
        if not 0 < len(text) <= LONGEST_QR:
            raise Fault("invalid_parameter", field="text", limit=LONGEST_QR)
        return Whole(200, _qr(text), (("Content-Type", "image/svg+xml"), *self._head))

    def _file(self, path: str, request: web.BaseRequest) -> Whole:
        file = _found(path)
        if file.is_dir():
            if not path.endswith("/"):
                return Whole(308, b"", (("Location", f"{path}/"),))
            file /= "index.html"
        if not file.is_file():
            raise Fault("not_found")
        content, tag = _content(file, file.stat().st_mtime_ns)
        head: Head = (("ETag", tag), _FRESH, *self._head)
        if request.headers.get("If-None-Match") == tag:
            return Whole(_NOT_MODIFIED, b"", head)
        return Whole(200, content, (("Content-Type", _kind(file)), *head))


def _found(path: str) -> Path:
    """What a path leads to; raises Fault `not_found` for what is outside or no path at all."""
    try:
        file = (ROOT / path.lstrip("/")).resolve()
        file.stat()
    except (OSError, ValueError):
        raise Fault("not_found") from None
    if not file.is_relative_to(ROOT):
        raise Fault("not_found")
    return file


_FRESH: Final = ("Cache-Control", "no-cache")


def _security(gateway: str) -> Head:
    rules = (
        "default-src 'self'",
        f"connect-src 'self' {gateway or 'ws: wss:'} http://127.0.0.1:*",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "form-action 'self'",
    )
    return (
        ("Content-Security-Policy", "; ".join(rules)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    )


def _kind(file: Path) -> str:
    kind = _KINDS.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    if kind is None:
        return "application/octet-stream"
    is_text = kind.startswith("text/") or kind == "application/json"
    return f"{kind}; charset=utf-8" if is_text else kind


@lru_cache(maxsize=512)
def _content(file: Path, changed: int) -> tuple[bytes, str]:  # noqa: ARG001 - a new change, a new entry
    content = file.read_bytes()
    return content, f'"{blake2b(content, digest_size=12).hexdigest()}"'


@lru_cache(maxsize=512)
def _qr(text: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(text, micro=False).save(drawn, kind="svg", border=3, light="#ffffff", omitsize=True)
    return drawn.getvalue()


@lru_cache(maxsize=64)
def _dates(name: str) -> bytes:
    try:
        day = dt.date.fromisoformat(name.removesuffix(".json"))
    except ValueError:
        raise Fault("not_found") from None
    return msgspec.json.encode({code: format_date(day, "full", code) for code in LANGUAGES})
