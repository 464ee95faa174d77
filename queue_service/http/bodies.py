"""Reading a request's body into its Struct; every mistake names its field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from aiohttp import web

from queue_service.faults import Fault, wrong
from queue_service.http.wanted import wanted
from schemas.fields import FieldsError, Sentence

LARGEST_BODY = 64 * 1024
LARGEST_SCENARIO = 512 * 1024
MISSING = Sentence("is missing, write it too")
UNKNOWN = Sentence("is not known here, leave it out")
NO_CHARACTER = Sentence("has the character U+0000, which no text may have, leave it out")
UNCOMPRESSED = Sentence("leave it out, the body must not be compressed")
_NUL = rb"\u0000"
"""No text that a person writes holds it, and the database takes none."""
_PATH = re.compile(r" - at `(?:key in )?\$\.?(.*)`$")
_NAMED = re.compile(
    r"^Object (?:(?P<missing>missing required)|contains unknown) field `(?P<field>.*?)`"
)
_INDEX = re.compile(r"\[(\d+|\.\.\.)\]")


@cache
def _decoder(body: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(body)


async def read_body(
    request: web.BaseRequest,
    body: type[msgspec.Struct],
    *,
    optional: bool,
    most: int,
) -> Any:  # noqa: ANN401
    """The body as the Struct `body`, of `most` bytes; an absent optional one as its defaults.

    Raises Fault.
    """
    headers, content = request.headers, request.content
    if headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise wrong("unsupported_media_type", "Content-Encoding", UNCOMPRESSED)
    if content.is_eof() and content.total_bytes <= most:
        # It came together with the head, as most do: nothing to wait for.
        raw = content.read_nowait()
    else:
        raw = await _bytes(request, most)
    if not raw and optional:
        return body()
    if not headers.get("Content-Type", "").startswith("application/json"):
        raise Fault("unsupported_media_type")
    return decode(raw, body)


async def _bytes(request: web.BaseRequest, most: int) -> bytes:
    if (request.content_length or 0) > most:
        raise _too_large(most)
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise _too_large(most) from None
    if len(raw) > most:
        raise _too_large(most)
    return raw


def _too_large(most: int) -> Fault:
    return Fault("body_too_large", kibibytes=most // 1024)


def decode(raw: bytes, body: type[msgspec.Struct]) -> Any:  # noqa: ANN401
    """The Struct in `raw`; raises Fault `bad_json`, or `invalid_field` with the field named."""
    try:
        found = _decoder(body).decode(raw)
        holder = next(_holders(msgspec.json.decode(raw)), None) if _NUL in raw else None
    except msgspec.ValidationError as error:
        raise Fault("invalid_field", **_named_fields(error, body)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Fault("bad_json") from None
    if holder is not None:
        raise wrong("invalid_field", holder, NO_CHARACTER)
    return found


def _holders(part: object, path: str = "") -> Iterator[str]:
    """The fields whose text, or a name in which, has a character that no text may have."""
    if isinstance(part, str) and "\0" in part:
        yield path
    elif isinstance(part, dict):
        for name, child in part.items():
            yield from _holders(name, path)
            yield from _holders(child, _join(path, name))
    elif isinstance(part, list):
        for at, child in enumerate(part):
            yield from _holders(child, _join(path, str(at)))


def _named_fields(error: msgspec.ValidationError, body: type[msgspec.Struct]) -> dict[str, Any]:
    problems = _problems(error, body)
    fields = [{"field": field, "detail": sentence} for field, sentence in problems]
    return {"field": problems[0][0], "fields": fields}


def _problems(error: msgspec.ValidationError, body: type[msgspec.Struct]) -> list[tuple[str, str]]:
    where = _PATH.search(str(error))
    path = _INDEX.sub(r".\1", where[1]) if where else ""
    cause = error.__cause__
    if isinstance(cause, FieldsError):
        return [(_join(path, field), sentence) for field, sentence in cause.problems]
    named = _NAMED.match(_PATH.sub("", str(error)))
    if named is None:
        return [(path, wanted(body, path))]
    return [(_join(path, named["field"]), MISSING if named["missing"] else UNKNOWN)]


def _join(path: str, field: str) -> str:
    return ".".join(part.strip(".") for part in (path, field) if part)
