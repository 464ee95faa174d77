"""What a reader of Kazakh or Russian is told: no English sentence, no bare code, no lost bound."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import inspect

from queue_service.http.languages import texts
from queue_service.http.routes import ROUTES
from queue_service.http.wanted import wanted
from tests.contract.http_client import FRIDAY, HERE, THURSDAY, local, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator

    import msgspec

    from tests.contract.http_client import Client

ROOT = Path(__file__).parents[2]
TICKETS, PLAN = f"{HERE}/tickets", f"{HERE}/plan"
REGIME: dict[str, Any] = {
    "id": "oral-heat-2020-03",
    "name": {"kk": "Ыстық", "ru": "Жара", "en": "Heat"},
    "scope": {"city": "uralsk"},
    "from": "2020-03-16",
    "rules": {"hall_limit": 5},
}
other_languages = pytest.mark.parametrize("language", ["kk", "ru"])


# --- fields --------------------------------------------------------------------------------------

MISTAKES: tuple[tuple[str, dict[str, Any], str], ...] = (
    (TICKETS, {}, ""),
    (TICKETS, {"service": 5}, ""),
    (TICKETS, {"service": "No 1"}, ""),
    (TICKETS, {"services": []}, "8"),
    (TICKETS, {"services": ["passport", "passport"]}, ""),
    (TICKETS, {"service": "passport", "party_size": 21}, "20"),
    (TICKETS, {"service": "passport", "party_size": "two"}, "20"),
    (TICKETS, {"service": "passport", "language": "de"}, "kk"),
    (TICKETS, {"service": "passport", "iin": "12"}, "12"),
    (TICKETS, {"service": "passport", "contact": "none"}, "+7"),
    (TICKETS, {"service": "passport", "despite_closing": 1}, "true"),
    (TICKETS, {"service": "passport", "sevice": "x"}, ""),
    (f"{HERE}/hall/recount", {"occupancy": 3}, ""),
    (f"{HERE}/hall/recount", {"occupancy": 3, "reason": " "}, "300"),
    (f"{PLAN}/preview", {"reason": "r"}, "closes"),
    (f"{PLAN}/preview", {"reason": "r", "opens": "18:00", "closes": "09:00"}, "18:00"),
    (f"{PLAN}/preview", {"reason": "r", "opens": "9"}, "09:00"),
    ("/v1/regimes", REGIME | {"scope": {}}, ""),
    ("/v1/regimes", REGIME | {"scope": {"city": "oral"}}, "uralsk"),
    ("/v1/regimes", REGIME | {"rules": {}}, ""),
    ("/v1/regimes", REGIME | {"until": "2020-03-01"}, "2020-03-16"),
    ("/v1/regimes", REGIME | {"until": "yesterday"}, "2020-03-19"),
    ("/v1/regimes", REGIME | {"from": "2020-03-01", "until": "2020-03-15"}, ""),
    ("/v1/regimes", REGIME | {"name": {"kk": "x", "ru": "x"}}, ""),
)


@other_languages
async def test_no_english_sentence_about_a_field_reaches_them(
    client: Client, language: str
) -> None:
    for path, body, named in MISTAKES:
        answer = await client.post(path, body, Accept_Language=language)
        assert (answer.status, answer.kind) == (422, "invalid-field"), body
        for field in answer.body["fields"]:
            assert re.search("[а-яә]", field["detail"]), field
            assert not re.search(
                r"\b(write|Expected|is|Object)\b", field["detail"], re.IGNORECASE
            ), field
            assert named in field["detail"], field


async def test_in_english_a_bound_is_named(client: Client) -> None:
    body = {"service": "passport", "party_size": 21}
    answer = await client.post(TICKETS, body, Accept_Language="en")
    wrong = {"field": "party_size", "detail": "write a whole number from 1 to 20"}
    assert answer.body["fields"] == [wrong]


@other_languages
async def test_parameters_and_headers_say_the_way_out(client: Client, language: str) -> None:
    journal, ticket = f"{HERE}/journal", f"{TICKETS}/x"
    for method, path, headers, named in (
        ("GET", f"{journal}?limit=5001", {}, "5000"),
        ("GET", f"{journal}?after=x", {}, "2147483647"),
        ("GET", f"{journal}?date=soon", {}, "2020-03-19"),
        ("GET", f"{journal}?date=2020-03-16&date=2020-03-17", {}, ""),
        ("DELETE", f"{ticket}?reason={'x' * 301}", {}, "300"),
        ("DELETE", ticket, {"Idempotency_Key": "x" * 201}, "200"),
        ("GET", journal, {"Kezek_Now": "now"}, "15"),
    ):
        answer = await client.ask(method, path, None, Accept_Language=language, **headers)
        assert answer.status == 400, path
        (wrong,) = answer.body["fields"]
        assert wrong["field"] == answer.body["field"]
        assert re.search("[а-яә]", wrong["detail"]), path
        assert named in wrong["detail"], path


# --- texts ---------------------------------------------------------------------------------------


def sentences() -> Iterator[str]:
    """Every sentence about a field that the code can say, as it is written there."""
    for folder in ("schemas", "queue_service", "simulation/experiments"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Sentence":
                    (template,) = node.args
                    if isinstance(template, ast.Constant):
                        yield str(template.value)
    for route in ROUTES:
        if route.body is not None:
            yield from of_type(route.body, inspect.type_info(route.body), "")


def of_type(body: type[msgspec.Struct], found: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    """What is said of a field and of all below it."""
    yield wanted(body, path).template
    kinds = found.types if isinstance(found, inspect.UnionType) else (found,)
    for kind in (getattr(one, "type", one) for one in kinds):
        for field in getattr(kind, "fields", ()):
            yield from of_type(body, field.type, f"{path}.{field.encode_name}".strip("."))
        if isinstance(kind, inspect.VarTupleType):
            yield from of_type(body, kind.item_type, f"{path}.0")


@other_languages
def test_every_sentence_about_a_field_is_translated(language: str) -> None:
    said = texts(language).sentences
    assert set(said) == set(sentences())
    for english, translation in said.items():
        assert placeholders(translation) == placeholders(english), english


# --- what is named by its name -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "name", "yes"),
    [("kk", "БҚО: шағын топтармен", "иә"), ("ru", "ЗКО: вход небольшими группами", "да")],
)
async def test_the_bound_of_a_regime_is_told_with_the_name_of_the_regime(
    client: Client, language: str, name: str, yes: str
) -> None:
    client.clock(THURSDAY)
    body = {"reason": "r", "group_admission": False}
    headers = {"If_Match": "*", "Accept_Language": language}
    answer = await client.ask("PATCH", PLAN, body, "manager", **headers)
    assert answer.kind == "regime-bound"
    for sentence in (answer.body["detail"], answer.body["fields"][0]["detail"]):
        assert name in sentence
        assert yes in sentence
        assert "zko-groups" not in sentence
    assert answer.body["extra"]["regime"] == "zko-groups-2020-03-19"
    assert answer.body["extra"]["bound"] == "true"


async def test_a_refusal_names_the_services_that_are_only_online(client: Client) -> None:
    client.clock(FRIDAY)
    body = {"services": ["passport", "address-certificate", "address-deregistration"]}
    answer = await client.post(TICKETS, body, "kiosk", Accept_Language="ru")
    assert answer.kind == "online-only"
    names = [link["name"]["ru"] for link in answer.body["links"]]
    assert answer.body["detail"].startswith(f"{', '.join(names)}: ")


@pytest.mark.parametrize(
    ("language", "closed", "why"),
    [
        ("kk", "күні бойы жабық", "Мереке күні"),
        ("ru", "закрыто весь день", "Праздничный день"),
        ("en", "closed all day", "Public holiday"),
    ],
)
async def test_a_closed_day_says_why(client: Client, language: str, closed: str, why: str) -> None:
    plan = (await client.get(f"{PLAN}?date=2020-03-22", Accept_Language=language)).body
    assert (plan["closed_reason"], plan["closed_text"]) == ("holiday", why)
    told = {one["name"]: one["text"] for one in plan["values"]}
    assert told["opens"] == told["closes"] == f"{closed}: {why}"
    board = (await client.get(f"{HERE}/board?date=2020-03-22")).body
    assert board["closed_text"][language] == why


async def test_a_day_that_a_regime_leaves_without_hours_names_the_regime(client: Client) -> None:
    client.clock(local(16, "08:00"))
    regime = REGIME | {"rules": {"closes": "09:00"}}
    assert (await client.post("/v1/regimes", regime)).status == 201
    plan = (await client.get(f"{PLAN}?date=2020-03-17", Accept_Language="ru")).body
    closes = next(one["text"] for one in plan["values"] if one["name"] == "closes")
    assert closes == "закрыто весь день: недельный график, сужено: режим «Жара»"


@pytest.mark.parametrize(
    ("language", "text"),
    [("kk", "Мереке алдындағы"), ("ru", "Сокращённый предпраздничный"), ("en", "Short day")],
)
async def test_the_occasion_of_a_special_day_is_told_in_the_asked_language(
    client: Client, language: str, text: str
) -> None:
    path = "/v1/branches/astana-esil-1/plan?date=2026-12-31"
    plan = (await client.get(path, Accept_Language=language)).body
    closes = next(one["text"] for one in plan["values"] if one["name"] == "closes")
    assert text in closes
