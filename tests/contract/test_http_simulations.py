"""Planners pick, check and save scenarios, ask for simulations, and are refused by field."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from msgspec.structs import asdict

from queue_service.http.languages import LANGUAGES
from queue_service.http.simulation_texts import simulation_texts
from queue_service.scenarios.reading import presets
from tests.contract.http_client import MONDAY, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.http_client import Answer, Client

SCENARIOS, SIMULATIONS = "/v1/scenarios", "/v1/simulations"


async def preset(client: Client, name: str = "ordinary-week") -> dict[str, Any]:
    answer = await client.get(f"{SCENARIOS}/{name}", "planner")
    assert answer.status == 200, answer.raw
    scenario: dict[str, Any] = answer.body["scenario"]
    return scenario


async def one_day(client: Client, **changes: object) -> dict[str, Any]:
    week = await preset(client)
    return week | {"days": week["days"][:1]} | changes


async def start(client: Client, scenario: object, role: str = "planner", **more: Any) -> Answer:  # noqa: ANN401
    headers = {name: more.pop(name) for name in ("Idempotency_Key",) if name in more}
    body = {"title": "A try", "scenario": scenario, "replications": 4} | more
    return await client.post(SIMULATIONS, body, role, **headers)


async def check(client: Client, language: str = "en", **body: object) -> Answer:
    return await client.post(f"{SCENARIOS}/check", body, "planner", Accept_Language=language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_wrong_in_a_text_names_its_field_and_what_is_known(
    client: Client, language: str
) -> None:
    text = "like: ordinary-week\nname: mine\nmix: {nosuch: 1}\n"
    (fault,) = (await check(client, language, text=text)).body["fields"]
    assert fault["field"] == "mix.nosuch"
    assert "mix.nosuch: " in fault["detail"]
    assert {"services", "source"} <= set(re.findall(r"\w+", fault["detail"]))
    text = "like: ordinary-week\ndays: []\n"
    (fault,) = (await check(client, language, text=text)).body["fields"]
    assert re.search(r"days: .*(\b1\b|one day)", fault["detail"])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_unknown_measure_is_told_which_are_known(client: Client, language: str) -> None:
    scenario = (await client.get(f"{SCENARIOS}/ordinary-week", "planner")).body["scenario"]
    question = {"kind": "sensitivity", "measure": "nosuch"}
    body = {"scenario": scenario, "question": question}
    answer = await client.post(SIMULATIONS, body, "planner", Accept_Language=language)
    assert (answer.status, answer.body["field"]) == (422, "question.measure")
    assert "wait_hall_p95" in answer.body["fields"][0]["detail"]


# --- scenarios -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_preset_is_listed_in_the_asked_language(client: Client, language: str) -> None:
    answer = await client.get(SCENARIOS, "planner", Accept_Language=language)
    shown = answer.body["scenarios"]
    assert [one["id"] for one in shown] == list(presets())
    for one in shown:
        assert one["title"], one
        assert one["about"], one
        assert (one["kind"], one["actions"], one["branch"]) == ("preset", [], "uralsk-2")
        assert language == "en" or re.search("[а-я]", one["title"] + one["about"]), one


async def test_a_preset_is_given_whole_and_its_text_says_the_same(client: Client) -> None:
    answer = await client.get(f"{SCENARIOS}/uralsk-2020-03", "planner")
    assert (answer.body["from"], answer.body["until"]) == ("2020-03-16", "2020-03-20")
    checked = await check(client, text=answer.body["text"])
    assert checked.status == 200, checked.raw
    assert checked.body["scenario"] == answer.body["scenario"]
    assert (await client.get(f"{SCENARIOS}/nothing", "planner")).kind == "unknown-scenario"


async def test_the_form_has_a_field_for_each_value_with_its_bounds(client: Client) -> None:
    form = (await client.get(f"{SCENARIOS}/schema", "planner", Accept_Language="en")).body
    scenario = await preset(client)
    assert {one["name"] for one in form["fields"]} == {*scenario}
    fields = {one["name"]: one for one in form["fields"]}
    days = {one["name"]: one for one in fields["days"]["fields"]}
    assert (days["visits"]["least"], days["visits"]["most"]) == (0, 20000)
    rules = {one["name"]: one for one in fields["rules"]["fields"]}
    assert (rules["group_size"]["kind"], rules["group_size"]["most"]) == ("whole", 100)
    assert (form["replications"]["least"], form["replications"]["most"]) == (1, 1000)
    assert {"value": "4", "label": "Counter 4"} in form["counters"]["uralsk-2"]


async def test_a_regime_and_a_special_day_of_the_form_are_accepted_as_they_begin(
    client: Client,
) -> None:
    form = (await client.get(f"{SCENARIOS}/schema", "planner")).body
    fields = {one["name"]: one for one in form["fields"]}
    regime = {one["name"]: one.get("default") for one in fields["regimes"]["fields"]}
    day = {one["name"]: one for one in fields["special_days"]["fields"]}
    hours = {one["name"]: one["default"] for one in day["hours"]["fields"]}
    for place in form["scopes"]["uralsk-2"]:
        for kept in (hours, *(one["value"] for one in day["hours"]["choices"])):
            scenario = await one_day(
                client,
                regimes=[
                    {"id": "a", "name": regime["name"], "scope": place["value"]}
                    | {"from": "2026-03-02", "rules": {"hall_limit": 40}}
                ],
                special_days=[
                    {"date": "2026-03-02", "hours": kept, "reason": day["reason"]["default"]}
                ],
            )
            checked = await check(client, scenario=scenario)
            assert checked.status == 200, checked.raw


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_profiles_of_every_preset_have_a_name(client: Client, language: str) -> None:
    form = (await client.get(f"{SCENARIOS}/schema", "planner", Accept_Language=language)).body
    named = {one["value"]: one["label"] for one in form["profiles"]}
    for name in presets():
        codes = {one["code"] for one in (await preset(client, name))["profiles"]}
        assert codes <= named.keys()
    assert language == "en" or all(re.search("[а-я]", label) for label in named.values())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_field_of_the_form_has_words(client: Client, language: str) -> None:
    form = (await client.get(f"{SCENARIOS}/schema", "planner", Accept_Language=language)).body
    fields = [*form["fields"], form["replications"], form["seed"], form["title"]]
    while fields:
        one = fields.pop()
        assert one["label"] or not one["name"], one
        assert all(choice["label"] for choice in one.get("choices", [])), one
        fields += one.get("fields", [])


async def test_a_saved_scenario_is_opened_by_its_id_and_deleted_by_its_author(
    client: Client,
) -> None:
    scenario = await one_day(client, title="Mine")
    keyed = {"role": "planner", "Idempotency_Key": "a"}
    saved = await client.post(SCENARIOS, {"scenario": scenario}, **keyed)
    again = await client.post(SCENARIOS, {"scenario": scenario}, **keyed)
    assert (saved.status, again.body["id"]) == (201, saved.body["id"])
    assert re.search(r", \d\d:\d\d$", saved.body["about"]), "a time of day without seconds"
    other = await client.post(SCENARIOS, {"scenario": scenario | {"title": "Other"}}, **keyed)
    assert other.kind == "key-reused"
    path = f"{SCENARIOS}/{saved.body['id']}"
    assert (await client.get(path, "planner")).body["scenario"] == scenario
    listed = (await client.get(SCENARIOS, "planner")).body["scenarios"]
    assert (listed[-1]["title"], listed[-1]["actions"]) == ("Mine", ["delete"])
    assert (await client.ask("DELETE", f"{SCENARIOS}/ordinary-week")).kind == "forbidden"
    assert (await client.ask("DELETE", path, role="planner")).status == 204
    assert (await client.get(path, "planner")).kind == "unknown-scenario"


def test_the_words_of_all_languages_have_the_same_names_and_values() -> None:
    english = asdict(simulation_texts("en"))
    for language in ("kk", "ru"):
        for name, words in asdict(simulation_texts(language)).items():
            if isinstance(words, str):
                assert placeholders(words) == placeholders(english[name])
                continue
            assert list(words) == list(english[name]), name
            for key, text in words.items():
                assert placeholders(text) == placeholders(english[name][key]), (name, key)
                assert bool(text) == bool(english[name][key]), (name, key)


# --- what is refused -----------------------------------------------------------------------------

FAULTS = (
    ("visits: 520.0", "visits: -1", "days.0.visits", "20000"),
    ("visits: 520.0", "visits: .nan", "days.0.visits", "20000"),
    ("visits: 520.0", "visits: 10000000", "days.0.visits", "20000"),
    ("seed: 2026", "seed: 2026\nrules: {closes: 08:00}", "rules.closes", "2026-03-02"),
    ("seed: 2026", "seed: 2026\nrules: {opens: 18:00, closes: 09:00}", "rules.closes", "18:00"),
    ("seed: 2026", "seed: 2026\nrules: {group_size: 0}", "rules.group_size", "100"),
    ("seed: 2026", "seed: 2026\nlike: nothing", "like", "nothing"),
    ("seed: 2026", "seed: 2026\n  days: [", "file", ""),
    ("branch: uralsk-2", "branch: uralsk-3", "branch", "uralsk-2"),
    ("service: passport\n", "service: pasport\n", "mix.services.0.service", "'passport'"),
)


@pytest.mark.parametrize(("old", "new", "field", "bound"), FAULTS)
async def test_a_text_is_refused_with_its_line_and_field_in_each_language(
    client: Client, old: str, new: str, field: str, bound: str
) -> None:
    text = (await client.get(f"{SCENARIOS}/ordinary-week", "planner")).body["text"]
    assert text.count(old) == 1
    line = text.count("\n", 0, text.index(old)) + 1 + new.strip().count("\n")
    for language in LANGUAGES:
        answer = await check(client, language, text=text.replace(old, new))
        assert (answer.status, answer.kind) == (422, "invalid-field")
        (fault,) = answer.body["fields"]
        assert (answer.body["field"], fault["field"]) == (field, field)
        assert str(line) in fault["detail"]
        assert bound in fault["detail"]
        if language != "en":
            assert re.search("[а-я]", fault["detail"]), fault
            assert not re.search(r"\b(write|is|no|line)\b", fault["detail"]), fault


async def test_a_fault_in_what_a_shipped_one_says_has_no_line_in_the_text(client: Client) -> None:
    text = "name: mine\nlike: ordinary-week\nbranch: almaty-bostandyk-1\n"
    fields = (await check(client, text=text)).body["fields"]
    assert {one["field"].partition(".")[0] for one in fields} == {"staff"}
    assert not any(one["detail"].startswith("line") for one in fields)


async def test_a_scenario_may_be_like_a_shipped_one(client: Client) -> None:
    answer = await check(client, text="name: mine\nlike: ordinary-week\nseed: 7\n")
    assert answer.body["scenario"] == await preset(client) | {"name": "mine", "seed": 7}
    assert yaml.safe_load(answer.body["text"])["seed"] == 7


async def test_of_a_form_every_fault_is_named_at_once(client: Client) -> None:
    scenario = await one_day(client)
    scenario["days"][0]["visits"] = -1
    scenario["visitors"]["no_show"] = 2
    answer = await check(client, scenario=scenario)
    named = {one["field"] for one in answer.body["fields"]}
    assert named == {"scenario.days.0.visits", "scenario.visitors.no_show"}
    assert (await check(client)).body["field"] == "text"


async def test_a_form_without_faults_is_given_back_with_all_that_it_left_out(
    client: Client,
) -> None:
    scenario = await one_day(client)
    left_out = {name: value for name, value in scenario.items() if name not in ("rules", "site")}
    answer = await check(client, scenario=left_out)
    assert answer.body["scenario"] == scenario | {"site": answer.body["scenario"]["site"]}
    scenario["mix"]["services"][0]["service"] = "pasport"
    answer = await check(client, scenario=scenario)
    assert answer.body["field"] == "scenario.mix.services.0.service"


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("days", 0, "visits"), -1, "scenario.days.0.visits"),
        (("days", 0, "visits"), 10_000_000, "scenario.days.0.visits"),
        (("rules",), {"opens": "18:00", "closes": "09:00"}, "scenario.rules.closes"),
        (("rules",), {"closes": "08:00"}, "scenario.rules.closes"),
        (("staff", "shifts", 0, "skills"), ["pasport"], "scenario.staff.shifts.0.skills.0"),
        (("staff", "shifts"), [{"counters": ["1"]}], "scenario.mix.services.3.service"),
        (("branch",), "nowhere", "scenario.branch"),
    ],
)
async def test_a_bad_scenario_is_refused_before_anything_runs(
    client: Client, path: tuple[str | int, ...], value: object, field: str
) -> None:
    scenario: Any = await one_day(client)
    inner = scenario
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    answer = await start(client, scenario)
    assert (answer.status, answer.kind) == (422, "invalid-field"), answer.raw
    assert answer.body["field"] == field
    assert (await client.get(SIMULATIONS, "planner")).body["simulations"] == []


async def test_not_a_number_is_no_json(client: Client) -> None:
    raw = b'{"title": "x", "scenario": {"days": [{"visits": NaN}]}}'
    assert (await client.post(SIMULATIONS, raw, "planner")).kind == "bad-json"


SPOILT: tuple[object, ...] = (None, True, -1, 1e308, "", "2020-02-30", [None], {})


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401
    """Every place of a scenario; of a list the first entry."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1])
    for name, one in inner:
        yield from leaves(one, (*path, name)) if isinstance(one, (dict, list)) else [(*path, name)]


async def test_no_value_anywhere_breaks_the_service(client: Client) -> None:
    whole: Any = await preset(client, "winter-flu")
    for path in leaves(whole):
        for value in SPOILT:
            scenario = deepcopy(whole)
            inner = scenario
            for step in path[:-1]:
                inner = inner[step]
            inner[path[-1]] = value
            answer = await start(client, scenario)
            assert answer.status in (201, 422), (path, value, answer.raw)
            assert answer.status == 201 or answer.body["fields"], (path, value)


async def test_more_work_than_a_worker_does_in_an_hour_is_refused(client: Client) -> None:
    week = await preset(client)
    assert (await start(client, week, replications=1001)).body["field"] == "replications"
    assert (await start(client, week, replications=1000)).status == 201
    days = [week["days"][0] | {"date": f"2026-03-{day:02d}"} for day in range(1, 31)]
    answer = await start(client, week | {"days": days}, replications=1000)
    assert answer.body["field"] == "replications"
    assert "666" in answer.body["fields"][0]["detail"]
    versus = await start(client, week, versus=week | {"days": week["days"][:1]})
    assert versus.body["field"] == "versus.days"


# --- simulations ---------------------------------------------------------------------------------


async def test_a_simulation_waits_for_a_worker_and_is_cancelled(client: Client) -> None:
    client.clock(MONDAY)
    scenario = await one_day(client)
    answer = await start(client, scenario, versus=scenario | {"title": "Other"}, seed=5)
    assert answer.status == 201, answer.raw
    made = answer.body
    assert (made["state"], made["progress"]["done"], made["progress"]["of"]) == ("queued", 0, 4)
    assert (made["seed"], made["scenario"]["seed"], made["versus"]["seed"]) == (5, 5, 5)
    assert (made["versus_title"], made["actions"]) == ("Other", ["cancel", "delete"])
    assert (made["results"], made["differences"], made["courses"]) == ([], [], [])
    path = f"{SIMULATIONS}/{made['id']}"
    assert (await client.get(path, "admin")).body["state"] == "queued"
    cancelled = await client.post(f"{path}/cancel", None, "planner")
    assert (cancelled.status, cancelled.body["state"]) == (200, "cancelled")
    assert (await client.post(f"{path}/cancel", None, "planner")).status == 200
    missing = await client.get(f"{path}/course?date=2026-03-02", "planner")
    assert missing.kind == "unknown-course"


async def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    made = (await start(client, await one_day(client))).body["id"]
    path = f"{SIMULATIONS}/{made}"
    first = await client.get(path, "planner", Accept_Language="en")
    tag = first.headers["ETag"]
    same = await client.get(path, "planner", Accept_Language="en", If_None_Match=tag)
    assert (same.status, same.raw) == (304, b"")
    other = await client.get(path, "planner", Accept_Language="kk", If_None_Match=tag)
    assert other.status == 200
    await client.post(f"{path}/cancel", None, "planner")
    changed = await client.get(path, "planner", Accept_Language="en", If_None_Match=tag)
    assert changed.body["state"] == "cancelled"


async def test_a_request_repeated_under_its_key_starts_one_simulation(client: Client) -> None:
    scenario = await one_day(client)
    first = await start(client, scenario, Idempotency_Key="once")
    again = await start(client, scenario, Idempotency_Key="once")
    assert (first.status, again.body["id"]) == (201, first.body["id"])
    other = await start(client, scenario, Idempotency_Key="once", replications=5)
    assert other.kind == "key-reused"
    listed = (await client.get(SIMULATIONS, "planner")).body["simulations"]
    assert [one["id"] for one in listed] == [first.body["id"]]


async def test_the_list_comes_in_pages_the_newest_first(client: Client) -> None:
    scenario = await one_day(client)
    ids = [(await start(client, scenario)).body["id"] for _ in range(3)]
    page = (await client.get(f"{SIMULATIONS}?limit=2", "planner")).body
    assert [one["id"] for one in page["simulations"]] == [ids[2], ids[1]]
    rest = (await client.get(f"{SIMULATIONS}?limit=2&before={page['older']}", "planner")).body
    assert ([one["id"] for one in rest["simulations"]], rest["older"]) == ([ids[0]], "")


async def test_a_simulation_is_deleted_by_who_asked_for_it_or_an_administrator(
    client: Client,
) -> None:
    scenario = await one_day(client)
    theirs, own, other = [
        f"{SIMULATIONS}/{(await start(client, scenario, role)).body['id']}"
        for role in ("admin", "planner", "planner")
    ]
    assert (await client.get(theirs, "planner")).body["actions"] == ["cancel"]
    assert (await client.ask("DELETE", theirs, role="planner")).kind == "forbidden"
    assert (await client.ask("DELETE", own, role="planner")).status == 204
    assert (await client.ask("DELETE", other, role="admin")).status == 204
    assert (await client.get(own, "planner")).kind == "unknown-simulation"
    assert (await client.ask("DELETE", own, role="planner")).kind == "unknown-simulation"
    (left,) = (await client.get(SIMULATIONS, "planner")).body["simulations"]
    assert theirs.endswith(left["id"])


async def test_each_policy_of_a_run_is_compared_under_its_own_name(client: Client) -> None:
    scenario = await one_day(client, title="Usual")
    changed = scenario | {"title": "Usual, changed"}
    titles = {}
    for title in ("Usual, changed", "Spring"):
        run = (await start(client, scenario, versus=changed, title=title)).body["id"]
        answer = await client.get(f"/v1/comparison?of={run},{run}:versus", "planner")
        titles[title] = [one["title"] for one in answer.body["runs"]]
    assert titles == {
        "Usual, changed": ["Usual", "Usual, changed"],
        "Spring": ["Spring: Usual", "Spring: Usual, changed"],
    }
    alone = (await start(client, scenario, title="Alone")).body["id"]
    answer = await client.get(f"/v1/comparison?of={alone},{alone}", "planner")
    assert [one["title"] for one in answer.body["runs"]] == ["Alone", "Alone"]


async def test_what_is_not_there_is_told_so(client: Client) -> None:
    path = f"{SIMULATIONS}/none"
    for answer in (
        await client.get(path, "planner"),
        await client.post(f"{path}/cancel", None, "planner"),
        await client.get(f"{path}/course?date=2026-03-02", "planner"),
        await client.get("/v1/comparison?of=none,none", "planner"),
    ):
        assert (answer.status, answer.kind) == (404, "unknown-simulation")
    for of in ("none", "%00,b"):
        refused = await client.get(f"/v1/comparison?of={of}", "planner")
        assert (refused.status, refused.body["field"]) == (400, "of"), refused.raw
    assert (await client.get(f"{path}/course", "planner")).body["field"] == "date"
