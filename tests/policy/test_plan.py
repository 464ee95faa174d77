"""From a branch, regimes and manager's changes to the plan of a day, and why each value is so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import asdict

from queue_service.policy import plan as planning
from queue_service.policy.model import CounterPlan, DayPlan, Pause, ServicePlan
from queue_service.policy.plan import DEFAULTS, Layer, Loosened, Resolved
from schemas.branch import Branch, Counter, OpenHours, SpecialDay, WeeklyHours
from schemas.closures import CLOSURES
from schemas.fields import FieldsError, Texts
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope
from schemas.service import Channels, Service, Source

MINUTE = 60_000
THURSDAY = date(2020, 3, 19)
SATURDAY = date(2020, 3, 21)
SUNDAY = date(2020, 3, 22)
NOON = datetime(2020, 3, 19, 7, 0, tzinfo=UTC)
"""In Uralsk."""


def texts(text: str) -> Texts:
    return Texts(kk=text, ru=text, en=text)


def a_service(code: str, letter: str, minutes: int = 10, **channels: Any) -> Service:  # noqa: ANN401
    return Service(
        code=code,
        letter=letter,
        category="documents",
        name=texts(code),
        channels=Channels(**channels),
        usual_minutes=minutes,
        in_person_only_march_2020=True,
        source=Source(mark="A", note="a test"),
    )


SERVICES = (
    a_service("passport", "P"),
    a_service("identity", "P", 15),
    a_service("pension", "S", 20, portal="https://egov.kz"),
    a_service("hotline", "H", in_person=False, phone="1414"),
)
ORDINARY = OpenHours(opens="09:00", closes="18:00")
WEEK = WeeklyHours(
    monday=ORDINARY,
    tuesday=ORDINARY,
    wednesday=ORDINARY,
    thursday=ORDINARY,
    friday=ORDINARY,
    saturday=OpenHours(opens="09:00", closes="13:00"),
    sunday="closed",
)


def a_branch(**changes: Any) -> Branch:  # noqa: ANN401 - a test sets any field
    uralsk: dict[str, Any] = {
        "code": "uralsk-2",
        "name": texts("Uralsk No 2"),
        "country": "kz",
        "region": "zko",
        "city": "uralsk",
        "time_zone": "Asia/Oral",
        "address": texts("a street"),
        "weekly_hours": WEEK,
        "counters": (Counter(id="1", skills=("*",)),),
    }
    return Branch(**uralsk | changes)


def manager(at: int = 1, **values: Any) -> Layer:  # noqa: ANN401
    return Layer(kind="manager", values=PlanValues(**values), by="head", at=at, reason="needed")


def regime(name: str = "quarantine", **values: Any) -> Layer:  # noqa: ANN401
    return Layer(kind="regime", values=PlanValues(**values), id=name)


def planned(*layers: Layer, day: date = THURSDAY, holiday: str = "", **branch: Any) -> DayPlan:  # noqa: ANN401
    return planning.plan_day(a_branch(**branch), day, SERVICES, layers, holiday)[0]


def explained(*layers: Layer, **branch: Any) -> Resolved:  # noqa: ANN401
    return planning.plan_day(a_branch(**branch), THURSDAY, SERVICES, layers)[1]


def local(instant: int, hours: int = 5) -> str:
    """An epoch ms as a local time, at so many hours from UTC."""
    zone = timezone(timedelta(hours=hours))
    return datetime.fromtimestamp(instant / 1000, zone).strftime("%m-%d %H:%M")


# --- a plan out of nothing but a branch ----------------------------------------------------------


def test_an_ordinary_day() -> None:
    plan = planned()
    hours = (plan.opens_at, plan.closes_at, plan.last_admission_at, plan.tickets_from, plan.ends_at)
    assert [local(instant) for instant in hours] == [
        "03-19 09:00",
        "03-19 18:00",
        "03-19 18:00",
        "03-19 08:00",
        "03-19 19:00",
    ]
    assert (plan.branch, plan.date, plan.time_zone) == ("uralsk-2", "2020-03-19", "Asia/Oral")
    assert (plan.closed_reason, plan.regimes, plan.message, plan.pauses) == ("", (), {}, ())
    assert not plan.non_online_only
    assert not plan.group_admission
    assert not plan.release_by_clock
    assert not plan.exits_counted
    assert (plan.group_size, plan.hall_limit, plan.party_limit) == (10, 1000, 5)
    assert (plan.group_interval, plan.arrive_within) == (10 * MINUTE, 10 * MINUTE)
    assert (plan.drain, plan.cleaning, plan.confirm_within) == (
        15 * MINUTE,
        15 * MINUTE,
        10 * MINUTE,
    )
    assert plan.ageing == 60 * MINUTE


def test_only_what_is_had_in_person_is_a_service_of_the_plan() -> None:
    assert planned().services == (
        ServicePlan(code="passport", letter="P", online=False, service_time=10 * MINUTE),
        ServicePlan(code="identity", letter="P", online=False, service_time=15 * MINUTE),
        ServicePlan(code="pension", letter="S", online=True, service_time=20 * MINUTE),
    )


def test_skills_are_codes_letters_or_everything() -> None:
    counters = (
        Counter(id="1", skills=("*",)),
        Counter(id="2", skills=("P",)),
        Counter(id="3", skills=("pension", "identity")),
        Counter(id="4", skills=("H",)),
    )
    assert planned(counters=counters).counters == (
        CounterPlan(code="1", skills=("passport", "identity", "pension")),
        CounterPlan(code="2", skills=("passport", "identity")),
        CounterPlan(code="3", skills=("identity", "pension")),
        CounterPlan(code="4", skills=()),
    )


def test_every_value_reaches_the_plan() -> None:
    plan = planned(
        manager(
            non_online_only=True,
            accepted_reasons=("disability",),
            group_admission=True,
            release_by="clock",
            group_size=7,
            group_interval_minutes=12,
            arrive_within_minutes=8,
            hall_limit=25,
            party_limit=3,
            opens="10:00",
            closes="16:00",
            last_admission_minutes=20,
            tickets_before_opening_minutes=15,
            overtime_minutes=30,
            sanitation_minutes=11,
            drain_minutes=9,
            ageing_minutes=45,
            message=texts("Welcome"),
        )
    )
    assert plan.non_online_only
    assert plan.accepted_reasons == ("disability",)
    assert plan.group_admission
    assert plan.release_by_clock
    assert plan.exits_counted
    assert (plan.group_size, plan.hall_limit, plan.party_limit) == (7, 25, 3)
    assert (plan.group_interval, plan.arrive_within) == (12 * MINUTE, 8 * MINUTE)
    assert (local(plan.opens_at), local(plan.closes_at)) == ("03-19 10:00", "03-19 16:00")
    assert (local(plan.last_admission_at), local(plan.tickets_from)) == (
        "03-19 15:40",
        "03-19 09:45",
    )
    assert local(plan.ends_at) == "03-19 16:30"
    assert (plan.cleaning, plan.drain, plan.ageing) == (11 * MINUTE, 9 * MINUTE, 45 * MINUTE)
    assert plan.message == {"kk": "Welcome", "ru": "Welcome", "en": "Welcome"}


def test_without_ageing_no_wait_of_a_day_makes_up_for_a_class() -> None:
    assert planned(manager(ageing_minutes=0)).ageing == 7 * 24 * 60 * MINUTE


def test_the_last_admission_is_never_before_opening() -> None:
    plan = planned(manager(opens="10:00", closes="10:30", last_admission_minutes=60))
    assert plan.last_admission_at == plan.opens_at


# --- hours ---------------------------------------------------------------------------------------


def test_a_saturday_has_its_own_hours() -> None:
    plan = planned(day=SATURDAY)
    assert (local(plan.opens_at), local(plan.closes_at)) == ("03-21 09:00", "03-21 13:00")


def test_a_sunday_is_closed() -> None:
    plan = planned(day=SUNDAY)
    assert plan.closed_reason == "weekly_rest"
    assert plan.opens_at == plan.closes_at == plan.last_admission_at == plan.tickets_from
    assert local(plan.opens_at) == "03-22 00:00"


def test_a_public_holiday_is_closed_on_a_working_day() -> None:
    assert planned(holiday="Nauryz").closed_reason == "holiday"


def test_a_day_without_hours_says_why_in_each_language() -> None:
    by_week, by_regime = planned(day=SUNDAY), planned(regime(closes="09:00"))
    for plan in (by_week, by_regime, planned(holiday="Nauryz", special_days=())):
        assert plan.closed_text == asdict(CLOSURES[plan.closed_reason])
    assert by_week.closed_text["ru"] == "Выходной день"
    assert planned().closed_text == {}


SPECIAL = SpecialDay(
    date=THURSDAY, hours=OpenHours(opens="11:00", closes="15:00"), reason=texts("elections")
)


def test_a_branch_works_on_the_days_that_have_hours() -> None:
    branch = a_branch(special_days=(SPECIAL,))
    assert planning.opens_on(branch, SATURDAY)
    assert not planning.opens_on(branch, SUNDAY)
    assert not planning.opens_on(branch, SATURDAY, "Nauryz")
    assert planning.opens_on(branch, SPECIAL.date, "Nauryz")


def test_a_special_day_goes_before_a_holiday_and_the_week() -> None:
    plan = planned(holiday="Nauryz", special_days=(SPECIAL,))
    assert plan.closed_reason == ""
    assert (local(plan.opens_at), local(plan.closes_at)) == ("03-19 11:00", "03-19 15:00")
    hours, closed = planning.hours_of(a_branch(special_days=(SPECIAL,)), THURSDAY)
    assert (hours[0].kind, hours[0].name, closed) == ("special_day", texts("elections"), "")


def test_a_special_day_may_be_closed_and_is_only_that_day() -> None:
    shut = SpecialDay(date=THURSDAY, hours="closed", reason=texts("repairs"))
    plan = planned(special_days=(shut,))
    assert (plan.closed_reason, plan.closed_text["ru"]) == ("special_day", "repairs")
    assert planned(special_days=(shut,), day=SATURDAY).closed_reason == ""


def test_a_manager_may_open_on_a_day_of_rest_and_a_regime_may_not() -> None:
    assert planned(manager(opens="10:00", closes="12:00"), day=SUNDAY).closed_reason == ""
    assert planned(regime(opens="10:00", closes="12:00"), day=SUNDAY).closed_reason == "weekly_rest"
    for half in (manager(opens="10:00"), manager(closes="12:00")):
        assert planned(half, day=SUNDAY).closed_reason == "weekly_rest"


def test_a_regime_may_speak_where_nobody_did() -> None:
    assert planned(regime(message=texts("Stay at home"))).message["ru"] == "Stay at home"


def test_hours_that_leave_no_time_close_the_day() -> None:
    narrow, wide = manager(opens="14:00"), manager(opens="10:00")
    assert planned(regime(closes="13:00"), narrow).closed_reason == "manager"
    assert planned(regime(closes="09:00"), wide).closed_reason == "regime"
    assert planned(regime(closes="09:00")).closed_reason == "regime"
    assert planned(regime(closes="09:01")).closed_reason == ""
    assert planned(regime(opens="18:00")).closed_reason == "regime"


def test_no_overtime_goes_beyond_midnight() -> None:
    plan = planned(manager(closes="23:50", overtime_minutes=60))
    assert [local(at) for at in (plan.closes_at, plan.ends_at)] == ["03-19 23:50", "03-20 00:00"]


@pytest.mark.parametrize(
    ("day", "zone", "utc"),
    [
        (date(2024, 2, 29), "Asia/Almaty", "03:00"),
        (date(2024, 3, 1), "Asia/Almaty", "04:00"),
        (date(2024, 2, 29), "Asia/Qostanay", "03:00"),
        (date(2024, 3, 1), "Asia/Qostanay", "04:00"),
        (date(2020, 3, 19), "Asia/Oral", "04:00"),
        (date(2024, 3, 1), "Asia/Oral", "04:00"),
    ],
)
def test_nine_in_the_morning_where_offsets_change(day: date, zone: str, utc: str) -> None:
    plan = planned(day=day, time_zone=zone)
    assert local(plan.opens_at, hours=0)[-5:] == utc
    assert plan.closes_at - plan.opens_at == 9 * 60 * MINUTE


# --- pauses --------------------------------------------------------------------------------------


def test_pauses_follow_each_period_of_work() -> None:
    plan = planned(manager(sanitation_every_minutes=120, sanitation_minutes=15, drain_minutes=10))
    assert [local(pause.starts_at) for pause in plan.pauses] == [
        "03-19 11:00",
        "03-19 13:15",
        "03-19 15:30",
    ]
    first = plan.pauses[0]
    assert first == Pause(
        drain_at=first.starts_at - 10 * MINUTE,
        starts_at=first.starts_at,
        cleaning=15 * MINUTE,
    )


def test_no_pause_whose_cleaning_would_last_until_closing() -> None:
    until_closing = manager(
        opens="09:00", closes="11:15", sanitation_every_minutes=120, sanitation_minutes=15
    )
    assert planned(until_closing).pauses == ()
    a_minute_more = manager(at=2, closes="11:16")
    assert len(planned(until_closing, a_minute_more).pauses) == 1


# --- the order of layers -------------------------------------------------------------------------


def test_the_branch_goes_before_the_defaults_and_the_manager_before_the_branch() -> None:
    rules = PlanValues(group_size=6, party_limit=2)
    assert planned(rules=rules).group_size == 6
    plan = planned(manager(group_size=12), rules=rules)
    assert (plan.group_size, plan.party_limit) == (12, 2)


def test_the_newest_change_of_a_manager_holds() -> None:
    plan = planned(manager(group_size=3), manager(at=2, group_size=8))
    assert plan.group_size == 8


def test_a_regime_replaces_what_the_branch_says_be_it_tighter_or_looser() -> None:
    rules = PlanValues(group_size=6)
    assert planned(regime(group_size=10), rules=rules).group_size == 10
    assert planned(regime(group_size=2), rules=rules).group_size == 2


TIGHTER = [
    ("non_online_only", True, False),
    ("group_admission", True, False),
    ("group_size", 5, 9),
    ("group_interval_minutes", 20, 5),
    ("hall_limit", 30, 40),
    ("party_limit", 2, 3),
    ("opens", "10:00", "09:30"),
    ("closes", "16:00", "17:00"),
    ("last_admission_minutes", 30, 15),
    ("sanitation_every_minutes", 60, 120),
    ("sanitation_minutes", 20, 10),
    ("drain_minutes", 20, 10),
]


@pytest.mark.parametrize(("name", "tight", "loose"), TIGHTER)
def test_a_manager_tightens_a_regime_and_never_loosens_it(
    name: str,
    tight: Any,  # noqa: ANN401
    loose: Any,  # noqa: ANN401
) -> None:
    def merged(*layers: Layer) -> object:
        return getattr(explained(*layers).values, name)

    assert merged(regime(**{name: tight}), manager(**{name: loose})) == tight
    assert merged(regime(**{name: loose}), manager(**{name: tight})) == tight
    assert merged(regime(**{name: tight}), regime("another", **{name: loose})) == tight
    assert merged(regime(**{name: loose}), regime("another", **{name: tight})) == tight
    without_regime = merged(manager(**{name: tight}), manager(at=2, **{name: loose}))
    assert without_regime == loose


def test_never_cleaning_is_looser_than_any_period() -> None:
    for bound, stated, merged in ((60, 0, 60), (0, 240, 240), (0, 0, 0)):
        layers = (
            regime(sanitation_every_minutes=bound),
            manager(sanitation_every_minutes=stated),
        )
        assert explained(*layers).values.sanitation_every_minutes == merged


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("release_by", "clock", "attendant"),
        ("arrive_within_minutes", 5, 15),
        ("accepted_reasons", ("no_device",), ("disability",)),
        ("ageing_minutes", 10, 90),
        ("tickets_before_opening_minutes", 10, 90),
        ("overtime_minutes", 10, 90),
    ],
)
def test_what_has_no_direction_is_replaced(name: str, one: Any, other: Any) -> None:  # noqa: ANN401
    for first, second in ((one, other), (other, one)):
        resolved = explained(regime(**{name: first}), manager(**{name: second}))
        assert getattr(resolved.values, name) == second
        assert resolved.sources[name][-1].effect == "sets"


def test_a_manager_tightens_twice_within_the_regime() -> None:
    plan = planned(regime(group_size=10), manager(group_size=4), manager(at=2, group_size=8))
    assert plan.group_size == 8
    plan = planned(regime(group_size=10), manager(group_size=4), manager(at=2, group_size=12))
    assert plan.group_size == 10


@pytest.mark.parametrize(
    ("values", "name", "kept"),
    [
        ({"hall_limit": 60}, "hall_limit", 40),
        ({"opens": "08:00"}, "opens", "09:00"),
        ({"closes": "20:00"}, "closes", "18:00"),
    ],
)
def test_no_regime_stretches_the_place(values: dict[str, Any], name: str, kept: object) -> None:
    resolved = explained(regime(**values), rules=PlanValues(hall_limit=40))
    assert getattr(resolved.values, name) == kept
    assert resolved.sources[name][-1].effect == "yields"


def test_a_manager_may_stretch_what_no_regime_bounds() -> None:
    plan = planned(manager(closes="20:00", hall_limit=60), rules=PlanValues(hall_limit=40))
    assert (local(plan.closes_at), plan.hall_limit) == ("03-19 20:00", 60)


# --- the explanation -----------------------------------------------------------------------------


def test_each_value_names_everybody_who_spoke_and_what_it_did() -> None:
    layers = (regime(group_size=10), manager(group_size=6), manager(at=2, group_size=12))
    chain = explained(*layers, rules=PlanValues(group_size=8)).sources["group_size"]
    assert [(one.layer.kind, one.stated, one.effect) for one in chain] == [
        ("default", 10, "sets"),
        ("branch", 8, "sets"),
        ("regime", 10, "sets"),
        ("manager", 6, "narrows"),
        ("manager", 12, "yields"),
    ]
    assert chain[1].layer.id == "uralsk-2"
    assert (chain[2].layer.id, chain[3].layer.by, chain[3].layer.reason) == (
        "quarantine",
        "head",
        "needed",
    )


def test_who_says_what_holds_already_sets_it() -> None:
    chain = explained(regime(group_size=6), manager(group_size=6)).sources["group_size"]
    assert chain[-1].effect == "sets"


def test_hours_are_explained_by_the_week() -> None:
    chain = explained().sources["opens"]
    assert [(one.layer.kind, one.stated) for one in chain] == [("week", "09:00")]


def test_what_nobody_says_has_no_explanation() -> None:
    sources = explained().sources
    assert "message" not in sources
    assert set(sources) == {name for name in DEFAULTS.__struct_fields__ if name != "message"}


def test_the_regimes_in_force_are_named() -> None:
    assert planned(regime("one"), manager(), regime("two")).regimes == ("one", "two")


def test_a_plan_carries_the_names_that_people_read() -> None:
    quarantine = Layer(kind="regime", values=PlanValues(), id="q", name=texts("Quarantine"))
    plan = planned(quarantine)
    assert plan.regime_names == (asdict(texts("Quarantine")),)
    assert plan.branch_name == asdict(texts("Uralsk No 2"))


def test_what_a_manager_may_not_loosen_is_named_with_its_regime() -> None:
    layers = (regime(group_size=10, closes="17:00"), manager(group_size=3))
    values = PlanValues(group_size=12, closes="18:00", party_limit=20, release_by="clock")
    assert planning.loosened(layers, values) == (
        Loosened(field="group_size", bound=10, regime=layers[0]),
        Loosened(field="closes", bound="17:00", regime=layers[0]),
    )
    assert planning.loosened(layers, PlanValues(group_size=10, closes="16:00")) == ()


def test_what_has_no_direction_is_never_loosened() -> None:
    bound = regime(release_by="attendant", arrive_within_minutes=5)
    looser = PlanValues(release_by="clock", arrive_within_minutes=9)
    assert planning.loosened((bound,), looser) == ()


# --- regimes over places and times ---------------------------------------------------------------


def a_regime(name: str, scope: Scope, **changes: Any) -> Regime:  # noqa: ANN401
    fields: dict[str, Any] = {
        "id": name,
        "name": texts(name),
        "scope": scope,
        "from_date": date(2020, 3, 16),
        "rules": PlanValues(group_size=len(name)),
    }
    return Regime(**fields | changes)


def in_force(regimes: list[Regime], day: date = THURSDAY, time: str = "00:00") -> list[str]:
    return [layer.id for layer in planning.regime_layers(regimes, a_branch(), day, time)]


def test_regimes_go_from_the_widest_scope_to_the_narrowest_then_by_their_beginning() -> None:
    regimes = [
        a_regime("branch", Scope(branch="uralsk-2")),
        a_regime("city", Scope(city="uralsk")),
        a_regime("late", Scope(region="zko"), from_date=date(2020, 3, 18)),
        a_regime("region", Scope(region="zko"), from_date=date(2020, 3, 17)),
        a_regime("later", Scope(region="zko"), from_date=date(2020, 3, 18), from_time="09:00"),
        a_regime("country", Scope(country="kz")),
    ]
    expected = ["country", "region", "late", "later", "city", "branch"]
    assert in_force(regimes) == expected
    layer = planning.regime_layers(regimes, a_branch(), THURSDAY)[0]
    assert (layer.kind, layer.values) == ("regime", PlanValues(group_size=7))


def test_regimes_of_one_scope_and_one_beginning_keep_their_order() -> None:
    names = ["second", "first"]
    assert in_force([a_regime(name, Scope(country="kz")) for name in names]) == names


def test_regimes_of_other_places_do_not_hold_here() -> None:
    others = [
        a_regime("a", Scope(country="kg")),
        a_regime("b", Scope(region="akt")),
        a_regime("c", Scope(city="almaty")),
        a_regime("d", Scope(branch="uralsk-1")),
        a_regime("e", Scope(city="zko")),
    ]
    assert in_force(others) == []


def test_a_regime_holds_from_its_first_instant_to_its_last() -> None:
    one = a_regime(
        "one",
        Scope(country="kz"),
        from_date=THURSDAY,
        from_time="12:00",
        until_date=SATURDAY,
        until_time="10:00",
    )
    assert in_force([one], THURSDAY, "11:59") == []
    assert in_force([one], THURSDAY, "12:00") == ["one"]
    assert in_force([one], SATURDAY, "09:59") == ["one"]
    assert in_force([one], SATURDAY, "10:00") == []


def test_a_branch_without_a_city_regime_still_has_the_plan_of_march() -> None:
    """The example of the documents: 'group size 6: quarantine, narrowed by the manager'."""
    quarantine = a_regime(
        "zko", Scope(region="zko"), rules=PlanValues(group_admission=True, group_size=10)
    )
    layers = (
        *planning.regime_layers([quarantine], a_branch(), THURSDAY),
        Layer(
            kind="manager",
            values=PlanValues(group_size=6),
            by="head",
            at=int(NOON.timestamp()) * 1000,
            reason="narrow corridor",
        ),
    )
    plan, resolved = planning.plan_day(a_branch(), THURSDAY, SERVICES, layers)
    assert (plan.group_size, plan.group_admission, plan.regimes) == (6, True, ("zko",))
    last = resolved.sources["group_size"][-1]
    assert (last.effect, last.layer.reason) == ("narrows", "narrow corridor")


# --- counters in use -----------------------------------------------------------------------------


def counters(plan: DayPlan) -> list[str]:
    return [counter.code for counter in plan.counters]


TWO = (Counter(id="1", skills=("*",)), Counter(id="2", skills=("*",)))


def test_every_counter_is_in_use_unless_a_layer_says_which() -> None:
    assert counters(planned(counters=TWO)) == ["1", "2"]
    assert explained(counters=TWO).values.counters_in_use == ("1", "2")
    assert counters(planned(manager(counters_in_use=("2",)), counters=TWO)) == ["2"]
    rules = PlanValues(counters_in_use=("1",))
    assert counters(planned(counters=TWO, rules=rules)) == ["1"]


def test_a_wider_regime_names_the_counters_that_the_branch_has() -> None:
    assert counters(planned(regime(counters_in_use=("none", "2")), counters=TWO)) == ["2"]
    assert counters(planned(regime(counters_in_use=("none",)), counters=TWO)) == ["1", "2"]


def test_a_branch_cannot_use_a_counter_that_it_has_not() -> None:
    with pytest.raises(FieldsError, match=r"rules.counters_in_use.0: 9 is no counter"):
        a_branch(counters=TWO, rules=PlanValues(counters_in_use=("9",)))
