"""Planners ask for the best policy and for what matters most, and are refused by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from queue_service.http.languages import LANGUAGES
from queue_service.http.simulation_texts import simulation_texts
from simulation.experiments.figures import FIGURES
from simulation.experiments.inputs import inputs
from simulation.scenario_file import shipped_catalogue

if TYPE_CHECKING:
    from tests.contract.http_client import Answer, Client

SIMULATIONS = "/v1/simulations"
SEARCH = {"kind": "search", "vary": {"hall_limit": [20, 40]}}


async def one_day(client: Client, **rules: object) -> dict[str, Any]:
    week: dict[str, Any] = (await client.get("/v1/scenarios/ordinary-week", "planner")).body[
        "scenario"
    ]
    return week | {"days": week["days"][:1], "rules": rules}


async def ask(
    client: Client,
    question: dict[str, Any],
    language: str = "en",
    **more: Any,  # noqa: ANN401
) -> Answer:
    scenario = more.pop("scenario", None) or await one_day(client, group_admission=True)
    body = {"title": "A try", "scenario": scenario, "question": question} | more
    return await client.post(SIMULATIONS, body, "planner", Accept_Language=language)


async def test_a_question_waits_for_a_worker_as_a_run_does(client: Client) -> None:
    limits = [{"measure": "last_out_minute", "bound": "19:00", "of_hundred": 90}]
    made = (await ask(client, SEARCH | {"limits": limits, "replications": 20})).body
    assert (made["kind"], made["state"]) == ("search", "queued")
    assert (made["search"], made["sensitivity"], made["results"]) == (None, None, [])
    assert made["progress"]["of"] == 2 * 3 + 2 * 20
    assert made["question"]["limits"][0] == limits[0] | {"way": "at_most"}
    other = (await ask(client, {"kind": "sensitivity"})).body
    assert other["kind"] == "sensitivity"
    listed = (await client.get(SIMULATIONS, "planner", Accept_Language="en")).body["simulations"]
    assert [one["kind_text"] for one in listed] == [
        "What matters most",
        "Search for the best policy",
    ]
    missing = await client.get(f"{SIMULATIONS}/{made['id']}/policies/0", "planner")
    assert missing.kind == "unknown-policy"
    cancelled = await client.post(f"{SIMULATIONS}/{made['id']}/cancel", None, "planner")
    assert (cancelled.body["state"], cancelled.body["actions"]) == ("cancelled", ["delete"])


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (SEARCH | {"vary": {}}, "question.vary"),
        (SEARCH | {"vary": {"hall_limit": [20, 20]}}, "question.vary.hall_limit.1"),
        (SEARCH | {"vary": {"hall_limit": [0]}}, "question.vary.hall_limit.0"),
        (SEARCH | {"vary": {"counters": ["twelve"]}}, "question.vary.counters.0"),
        (SEARCH | {"vary": {"counters": ["8", "900"]}}, "question.vary.counters.1"),
        (SEARCH | {"vary": {"closes": ["08:00"]}}, "question.vary.closes.0"),
        (SEARCH | {"limits": [{"measure": "beauty", "bound": "1"}]}, "question.limits.0.measure"),
        (SEARCH | {"limits": [{"measure": "came", "bound": "NaN"}]}, "question.limits.0.bound"),
        (SEARCH | {"limits": [{"measure": "came", "bound": "17:00"}]}, "question.limits.0.bound"),
        (
            SEARCH | {"limits": [{"measure": "last_out_minute", "bound": "30"}]},
            "question.limits.0.bound",
        ),
        (
            SEARCH | {"limits": [{"measure": "counter_use", "bound": "80"}]},
            "question.limits.0.bound",
        ),
        (SEARCH | {"candidates": 10_000_000}, "question.candidates"),
        ({"kind": "sensitivity", "by": -1}, "question.by"),
        ({"kind": "sensitivity", "measure": "beauty"}, "question.measure"),
        ({"kind": "riddle"}, "question.kind"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_field(
    client: Client, question: dict[str, Any], field: str
) -> None:
    for language in ("en", "kk"):
        answer = await ask(client, question, language)
        assert answer.status == 422, answer.raw
        assert [one["field"] for one in answer.body["fields"]] == [field]
        assert answer.body["fields"][0]["detail"]
    assert (await client.get(SIMULATIONS, "planner")).body["simulations"] == []


async def test_group_sizes_are_tried_only_where_groups_are_let_in(client: Client) -> None:
    question = {"kind": "search", "vary": {"group_size": [5, 10]}}
    refused = await ask(client, question, scenario=await one_day(client))
    assert refused.body["fields"][0]["field"] == "question.vary.group_size"
    assert (await ask(client, question)).status == 201


async def test_a_question_has_one_scenario_and_ends_in_time(client: Client) -> None:
    scenario = await one_day(client)
    beside = await ask(client, SEARCH, scenario=scenario, versus=scenario)
    assert beside.body["fields"][0]["field"] == "versus"
    days = [scenario["days"][0] | {"date": f"2026-03-{day:02d}"} for day in range(1, 31)]
    long = SEARCH | {"vary": {"hall_limit": list(range(10, 30))}, "replications": 500}
    answer = await ask(client, long, scenario=scenario | {"days": days})
    assert answer.body["fields"][0]["field"] == "question.replications"


async def test_what_is_told_of_a_question_without_end_makes_it_one_that_ends(
    client: Client,
) -> None:
    scenario = await one_day(client)
    days = [scenario["days"][0] | {"date": f"2026-03-{day:02d}"} for day in range(1, 31)]
    vary = {"hall_limit": list(range(10, 25)), "closes": ["17:00", "18:00"]}
    question = SEARCH | {"vary": vary, "screen": 20, "finalists": 10, "replications": 500}
    lowered = []
    while (answer := await ask(client, question, scenario=scenario | {"days": days})).status == 422:
        (fault,) = answer.body["fields"]
        lowered.append(fault["field"].removeprefix("question."))
        assert lowered.count(lowered[-1]) == 1
        question |= {lowered[-1]: int(fault["detail"].split()[-1])}
    assert (answer.status, lowered) == (201, ["candidates", "replications"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_an_answer_names_has_words(language: str) -> None:
    words = simulation_texts(language)
    assert {one.label for one in inputs(shipped_catalogue())} <= words.inputs.keys()
    assert FIGURES.keys() <= words.figures.keys()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_form_of_a_question_has_its_words_and_bounds(
    client: Client, language: str
) -> None:
    form = (await client.get("/v1/scenarios/schema", "planner", Accept_Language=language)).body
    fields = [*form["search"], *form["sensitivity"]]
    assert {"vary", "limits", "aim", "measure", "by"} <= {one["name"] for one in fields}
    aim = next(one for one in fields if one["name"] == "aim")
    assert {one["value"] for one in aim["choices"]} == {*FIGURES}
    while fields:
        one = fields.pop()
        assert one["label"] or not one["name"], one
        fields += one.get("fields", [])
