"""The OpenAPI 3.1 document, made from the route table and the Structs that the routes take."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from queue_service.access.identity import HOLDER_ROLE
from queue_service.http.call import Route
from queue_service.http.languages import LANGUAGES, texts
from queue_service.http.problem_kinds import KINDS
from queue_service.http.problems import CONTENT_TYPE, TYPE
from schemas.wire import TicketId
from schemas.wire_plan import Problem

FILE: Final = Path(__file__).parents[2] / "schemas" / "openapi.yaml"
REF: Final = "#/components/schemas/{name}"
_PARAMETER: Final = re.compile(r"{(\w+)}")
_ALWAYS: Final = ("unexpected", "invalid_parameter")
_OF_TOKENS: Final = ("unauthorized", "forbidden", "too_many_requests", "database_away")
_OF_BODIES: Final = ("bad_json", "body_too_large", "unsupported_media_type", "invalid_field")
_OF_HEADERS: Final = ("invalid_header",)

_PATHS: Final[dict[str, tuple[Any, str]]] = {
    "branch": (str, "code of a branch"),
    "ticket": (TicketId, "id of a ticket"),
    "expired": (str, "number of an expired ticket, such as P-017, or its id"),
    "counter": (str, "id of a counter"),
    "regime": (str, "id of a regime"),
    "scenario": (str, "name of a shipped scenario, or id of a saved one"),
    "simulation": (str, "id of a simulation"),
    "policy": (str, "number of a policy that a search has found"),
    "draft": (str, "id of a draft"),
    "device": (str, "subject of a device, such as kiosk:hall-1"),
    "pairing": (str, "id of a pairing; to approve it, the code that the device shows"),
}
_INFO: Final = {
    "title": "Kezek",
    "version": "1.0.0",
    "description": (
        "Runs the queue and the capacity of service centres. Every refusal is an RFC 9457 problem "
        f"whose type is {TYPE} and a kind; the language follows Accept-Language (kk, ru, en). A "
        "request repeated under the same Idempotency-Key is carried out once. Where the service is "
        "started with a driven clock, the header Kezek-Now (epoch milliseconds) moves its time."
    ),
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}


def as_yaml(described: dict[str, Any]) -> str:
    """The document as it is checked in."""
    plain = msgspec.json.decode(msgspec.json.encode(described))
    text: str = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100)
    return f"# Written by: python -m queue_service.http\n{text}"


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The whole document as plain dictionaries."""
    types = [*_types(routes)]
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    found = {id(kind): schema for kind, schema in zip(types, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = _operation(route, found)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": _INFO,
        "security": [],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": dict(paths),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": components,
        },
    }


def _types(routes: Iterable[Route]) -> Iterator[Any]:
    yield Problem
    yield from (kind for kind, _ in _PATHS.values())
    for route in routes:
        if route.body is not None:
            yield route.body
        yield from (kind for kind in route.answers.values() if kind is not None)


def _operation(route: Route, found: dict[int, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": [*_parameters(route, found)],
        "responses": _responses(route, found),
    }
    if route.roles:
        operation["security"] = [{"token": []}]
        operation["x-roles"] = sorted(route.roles)
        if HOLDER_ROLE in route.roles:
            operation["security"].append({})
    if route.body is not None:
        content = {"application/json": {"schema": found[id(route.body)]}}
        operation["requestBody"] = {"required": not route.body_optional, "content": content}
    return operation


def _parameters(route: Route, found: dict[int, Any]) -> Iterator[dict[str, Any]]:
    for name in _PARAMETER.findall(route.path):
        kind, text = _PATHS[name]
        yield _parameter("path", name, found[id(kind)], text, required=True)
    for given in route.query:
        yield _parameter("query", given.name, given.schema, given.description)
    yield _parameter("header", "Accept-Language", {"type": "string"}, ", ".join(LANGUAGES))
    if route.mutates and route.repeatable:
        text = "the same key, the same request: carried out once"
        key = {"type": "string", "minLength": 1, "maxLength": 200}
        yield _parameter("header", "Idempotency-Key", key, text)
    if route.told_later:
        text = "when it was done (epoch ms), for what is told later: at most some minutes ago"
        yield _parameter("header", "Kezek-Done-At", {"type": "integer", "minimum": 0}, text)
    if route.versioned:
        text = "ETag of the plan that is changed"
        yield _parameter("header", "If-Match", {"type": "string"}, text, required=True)


def _parameter(
    place: str, name: str, schema: object, text: str, *, required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": required,
        "description": text,
        "schema": schema,
    }


def _responses(route: Route, found: dict[int, Any]) -> dict[str, Any]:
    responses = {str(status): _answer(route, kind, found) for status, kind in route.answers.items()}
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind in dict.fromkeys(problem_kinds(route)):
        kinds[str(KINDS[kind].status)].append(kind)
    for status, named in sorted(kinds.items()):
        responses.setdefault(status, _problem(named, found))
    return responses


def problem_kinds(route: Route) -> Iterator[str]:
    """Every kind of problem with which a route may answer."""
    yield from _ALWAYS
    yield from route.problems
    if route.roles:
        yield from _OF_TOKENS
    if route.body is not None:
        yield from _OF_BODIES
    if "{branch}" in route.path:
        yield from ("unknown_branch", "other_branch")
    if route.mutates:
        yield from (*_OF_HEADERS, "key_reused", "no_plan")
    if route.told_later:
        yield "done_too_long_ago"


def _answer(route: Route, kind: Any, found: dict[int, Any]) -> dict[str, Any]:  # noqa: ANN401
    if kind is None:
        return {"description": "Nothing"}
    content_type = route.media or ("text/plain" if kind is str else "application/json")
    answer: dict[str, Any] = {
        "description": route.summary,
        "content": {content_type: {"schema": found[id(kind)]}},
    }
    if route.path.endswith(("/plan", "/revert")):
        answer["headers"] = {
            "ETag": {"description": "version of the plan", "schema": {"type": "string"}}
        }
    return answer


def _problem(kinds: Sequence[str], found: dict[int, Any]) -> dict[str, Any]:
    titles = texts("en").problems
    lines = [f"- `{TYPE}{kind.replace('_', '-')}`: {titles[kind].title}" for kind in kinds]
    schema = found[id(Problem)]
    return {"description": "\n".join(lines), "content": {CONTENT_TYPE: {"schema": schema}}}
