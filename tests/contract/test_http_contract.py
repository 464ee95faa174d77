"""The route table, its OpenAPI document and the texts of problems keep each other's promises."""

from __future__ import annotations

import re
from string import ascii_letters
from typing import TYPE_CHECKING, Any, get_args

import pytest
from msgspec.structs import fields
from openapi_spec_validator import OpenAPIV31SpecValidator

from queue_service.access.identity import HOLDER_ROLE, ROLES
from queue_service.http.askers import PUBLIC
from queue_service.http.call import Route
from queue_service.http.languages import LANGUAGES, texts
from queue_service.http.openapi import FILE, as_yaml, document, problem_kinds
from queue_service.http.problem_kinds import KINDS
from queue_service.http.routes import ROUTES
from queue_service.http.tickets import ACTIONS_OF_ROLE
from queue_service.policy.events import RefusalKind, VisitRefused
from queue_service.policy.plan import LayerKind
from queue_service.policy.views import ACTIONS
from schemas import wire
from schemas.yaml_file import read_yaml
from tests.contract.http_client import BRANCH, placeholders

if TYPE_CHECKING:
    from tests.contract.http_client import Client

HEALTH = {"healthz", "readyz", "metrics", "contract"}
ENTRANCE = {"sign_in", "begin_pairing", "see_pairing"}
"""How somebody without a token comes by one."""
KINDS_OF_VISITS = ("online_only", "cannot_be_served_today")


# --- routes --------------------------------------------------------------------------------------


def test_every_route_says_who_may_ask() -> None:
    for route in ROUTES:
        assert route.roles is not None, f"{route.method} {route.path} declares no roles"
        assert route.roles <= {*ROLES, HOLDER_ROLE}, route.path
    assert {route.name for route in ROUTES if route.roles == PUBLIC} == HEALTH | ENTRANCE


def test_routes_have_names_of_their_own() -> None:
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


async def test_each_role_is_let_in_where_the_table_says_and_nowhere_else(client: Client) -> None:
    # Signing out comes last: it ends the tokens.
    for route in sorted(ROUTES, key=lambda route: route.name == "sign_out"):
        if route.roles == PUBLIC:
            continue
        path = a_path(route)
        without_token = 404 if HOLDER_ROLE in (route.roles or ()) else 401
        assert (await client.ask(route.method, path, None, None)).status == without_token, path
        for role in ROLES:
            answer = await client.ask(route.method, path, b"", role)
            refused = answer.status == 403
            assert refused == (role not in (route.roles or ())), (route.name, role)


def a_path(route: Route) -> str:
    return re.sub(r"{\w+}", "none", route.path.replace("{branch}", BRANCH))


def test_the_roles_of_the_brief() -> None:
    by_name = {route.name: set(route.roles or ()) for route in ROUTES}
    assert by_name["take_ticket"] >= {"kiosk", "visitor"}
    for name in ("release_group", "entered_ticket", "left_ticket", "recount_hall"):
        assert by_name[name] == {"attendant", "admin"}, name
    for name in ("call_next", "open_counter", "start_ticket", "finish_ticket", "hold_ticket"):
        assert by_name[name] == {"operator", "admin"}, name
    for name in ("change_plan", "revert_plan", "preview_plan"):
        assert by_name[name] == {"manager", "admin"}, name
    for route in ROUTES:
        if "planner" in (route.roles or ()):
            own = route.tag == "simulation" or route.name == "sign_out"
            assert not route.mutates or own, route.name
        assert route.roles == PUBLIC or "admin" in (route.roles or ()), route.name


def test_actions_shown_are_routes_that_the_role_may_take() -> None:
    assert set(ACTIONS) == set(get_args(wire.Action))
    for role, actions in ACTIONS_OF_ROLE.items():
        for action in actions:
            name = f"{action.replace('-', '_')}_ticket"
            route = next(route for route in ROUTES if route.name == name)
            assert role in (route.roles or ()), (role, action)


def test_whoever_knows_a_ticket_may_see_it_and_give_it_up_and_nothing_else() -> None:
    names = {route.name for route in ROUTES if HOLDER_ROLE in (route.roles or ())}
    assert names == {"see_ticket", "see_about_ticket", "cancel_ticket", "late_ticket"}


# --- the document --------------------------------------------------------------------------------


def test_the_checked_in_document_is_the_code() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text == as_yaml(document(ROUTES)), "run: python -m queue_service.http"


def test_the_document_is_valid_openapi() -> None:
    described = read_yaml(FILE)
    OpenAPIV31SpecValidator(described).validate()
    assert described["openapi"].startswith("3.1.")


async def test_the_document_is_served(client: Client) -> None:
    answer = await client.get("/openapi.json", None)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.body == read_yaml(FILE)


def test_the_document_names_every_path_of_the_table() -> None:
    described = document(ROUTES)
    assert set(described["paths"]) == {route.path for route in ROUTES}
    ids = [operation["operationId"] for operation in _operations(described)]
    assert sorted(ids) == sorted(route.name for route in ROUTES)


def _operations(described: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for path in described["paths"].values() for one in path.values()]


# --- the texts -----------------------------------------------------------------------------------


def test_every_kind_of_problem_has_a_status_and_a_text_in_each_language() -> None:
    kinds = {*get_args(RefusalKind), *KINDS_OF_VISITS}
    kinds |= {kind for route in ROUTES for kind in problem_kinds(route)}
    assert kinds <= set(KINDS), kinds - set(KINDS)
    for language in LANGUAGES:
        assert set(texts(language).problems) == set(KINDS), language


def test_recorded_refusals_are_problems_too() -> None:
    (reason,) = (one for one in fields(VisitRefused) if one.name == "reason")
    assert set(get_args(reason.type)) == set(KINDS_OF_VISITS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_whole_and_of_their_language(language: str) -> None:
    found, english = texts(language), texts("en")
    for kind, message in found.problems.items():
        for text, same in ((message.title, "title"), (message.next, "next")):
            assert text.strip(), kind
            assert placeholders(text) == placeholders(getattr(english.problems[kind], same)), kind
        ways = english.problems[kind].without
        assert message.without.keys() == ways.keys() <= placeholders(message.next), kind
        for name, text in message.without.items():
            assert name not in placeholders(text) == placeholders(ways[name]), kind
    for kind, text in found.layers.items():
        assert placeholders(text) == placeholders(english.layers[kind]), kind
    assert set(found.layers) == set(get_args(LayerKind))
    assert set(found.effects) == {"sets", "narrows", "chained", "yields"}
    for text in found.effects.values():
        assert "layer" in placeholders(text)


def test_kazakh_has_letters_that_russian_lacks_and_no_word_mixes_scripts() -> None:
    for language in ("kk", "ru"):
        problems = texts(language).problems.values()
        whole = " ".join(
            text for one in problems for text in (one.title, one.next, *one.without.values())
        )
        assert bool(re.search("[әғқңөұүһі]", whole)) == (language == "kk")
        for word in re.findall(r"\w+", whole):
            latin = [letter for letter in word if letter in ascii_letters]
            assert not latin or len(latin) == sum(map(str.isalpha, word)), word
