"""Scenarios are read with their lines; whatever is wrong is said before anything runs."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from msgspec.structs import replace

from schemas.catalogue.document import LARGEST_FILE
from simulation.from_story import FOLDER, as_file, of_story
from simulation.live.scenario import ScenarioError, known_scenarios, load_scenario
from simulation.scenario_file import presets, read, scenario_of, shipped_catalogue

CATALOGUE = shipped_catalogue()
WEEK = str(resources.files("queue_service.scenarios") / "presets" / "ordinary-week.yaml")


def written(folder: Path, old: str, new: str) -> tuple[Path, int]:
    """The ordinary week with a change, and the line of it."""
    text = Path(WEEK).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} should stand in the scenario once"
    path = folder / "mine.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path, text.count("\n", 0, text.index(old)) + 1


@pytest.mark.parametrize("name", presets())
def test_every_shipped_scenario_is_sound(name: str) -> None:
    assert scenario_of(name, CATALOGUE).name == name


def test_a_published_story_is_a_scenario_with_the_same_visits() -> None:
    story, scenario = load_scenario("uralsk-2020-03"), scenario_of("uralsk-2020-03", CATALOGUE)
    told = [day.others.value + day.passports.value for day in story.days]
    assert [day.visits + sum(one.visits for one in day.on_top) for day in scenario.days] == told


@pytest.mark.parametrize(
    ("old", "new", "field", "sentence"),
    [
        ("visits: 520", "visits: -1", "days[0].visits", "from 0 to 20000"),
        ("visits: 520", "visits: .nan", "days[0].visits", "from 0 to 20000"),
        ("visits: 520", "visits: 10000000", "days[0].visits", "from 0 to 20000"),
        ("date: 2026-03-02", "date: 1066-10-14", "days[0].date", "from 2000-01-01 to 2099-12-31"),
        ("priorities:\n    - {priority: priority, share: 0.08}",
         "priorities: [{priority: priority, share: 0.5}, {priority: priority, share: 0.6}]",
         "visitors.priorities", "priority is written twice"),
        ("seed: 2026", f"seed: {'9' * 5000}", "seed", "a whole number"),
        ("no_show: 0.02", "no_show: 1.2", "visitors.no_show", "from 0 to 1"),
        ("can_go_online: 0.8", "can_go_online: most", "visitors.can_go_online", "from 0 to 1"),
        ("service: passport,", "service: pasport,", "mix.services[0].service", "'passport'"),
        ("2, 4, 6, 8", "2, 4, 6, 88", "staff.shifts[1].counters[3]", "no counter 88"),
        ("2026-03-03, visits: 470, profile: weekday", "2026-03-03, visits: 470, profile: x",
         "days[1].profile", "saturday, weekday"),
        ("branch: uralsk-2", "branch: uralsk-3", "branch", "uralsk-2"),
        ("seed: 2026", "seed: 2026\nrules: {opens: 18:00, closes: 09:00}", "rules.closes",
         "not after opening"),
        ("seed: 2026", "seed: 2026\nrules: {closes: 08:00}", "rules.closes",
         "no time between opening and closing on 2026-03-02"),
        ("seed: 2026", "seed: 2026\nrules: {counters_in_use: [77]}", "rules.counters_in_use[0]",
         "no counter 77"),
        ("visits: 520", "rules: {opens: 19:00}, visits: 520", "days[0].rules.opens",
         "no time between opening and closing on 2026-03-02"),
        ("visits: 520", "outages: [{at: 11:00, minutes: 60, counters: [99]}], visits: 520",
         "days[0].outages[0].counters", "99 is on no shift"),
        ("visits: 520",
         "surges: [{service: passport, at: 23:30, minutes: 45, visits: 9}], visits: 520",
         "days[0].surges[0].minutes", "go past midnight, write 30 at most"),
        ("spread: 0.4}", "spread: .nan}", "mix.services[0].time.spread", "from 0 to 5"),
        ("mean_minutes: 12,", "mean_minutes: -12,", "mix.services[0].time.mean_minutes", "above 0"),
        ("{law: lognormal, mean_minutes: 12, spread: 0.4}", "{law: empirical}",
         "mix.services[0].time.minutes", "write both or neither"),
        ("no_show: 0.02", "no_show: 0.02\n  second_service: 0.6\n  wrong_service: 0.6",
         "visitors.wrong_service", "write 0.4 or less"),
        ("patience_minutes: {least: 60, most: 300}", "patience_minutes: {least: 60, most: 30}",
         "visitors.patience_minutes.most", "30 is below least"),
        ("{at: 08:00, quarters: [0, 1, 3, 5]}", "{at: 08:00, quarters: [0, 1, 3]}",
         "profiles[0].hours[0].quarters", "has 3 weights, write four"),
        ("[1, 3, 5, 7, 9, 11, 13, 15]", "[1, 3, 5, 7, 9, 11, 13, 15]\n      skills: [pasport]",
         "staff.shifts[0].skills[0]", "no service or letter pasport"),
        ("{at: 12:00, minutes: 45}", "{at: 12:00, minutes: 45}\n        - {at: 12:44, minutes: 9}",
         "staff.shifts[0].breaks[1].at", "begins at 12:00 and lasts 45 min, write a later time"),
        ("{at: 12:00, minutes: 45}", "{at: 12:00, minutes: 45}\n        - {at: 11:00, minutes: 9}",
         "staff.shifts[0].breaks[1].at", "11:00 is not after 12:00"),
        ("breaks:\n        - {at: 12:00", "until: 12:00\n      breaks:\n        - {at: 12:00",
         "staff.shifts[0].breaks[0].at", "12:00 is not before the shift ends at 12:00"),
        ("breaks:\n        - {at: 12:00", "begins: 12:30\n      breaks:\n        - {at: 12:00",
         "staff.shifts[0].breaks[0].at", "12:00 is before the shift begins at 12:30"),
        ("date: 2026-03-03", "date: 2026-03-02", "days[1].date",
         "2026-03-02 is not after 2026-03-02, write each date once, the earliest first"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_its_field_and_what_to_write(
    tmp_path: Path, old: str, new: str, field: str, sentence: str
) -> None:
    path, line = written(tmp_path, old, new)
    with pytest.raises(ScenarioError) as caught:
        read(path, CATALOGUE)
    first = str(caught.value).splitlines()[0]
    line += new.count("\n")
    assert first.startswith(f"mine.yaml:{line}: {field}: ")
    assert sentence in first


def test_a_service_that_nobody_on_a_shift_can_give_is_refused(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "counters: [1, 3, 5, 7, 9, 11, 13, 15]", "counters: [1]")
    path.write_text(path.read_text().replace("[2, 4, 6, 8, 10, 12, 14, 16]", "[2]"))
    with pytest.raises(ScenarioError, match="nobody on a shift can give address-registration"):
        read(path, CATALOGUE)


@pytest.mark.parametrize(
    "unmanned",
    [
        "staff: {shifts: [{counters: [1], skills: ['*'], begins: 21:00}]}",
        "staff: {shifts: [{counters: [1], skills: ['*'], until: 08:00}]}",
        "rules: {counters_in_use: [5]}",
        "days: [{date: 2026-03-02, visits: 9, profile: weekday, rules: {counters_in_use: [5]}}]",
    ],
)
def test_who_is_not_there_while_the_branch_is_open_gives_no_service(
    tmp_path: Path, unmanned: str
) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(f"name: mine\nlike: ordinary-week\n{unmanned}\n")
    with pytest.raises(ScenarioError, match="nobody on a shift can give passport"):
        read(mine, CATALOGUE)


def test_whoever_works_on_some_day_of_several_gives_the_service(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    shifts = "[{counters: [1], skills: ['*'], begins: 14:00}]"
    mine.write_text(f"name: mine\nlike: ordinary-week\nstaff: {{shifts: {shifts}}}\n")
    assert len(read(mine, CATALOGUE).days) == 6, "closed by then on Saturday, open on Monday"


@pytest.mark.parametrize(("closes", "is_refused"), [("08:00", True), ("10:00", False)])
def test_a_regime_of_its_own_that_closes_before_the_opening_is_refused(
    tmp_path: Path, closes: str, is_refused: bool
) -> None:
    mine = tmp_path / "mine.yaml"
    names = "{kk: a, ru: a, en: a}"
    regime = f"id: early, name: {names}, scope: {{region: zko}}, from: 2026-03-05"
    mine.write_text(
        f"name: mine\nlike: ordinary-week\nregimes: [{{{regime}, rules: {{closes: '{closes}'}}}}]\n"
    )
    if not is_refused:
        assert read(mine, CATALOGUE).regimes
        return
    with pytest.raises(ScenarioError, match=r"no time .* on 2026-03-05") as caught:
        read(mine, CATALOGUE)
    assert str(caught.value).startswith("mine.yaml:3: regimes[0].rules.closes: ")


def test_too_many_visits_in_all_are_refused(tmp_path: Path) -> None:
    days = "\n".join(
        f"  - {{date: 2026-0{1 + day // 28}-{1 + day % 28:02d}, visits: 20000, profile: weekday}}"
        for day in range(60)
    )
    path, _ = written(tmp_path, "days:\n", f"days:\n{days}\n")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if "visits: 20000" in line or "date:" not in line)
    )
    with pytest.raises(ScenarioError, match="1200000 visits together"):
        read(path, CATALOGUE)


def test_an_unknown_name_brings_the_nearest_known_one() -> None:
    with pytest.raises(ScenarioError, match="Did you mean ordinary-week"):
        scenario_of("ordinary-wek", CATALOGUE)


def test_what_a_scenario_does_not_say_is_as_in_the_one_that_it_is_like(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nlike: ordinary-week\nvisitors: {no_show: 0.5}\n")
    week, read_mine = read(Path(WEEK), CATALOGUE), read(mine, CATALOGUE)
    assert read_mine.visitors.no_show == 0.5
    assert replace(read_mine.visitors, no_show=week.visitors.no_show) == week.visitors
    assert replace(read_mine, name=week.name, visitors=week.visitors) == week
    other = tmp_path / "other.yaml"
    other.write_text("name: other\nlike: mine.yaml\nseed: 7\n")
    assert read(other, CATALOGUE) == replace(read_mine, name="other", seed=7)


@pytest.mark.parametrize("like", ["ordinary-weak", "none.yaml"])
def test_a_scenario_that_is_like_none_is_refused(tmp_path: Path, like: str) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(f"name: mine\nlike: {like}\n")
    with pytest.raises(ScenarioError, match=r"\.yaml:[12]: (like: there is no|file: is missing)"):
        read(mine, CATALOGUE)


@pytest.mark.parametrize(("mine", "other"), [("mine", "mine"), ("other", "mine")])
def test_scenarios_like_one_another_are_a_circle(tmp_path: Path, mine: str, other: str) -> None:
    for name, like in (("mine", mine), ("other", other)):
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\nlike: {like}.yaml\n")
    with pytest.raises(ScenarioError, match=r"\.yaml:2: like: mine\.yaml is itself like this"):
        read(tmp_path / "mine.yaml", CATALOGUE)


def test_a_scenario_is_like_one_other_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("like: ordinary-week\nname: mine\nlike: half-staff\n")
    with pytest.raises(ScenarioError, match=r"mine\.yaml:3: like: is written twice"):
        read(tmp_path / "mine.yaml", CATALOGUE)


def test_a_fault_in_a_scenario_that_is_like_another_has_its_own_line(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nlike: ordinary-week\n\nvisitors:\n  no_show: 2\n  no_shaw: 1\n")
    with pytest.raises(ScenarioError) as caught:
        read(mine, CATALOGUE)
    assert "mine.yaml:5: visitors.no_show: '2'" in str(caught.value)
    assert "mine.yaml:6: visitors.no_shaw: is an unknown key" in str(caught.value)


def test_a_fault_in_what_another_file_says_has_the_place_in_that_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nlike: ordinary-week\nbranch: almaty-bostandyk-1\n")
    line = (
        Path(WEEK)
        .read_text("utf-8")
        .splitlines()
        .index("    - counters: [1, 3, 5, 7, 9, 11, 13, 15]")
    )
    with pytest.raises(ScenarioError) as caught:
        read(mine, CATALOGUE)
    first = str(caught.value).splitlines()[0]
    assert first.startswith(
        f"ordinary-week.yaml:{line + 1}: staff.shifts[0].counters[5]: no counter"
    )


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(Path(WEEK).read_text("utf-8") + "#" * LARGEST_FILE)
    with pytest.raises(ScenarioError, match=r"mine\.yaml:1: file: has more than"):
        read(mine, CATALOGUE)


ELSEWHERE = """
name: mine
like: ordinary-week
regimes:
  - id: elsewhere
    name: {kk: Сынақ, ru: Проба, en: Trial}
    scope: {city: astana}
    from: 2026-03-02
    rules: {hall_limit: 20}
special_days:
  - {date: 2026-03-03, hours: closed, reason: {kk: Сынақ, ru: Проба, en: Trial}}
"""


def test_a_regime_that_does_not_reach_the_branch_is_refused(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(ELSEWHERE)
    with pytest.raises(ScenarioError, match=r"mine.yaml:7: regimes\[0\].scope: is not over"):
        read(mine, CATALOGUE)
    mine.write_text(ELSEWHERE.replace("city: astana", "region: zko"))
    assert read(mine, CATALOGUE).regimes[0].id == "elsewhere"


def test_a_special_day_that_is_listed_twice_is_refused(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    day = ELSEWHERE.strip().splitlines()[-1]
    mine.write_text(f"{ELSEWHERE.replace('city: astana', 'region: zko')}{day}\n")
    with pytest.raises(ScenarioError, match=r"special_days\[1\].date: 2026-03-03 is written twice"):
        read(mine, CATALOGUE)


def test_the_file_of_a_story_is_what_the_story_tells() -> None:
    for name in known_scenarios():
        file = FOLDER / f"{name}.yaml"
        assert file.read_text("utf-8") == as_file(name), "run: python -m simulation.from_story"
        assert scenario_of(name, CATALOGUE) == of_story(load_scenario(name))
