"""Reports over HTTP: the branch now, figures of a day and a period, logs, files."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from queue_service.access.identity import ROLES
from queue_service.http.languages import LANGUAGES
from queue_service.http.report_texts import actor_text, number_text, report_texts
from queue_service.policy.model import DayPlan
from schemas.plan_values import PlanValues
from tests.contract.http_client import FRIDAY, HERE, THURSDAY, local

if TYPE_CHECKING:
    from tests.contract.http_client import Answer, Client

PLAN = f"{HERE}/plan"
MARK = b"\xef\xbb\xbf"


async def change(client: Client, **values: object) -> Answer:
    body = {"reason": "narrow corridor"} | values
    return await client.ask("PATCH", PLAN, body, "manager", If_Match="*")


async def serve(client: Client, day: int, arrives: str, called: str, leaves: str) -> None:
    """Somebody comes for a passport on a day without groups and is served at counter 1."""
    client.clock(local(day, arrives))
    ticket = await client.take()
    await client.counter("1", "open")
    client.clock(local(day, called))
    await client.counter("1", "call-next")
    await client.act(ticket, "start")
    client.clock(local(day, leaves))
    await client.act(ticket, "finish")


async def get(client: Client, path: str, language: str = "en") -> dict[str, Any]:
    answer = await client.get(f"{HERE}/{path}", "manager", Accept_Language=language)
    assert answer.status == 200, answer.raw
    found: dict[str, Any] = answer.body
    return found


# --- figures -------------------------------------------------------------------------------------


async def test_a_day_in_lines(client: Client) -> None:
    await serve(client, 16, "10:00", "10:06", "10:20")
    found = await get(client, "figures")
    assert (found["from"], found["until"], found["days"]) == ("2020-03-16", "2020-03-16", 1)
    assert found["total"]["total"] == {"count": 1, "mean": 6.0, "median": 6.0, "p90": 6.0}
    (service,) = found["by_service"]
    assert (service["key"], service["arrivals"], service["served"]) == ("passport", 1, 1)
    (counter,) = found["by_counter"]
    assert (counter["name"], counter["given"], counter["service"]["mean"]) == ("Counter 1", 1, 14.0)
    assert [(hour["key"], hour["arrivals"]) for hour in found["by_hour"]] == [("10", 1)]


async def test_refusals_to_online_are_counted_by_service(client: Client) -> None:
    client.clock(FRIDAY)
    services = (await client.get("/v1/services")).body["services"]
    online = next(one for one in services if one["online"] and one["in_person"])
    await client.post(f"{HERE}/tickets", {"service": online["code"], "party_size": 2}, "kiosk")
    found = await get(client, "figures")
    (line,) = found["by_service"]
    assert (line["name"], line["refused_online"], line["people"]) == (online["name"]["en"], 1, 2)


async def test_a_period_adds_its_days_and_leaves_out_the_empty_ones(client: Client) -> None:
    await serve(client, 16, "10:00", "10:10", "10:20")
    await serve(client, 18, "10:00", "10:20", "10:30")
    found = await get(client, "figures?from=2020-03-16&until=2020-03-18")
    assert (found["days"], found["total"]["arrivals"]) == (2, 2)
    assert found["total"]["total"]["mean"] == 15.0
    assert [day["key"] for day in found["by_day"]] == ["2020-03-16", "2020-03-18"]
    again = await get(client, "figures?from=2020-03-16&until=2020-03-18")
    assert again == found


@pytest.mark.parametrize("language", LANGUAGES)
async def test_lines_are_named_in_the_asked_language(client: Client, language: str) -> None:
    await serve(client, 16, "10:00", "10:06", "10:20")
    found = await get(client, "figures", language)
    assert found["by_counter"][0]["name"] == report_texts(language).counter.format(id="1")
    services = (await client.get("/v1/services")).body["services"]
    passport = next(one for one in services if one["code"] == "passport")
    assert found["by_service"][0]["name"] == passport["name"][language]


async def test_figures_are_written_as_the_reader_writes_them(client: Client) -> None:
    await serve(client, 16, "10:00", "10:07", "10:20")
    await serve(client, 16, "11:00", "11:10", "11:20")
    for language, mean in (("kk", "8,5"), ("ru", "8,5"), ("en", "8.5")):
        worded = (await get(client, "figures", language))["total"]["worded"]
        assert (worded["arrivals"], worded["total_mean"]) == ("2", mean)
    client.clock(local(23, "10:00"))
    (ten, *_) = (await get(client, "usual-day", "ru"))["hours"]
    assert (ten["wait"], ten["worded"]["wait"]) == (7.0, "7")


def test_large_numbers_are_grouped_and_no_number_is_no_text() -> None:
    assert [number_text(12345.67, language) for language in ("en", "ru")] == [
        "12,345.7",
        "12\N{NO-BREAK SPACE}345,7",
    ]
    assert number_text(None, "kk") == ""


@pytest.mark.parametrize("role", ROLES)
def test_an_actor_has_the_role_in_words(role: str) -> None:
    for language in LANGUAGES:
        said = report_texts(language).actors[role]
        assert actor_text(f"{role}:hall-1", language) == f"{said} hall-1"
    assert actor_text("service", "ru") == "Система"


async def test_files_name_actors_as_the_page_does(client: Client) -> None:
    client.clock(THURSDAY)
    await client.take()
    await client.post(f"{HERE}/sanitation/start", {}, "attendant")
    client.clock(local(19, "10:21"))
    await client.post(f"{HERE}/sanitation/confirm", {}, "attendant")
    for language in LANGUAGES:
        page = (await get(client, "audit", language))["lines"]
        answer = await client.get(f"{HERE}/audit.csv", "manager", Accept_Language=language)
        assert [row[2] for row in rows(answer)[1:]] == [line["who"] for line in page]
        (line,) = (await get(client, "sanitation-log", language))["lines"]
        answer = await client.get(f"{HERE}/sanitation-log.csv", "manager", Accept_Language=language)
        row = rows(answer)[1]
        assert (row[2], row[5]) == (line["begun_who"], line["confirmed_who"])
        assert line["begun_who"].startswith(report_texts(language).actors["attendant"])
        assert line["lasted"] == report_texts(language).minutes.format(n=21)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"),
        ("until=2020-13-01", "until"),
        ("from=2020-03-16&until=2020-03-15", "until"),
        ("from=2020-01-01&until=2020-12-31", "until"),
    ],
)
async def test_a_period_that_is_none_is_refused(client: Client, query: str, field: str) -> None:
    answer = await client.get(f"{HERE}/figures?{query}", "manager")
    assert (answer.status, answer.body["field"]) == (400, field)


async def test_a_usual_day_is_the_mean_of_the_same_weekday(client: Client) -> None:
    for day in (3, 10):
        await serve(client, day, "10:00", "10:10", "10:20")
    await serve(client, 11, "10:00", "10:40", "10:50")
    client.clock(local(17, "10:00"))
    found = await get(client, "usual-day")
    assert (found["days"], found["weeks"]) == (2, 8)
    (hour,) = found["hours"]
    assert (hour["hour"], hour["arrivals"], hour["served"], hour["wait"]) == ("10", 1.0, 1.0, 10.0)
    assert (await get(client, "usual-day?date=2020-03-20"))["days"] == 0


async def test_figures_of_today_go_on_from_where_they_were(client: Client) -> None:
    await serve(client, 16, "10:00", "10:06", "10:20")
    assert (await get(client, "figures"))["total"]["served"] == 1
    ticket = await client.take()
    assert (await get(client, "figures"))["total"]["arrivals"] == 2
    await client.counter("1", "call-next")
    await client.act(ticket, "no-show")
    total = (await get(client, "figures"))["total"]
    assert (total["arrivals"], total["served"], total["no_shows"]) == (2, 1, 1)


# --- the branch now ------------------------------------------------------------------------------


async def test_people_on_their_way_in_count_against_the_limit_and_are_named(client: Client) -> None:
    client.clock(THURSDAY)
    await client.take(party_size=3)
    await client.release()
    body = {"hall_limit": 2, "reason": "r"}
    changed = await client.ask("PATCH", PLAN, body, "manager", If_Match="*")
    assert changed.status == 200, changed.raw
    found = await get(client, "overview")
    assert found["alarms"][0]["text"] == (
        "People inside and on their way in are above the limit of the hall by 1"
    )


async def test_the_branch_now(client: Client) -> None:
    await client.take()
    await client.take()
    found = await get(client, "overview")
    assert [one["kind"] for one in found["alarms"]] == ["no_counter_open"]
    assert "2" in found["alarms"][0]["text"]
    await client.counter("1", "open")
    client.clock(local(16, "10:09"))
    await client.counter("1", "call-next")
    found = await get(client, "overview")
    assert (found["alarms"], found["waiting_inside"], found["longest_inside"]) == ([], 1, 9.0)
    first = found["counters"][0]
    assert (first["counter"], first["state"], first["number"]) == ("1", "called", "P-001")
    assert first["since"] == "2020-03-16T10:09:00+05:00"
    assert found["total"]["arrivals"] == 2


async def test_the_pauses_of_the_day(client: Client) -> None:
    client.clock(THURSDAY)
    found = await get(client, "overview")
    states = [one["state"] for one in found["pauses"]]
    assert states[0] == "next"
    assert set(states[1:]) == {"later"}


async def test_pauses_of_a_plan_begin_after_it_came_into_force(client: Client) -> None:
    client.clock(local(16, "10:22"))
    await change(client, sanitation_every_minutes=60, reason="a narrow corridor")
    expected = ["11:15", "12:30", "13:45", "15:00", "16:15", "17:30"]
    now = await get(client, "overview")
    assert [one["starts_at"][11:16] for one in now["pauses"]] == expected
    plan = await get(client, "plan")
    assert [one["starts_at"][11:16] for one in plan["pauses"]] == expected
    assert (await get(client, "sanitation-log"))["lines"] == []
    text = (await get(client, "audit"))["lines"][-1]["text"]
    (difference,) = (await get(client, "plan/versions"))["versions"][-1]["differences"]
    for said in (text, difference["text"]):
        assert ", ".join(expected) in said
        assert "10:00" not in said


async def test_a_pause_that_was_held_is_told_as_the_log_has_it(client: Client) -> None:
    client.clock(THURSDAY)
    await client.take()
    await client.post(f"{HERE}/sanitation/start", {}, "attendant")
    client.clock(local(19, "10:20"))
    await client.post(f"{HERE}/sanitation/confirm", {}, "attendant")
    held = (await get(client, "overview"))["pauses"][0]
    logged = (await get(client, "sanitation-log"))["lines"][0]
    assert (held["state"], held["starts_at"]) == ("past", logged["cleaned_from"])


# --- logs ----------------------------------------------------------------------------------------


async def test_the_audit_says_who_changed_what_and_why(client: Client) -> None:
    client.clock(THURSDAY)
    await client.take()
    await change(client, group_size=6, reason="a narrow corridor")
    await client.ask(
        "POST", f"{PLAN}/revert", {"version": 1, "reason": "too slow"}, "manager", If_Match="*"
    )
    await client.post(f"{HERE}/hall/recount", {"occupancy": 3, "reason": "seen"}, "attendant")
    lines = (await get(client, "audit"))["lines"]
    assert [line["kind"] for line in lines] == [
        "plan_opened",
        "plan_changed",
        "plan_reverted",
        "hall_recounted",
    ]
    changed, reverted, recounted = lines[1:]
    assert (changed["by"], changed["reason"]) == ("manager:test", "a narrow corridor")
    assert changed["text"] == "People in a group: 10 → 6"
    assert (reverted["text"], reverted["reason"]) == ("People in a group: 6 → 10", "too slow")
    assert (recounted["by"], recounted["text"]) == ("attendant:test", "people: 0 → 3")


async def test_the_sanitation_log_says_who_cleaned_when_and_how_long(client: Client) -> None:
    client.clock(THURSDAY)
    await client.take()
    client.clock(local(19, "11:05"))
    await client.post(f"{HERE}/sanitation/start", None, "attendant")
    client.clock(local(19, "11:40"))
    await client.post(f"{HERE}/sanitation/confirm", None, "attendant")
    (line,) = (await get(client, "sanitation-log"))["lines"]
    assert line["confirmed_by"] == "attendant:test"
    assert line["confirmed_at"] == "2020-03-19T11:40:00+05:00"
    assert line["confirmation_overdue"] is True
    assert line["text"] == "confirmed too late"


async def test_a_sanitation_that_nobody_confirmed_stays_so(client: Client) -> None:
    await client.take()
    await client.post(f"{HERE}/sanitation/start", None, "attendant")
    await client.counter("1", "open")
    (line,) = (await get(client, "sanitation-log"))["lines"]
    assert line["text"] == "under way"
    client.clock(local(17, "10:00"))
    (line,) = (await get(client, "sanitation-log?from=2020-03-16"))["lines"]
    assert line["text"].endswith("not confirmed")


# --- files ---------------------------------------------------------------------------------------


def rows(answer: Answer) -> list[list[str]]:
    assert answer.raw.startswith(MARK)
    return list(csv.reader(io.StringIO(answer.raw.removeprefix(MARK).decode())))


async def test_csv_is_what_spreadsheets_open_and_no_formula(client: Client) -> None:
    client.clock(THURSDAY)
    await client.take()
    await change(client, group_size=6, reason='=HYPERLINK("https://x.example")')
    answer = await client.get(f"{HERE}/audit.csv", "manager", Accept_Language="ru")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = "uralsk-2-audit-2020-03-19-2020-03-19.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    head, *lines = rows(answer)
    assert head[:3] == ["Дата", "Время", "Кто"]
    assert lines[1][-1] == '\'=HYPERLINK("https://x.example")'


async def test_xlsx_has_a_sheet_for_each_table_and_no_formula(client: Client) -> None:
    await serve(client, 16, "10:00", "10:06", "10:20")
    await change(client, hall_limit=20, reason="=1+1")
    answer = await client.get(f"{HERE}/figures.xlsx", "manager", Accept_Language="kk")
    book = load_workbook(io.BytesIO(answer.raw))
    assert book.sheetnames == [
        report_texts("kk").sheets[name]
        for name in ("total", "by_service", "by_counter", "by_hour", "by_day")
    ]
    figures = book[report_texts("kk").sheets["total"]]
    assert (figures["B1"].value, figures["B2"].value) == ("Келгені", 1)
    audit = await client.get(f"{HERE}/audit.xlsx", "manager")
    sheet = load_workbook(io.BytesIO(audit.raw)).worksheets[0]
    reason = next(row[-1] for row in sheet.iter_rows() if row[-1].value == "=1+1")
    assert reason.data_type == "s"


@pytest.mark.parametrize("end", ["csv", "xlsx"])
async def test_control_characters_of_a_reason_spoil_no_file(client: Client, end: str) -> None:
    await client.take()
    await change(client, group_size=6, reason="a\u0007bell")
    answer = await client.get(f"{HERE}/audit.{end}", "manager")
    assert answer.status == 200
    if end == "csv":
        assert rows(answer)[-1][-1] == "a bell"
    else:
        sheet = load_workbook(io.BytesIO(answer.raw)).worksheets[0]
        assert [*sheet.values][-1][-1] == "a bell"


async def test_the_sanitation_log_is_a_file_too(client: Client) -> None:
    await client.take()
    for end in ("csv", "xlsx"):
        answer = await client.get(f"{HERE}/sanitation-log.{end}", "manager")
        assert answer.status == 200
    assert len(rows(await client.get(f"{HERE}/sanitation-log.csv", "manager"))) == 1


# --- texts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_of_a_plan_has_a_name_in_each_language(language: str) -> None:
    found, english = report_texts(language), report_texts("en")
    unnamed = {"branch", "branch_name", "date", "time_zone", "closed_reason", "regime_names"}
    unnamed |= {"out_of_use"}  # What the counters in use tell already.
    assert set(PlanValues.__struct_fields__) <= set(found.labels)
    assert set(DayPlan.__struct_fields__) - unnamed <= set(found.labels)
    for name in ("labels", "kinds", "deeds", "alarms", "sanitation", "columns", "sheets"):
        assert set(getattr(found, name)) == set(getattr(english, name)), name
