"""Every fault of a catalogue is told with its file, line, field and way out."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from schemas.catalogue import SHIPPED, CatalogueError, load_directory

SERVICES = """\
categories:
  - {code: identity, letter: P, name: {kk: Құжат, ru: Документ, en: Document}}
  - {code: social, letter: S, name: {kk: Жәрдемақы, ru: Пособие, en: Benefit}}
services:
  - code: passport
    letter: P
    category: identity
    name:
      kk: Паспорт беру қызметі
      ru: Выдача паспорта
      en: Passport
    channels: {portal: https://egov.kz}
    usual_minutes: 12
    in_person_only_march_2020: true
    source: {mark: R, note: published}
"""
BRANCHES = """\
branches:
  - code: uralsk-2
    name: {kk: Бөлім, ru: Отдел, en: Branch}
    country: kz
    region: zko
    city: uralsk
    time_zone: Asia/Oral
    address: {kk: Көше, ru: Улица, en: Street}
    weekly_hours:
      monday: {opens: 09:00, closes: 18:00}
      tuesday: {opens: 09:00, closes: 18:00}
      wednesday: {opens: 09:00, closes: 18:00}
      thursday: {opens: 09:00, closes: 18:00}
      friday: {opens: 09:00, closes: 18:00}
      saturday: closed
      sunday: closed
    special_days:
      - date: 2026-12-31
        hours: closed
        reason: {kk: Мереке күні, ru: Праздник, en: Holiday}
    rules: {hall_limit: 40, group_size: 10}
    counters:
      - {id: 1, skills: [P, passport]}
      - {id: 2, skills: ["*"]}
"""
REGIMES = """\
regimes:
  - id: groups
    name: {kk: Топтар, ru: Группы, en: Groups}
    scope: {region: zko}
    from: 2020-03-19
    until: 2020-04-15
    rules:
      group_admission: true
      accepted_reasons: [disability]
      release_by: clock
"""
HOLIDAY = """\
        reason: {kk: Мереке күні, ru: Праздник, en: Holiday}
    rules: {"""
TEXTS = {"services.yaml": SERVICES, "branches.yaml": BRANCHES, "regimes.yaml": REGIMES}

# file, text to replace, replacement, the problems expected
FAULTS = [
    ("regimes.yaml", "id: groups", "id: Groups",
     ("regimes.yaml:2: regimes[0].id: 'Groups' is not accepted, write a code in small Latin"
     " letters, digits and hyphens, such as uralsk-2")),
    ("services.yaml", "letter: S", "letter: P",
     "services.yaml:3: categories[1].letter: P is already on line 2, write another"),
    ("services.yaml", "code: social", "code: identity",
     "services.yaml:3: categories[1].code: identity is already on line 2, write another"),
    ("services.yaml", "category: identity", "category: identty",
     "services.yaml:7: services[0].category: no category identty, did you mean 'identity'?"),
    ("services.yaml", "    letter: P", "    letter: S",
     "services.yaml:6: services[0].letter: category identity has the letter P, write it here too"),
    ("services.yaml", "      kk: Паспорт беру қызметі\n", "",
     ("services.yaml:9: services[0].name.kk: is missing,"
     " write the text in Kazakh, 1 to 500 characters")),
    ("services.yaml", "ru: Выдача паспорта", "ru:",
     ("services.yaml:10: services[0].name.ru: '' is not accepted,"
     " write the text in Russian, 1 to 500 characters")),
    ("services.yaml", "ru: Выдача", "ru: Bыдача",
     ("services.yaml:10: services[0].name.ru: 'Bыдача' mixes alphabets,"
     " write it in Cyrillic letters only")),
    ("services.yaml", "en: Passport", "en: Рassport",
     ("services.yaml:11: services[0].name.en: 'Рassport' mixes alphabets,"
     " write it in Latin letters only")),
    ("services.yaml", "https://egov.kz", "egov.kz",
     ("services.yaml:12: services[0].channels.portal: 'egov.kz' is not accepted,"
     " write an address that begins with https://, such as https://egov.kz")),
    ("services.yaml", "minutes: 12", "minutes: .nan",
     ("services.yaml:13: services[0].usual_minutes: '.nan' is not accepted,"
     " write minutes, a whole number from 1 to 240")),
    ("services.yaml", "minutes: 12", "minutes: -5",
     ("services.yaml:13: services[0].usual_minutes: '-5' is not accepted,"
     " write minutes, a whole number from 1 to 240")),
    ("services.yaml", "minutes: 12", 'minutes: "12"',
     ("services.yaml:13: services[0].usual_minutes: '12' is not accepted,"
     " write minutes, a whole number from 1 to 240")),
    ("services.yaml", "2020: true", "2020: yes",
     ("services.yaml:14: services[0].in_person_only_march_2020: 'yes' is not accepted,"
     " write true or false")),
    ("services.yaml", "usual_minutes: 12", "usual_minuts: 12",
     ("services.yaml:5: services[0].usual_minutes: is missing,"
     " write minutes, a whole number from 1 to 240\n"
     "services.yaml:13: services[0].usual_minuts: is an unknown key,"
     " did you mean 'usual_minutes'?")),
    ("services.yaml", "    usual_minutes: 12\n", "    usual_minutes: 12\n    usual_minutes: 13\n",
     "services.yaml:14: services[0].usual_minutes: is written twice, keep one of the two"),
    ("services.yaml", "{mark: R, note: published}", "published",
     "services.yaml:15: services[0].source: is not accepted, write the keys mark, note"),
    ("services.yaml", "mark: R", "mark: B",
     "services.yaml:15: services[0].source.mark: 'B' is not accepted, write R or A"),
    ("services.yaml", "note: published", "note: !!int published",
     ("services.yaml:15: services[0].source.note: the tag tag:yaml.org,2002:int is not accepted,"
     " leave it out")),
    ("branches.yaml", "Asia/Oral", "localtime",
     ("branches.yaml:7: branches[0].time_zone: 'localtime' is no IANA time zone,"
      " write one like Asia/Oral")),
    ("branches.yaml", "country: kz", "country: kx",
     ("branches.yaml:4: branches[0].country: kx is no country with known holidays,"
      " write two letters such as kz")),
    ("branches.yaml", "Asia/Oral", "Asia/Uralsk",
     ("branches.yaml:7: branches[0].time_zone: 'Asia/Uralsk' is no IANA time zone,"
     " write one like Asia/Oral")),
    ("branches.yaml", "monday: {opens: 09:00", "monday: {opens: 19:00",
     ("branches.yaml:10: branches[0].weekly_hours.monday.closes:"
     " 18:00 is not after opening at 19:00, write a later time of the same day")),
    ("branches.yaml", "monday: {opens: 09:00", "monday: {opens: 9:00",
     ("branches.yaml:10: branches[0].weekly_hours.monday.opens: '9:00' is not accepted,"
     " write a time of day from 00:00 to 23:59, such as 09:00")),
    ("branches.yaml", "      sunday: closed\n", "",
     ("branches.yaml:10: branches[0].weekly_hours.sunday: is missing,"
     " write the keys opens, closes or closed")),
    ("regimes.yaml", "group_admission: true", "opens: {from: 09:00}",
     ("regimes.yaml:8: regimes[0].rules.opens: is not accepted,"
     " write a time of day from 00:00 to 23:59, such as 09:00")),
    ("branches.yaml", "saturday: closed", "saturday: shut",
     "branches.yaml:15: branches[0].weekly_hours.saturday: 'shut' is not accepted, write closed"),
    ("branches.yaml", "saturday: closed", "saturday: [closed]",
     "branches.yaml:15: branches[0].weekly_hours.saturday: is not accepted, write closed"),
    ("branches.yaml", "2026-12-31", "2026-02-30",
     ("branches.yaml:18: branches[0].special_days[0].date: '2026-02-30' is not accepted,"
     " write a date such as 2020-03-19")),
    ("branches.yaml", "    rules:", ("      - {date: 2026-12-31, hours: closed,"
     " reason: {kk: Мереке күні, ru: Праздник, en: Holiday}}\n    rules:"),
     ("branches.yaml:21: branches[0].special_days[1].date: 2026-12-31 is listed twice,"
     " keep one entry for a date")),
    ("branches.yaml", "hall_limit: 40", "hall_limit: 0",
     ("branches.yaml:21: branches[0].rules.hall_limit: '0' is not accepted,"
     " write people, a whole number from 1 to 1000")),
    ("branches.yaml", "[P, passport]", "[P, pasport]",
     ("branches.yaml:23: branches[0].counters[0].skills[1]: no service or category letter pasport,"
     " did you mean 'passport'?")),
    ("branches.yaml", "[P, passport]", "[]",
     "branches.yaml:23: branches[0].counters[0].skills: is empty, write one skill or more"),
    ("branches.yaml", "[P, passport]", "P",
     ("branches.yaml:23: branches[0].counters[0].skills: is not a list,"
     " write one skill or more after hyphens")),
    ("branches.yaml", "id: 2", "id: 1",
     ("branches.yaml:24: branches[0].counters[1].id: 1 is listed twice,"
     " give each counter its own id")),
    ("branches.yaml", "[P, passport]}\n      - {id: 2, skills: [\"*\"]}",
     "&all [P]}\n      - {id: 2, skills: *all}",
     ("branches.yaml:23: branches[0].counters[1].skills: an alias is not accepted,"
     " write the value out")),
    ("regimes.yaml", "{region: zko}", "{region: zkoo}",
     "regimes.yaml:4: regimes[0].scope.region: no branch has region zkoo, did you mean 'zko'?"),
    ("regimes.yaml", "{region: zko}", "{region: zko, city: uralsk}",
     ("regimes.yaml:4: regimes[0].scope: 2 places are named,"
     " write one country, region, city or branch")),
    ("regimes.yaml", "until: 2020-04-15", "until: 2020-03-15",
     "regimes.yaml:6: regimes[0].until: 2020-03-15 is before 2020-03-19, write a later date"),
    ("regimes.yaml", "    until: 2020-04-15", "    until_time: 17:00",
     "regimes.yaml:6: regimes[0].until_time: has no date, write until too"),
    ("regimes.yaml", "until: 2020-04-15",
     "until: 2020-03-19\n    from_time: 09:00\n    until_time: 08:00",
     "regimes.yaml:8: regimes[0].until_time: 08:00 is not after 09:00, write a later time"),
    ("regimes.yaml", "[disability]", "[age]",
     ("regimes.yaml:9: regimes[0].rules.accepted_reasons[0]: 'age' is not accepted,"
     " write no_device or no_digital_signature or disability")),
    ("regimes.yaml", "release_by: clock", "sanitation_every_minutes: 60\n      drain_minutes: 60",
     ("regimes.yaml:11: regimes[0].rules.drain_minutes: a drain of 60 min leaves none of the 60 min"
      " between two pauses to let people in, write fewer minutes than these")),
    ("branches.yaml", "hall_limit: 40", "sanitation_every_minutes: 60, drain_minutes: 240",
     ("branches.yaml:21: branches[0].rules.drain_minutes: a drain of 240 min leaves none of the"
      " 60 min between two pauses to let people in, write fewer minutes than these")),
    ("regimes.yaml", "release_by: clock", "closes: 23:30\n      overtime_minutes: 31",
     ("regimes.yaml:11: regimes[0].rules.overtime_minutes: an overtime of 31 min after closing at"
      " 23:30 goes beyond midnight, write 30 min at most or close earlier")),
    ("branches.yaml", f"hours: closed\n{HOLIDAY}hall_limit: 40",
     f"hours: {{opens: 09:00, closes: 22:00}}\n{HOLIDAY}overtime_minutes: 240",
     ("branches.yaml:21: branches[0].rules.overtime_minutes: an overtime of 240 min after"
      " closing at 22:00 goes beyond midnight, write 120 min at most or close earlier")),
    ("regimes.yaml", "release_by: clock", "colour: red",
     "regimes.yaml:10: regimes[0].rules.colour: is an unknown key, write one of "),
    ("regimes.yaml", "id: groups", "\tid: groups",
     "regimes.yaml:2: file: is not YAML ("),
    ("regimes.yaml", "id: groups", "id: gro\x07ups",
     "regimes.yaml:2: file: has the control character '\\x07', delete it"),
    ("regimes.yaml", REGIMES, "",
     "regimes.yaml:1: file: is empty, write its keys and what they say"),
    ("regimes.yaml", REGIMES, "regimes: " + "[" * 20_000,
     "regimes.yaml:1: file: is nested too deep, write it flat"),
    ("regimes.yaml", REGIMES, REGIMES + "---\n" + REGIMES, "regimes.yaml:11: file: is not YAML ("),
    ("regimes.yaml", REGIMES, "- groups", "regimes.yaml:1: file: is not accepted, write the keys "),
]  # fmt: skip


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def told(directory: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        load_directory(directory)
    return str(caught.value)


def test_the_texts_these_tests_spoil_are_sound(directory: Path) -> None:
    catalogue = load_directory(directory)
    assert catalogue.branches[0].counters[0].id == "1"
    assert catalogue.branches[0].weekly_hours.monday.closes == "18:00"  # type: ignore[union-attr]


@pytest.mark.parametrize(("file", "old", "new", "problems"), FAULTS)
def test_a_fault_is_told(directory: Path, file: str, old: str, new: str, problems: str) -> None:
    text = TEXTS[file]
    assert old in text
    (directory / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    lines = told(directory).splitlines()
    expected = problems.splitlines()
    assert len(lines) == len(expected), lines
    for line, beginning in zip(lines, expected, strict=True):
        assert line.startswith(beginning)


def test_a_long_list_of_what_is_known_is_cut_to_a_few_names(tmp_path: Path) -> None:
    directory = Path(shutil.copytree(SHIPPED, tmp_path / "catalogue"))
    text = (directory / "branches.yaml").read_text(encoding="utf-8")
    spoilt = text.replace("skills: [", "skills: [xqzzq, ", 1)
    assert spoilt != text
    (directory / "branches.yaml").write_text(spoilt, encoding="utf-8")
    line = told(directory)
    assert "no service or category letter xqzzq, write one that is known, such as " in line
    assert line.rpartition("such as ")[2].count(",") == 4


def test_an_empty_value_leaves_an_optional_field_out(directory: Path) -> None:
    text = REGIMES.replace("until: 2020-04-15", "until:").replace("release_by: clock", "closes: ~")
    (directory / "regimes.yaml").write_text(text, encoding="utf-8")
    regime = load_directory(directory).regimes[0]
    assert regime.until_date is None
    assert regime.rules.closes is None


def test_duplicate_services_are_told(directory: Path) -> None:
    item = SERVICES[SERVICES.index("  - code: passport") :]
    (directory / "services.yaml").write_text(SERVICES + item, encoding="utf-8")
    assert told(directory) == (
        "services.yaml:16: services[1].code: passport is already on line 5, write another"
    )


@pytest.mark.parametrize(
    ("file", "item", "line", "code"),
    [("branches.yaml", BRANCHES, 25, "uralsk-2"), ("regimes.yaml", REGIMES, 11, "groups")],
)
def test_duplicate_codes_are_told(
    directory: Path, file: str, item: str, line: int, code: str
) -> None:
    again = item.split("\n", 1)[1]
    (directory / file).write_text(item + again, encoding="utf-8")
    assert f"{file}:{line}: " in told(directory)
    assert f"{code} is already on line 2, write another" in told(directory)


def test_all_faults_of_all_files_are_told_at_once_in_order(directory: Path) -> None:
    spoilt = SERVICES.replace("minutes: 12", "minutes: 0").replace("egov.kz", "egov")
    (directory / "services.yaml").write_text(spoilt, encoding="utf-8")
    (directory / "branches.yaml").write_text(BRANCHES.replace("Oral", "Or"), encoding="utf-8")
    (directory / "regimes.yaml").write_text(REGIMES.replace("clock", "bell"), encoding="utf-8")
    places = [line.rsplit(": ", 2)[0].split(": ")[0] for line in told(directory).splitlines()]
    assert places == ["branches.yaml:7", "regimes.yaml:10", "services.yaml:12", "services.yaml:13"]


def test_a_faulty_service_is_still_known_to_counters(directory: Path) -> None:
    spoilt = SERVICES.replace("minutes: 12", "minutes: 0")
    (directory / "services.yaml").write_text(spoilt, encoding="utf-8")
    assert "branches.yaml" not in told(directory)


def test_text_that_is_not_utf8_is_told_with_its_line(directory: Path) -> None:
    (directory / "services.yaml").write_bytes(SERVICES.encode("cp1251", "replace"))
    assert told(directory) == ("services.yaml:2: file: is not UTF-8 text, save the file as UTF-8")


def test_a_missing_file_is_told_without_what_follows_from_it(directory: Path) -> None:
    (directory / "services.yaml").unlink()
    assert told(directory) == f"services.yaml:1: file: is missing, add it to {directory}"


def test_a_missing_directory_is_told(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert f"{nowhere}:1: directory: is no directory, write the path of one" in told(nowhere)


def test_a_stray_file_is_told(directory: Path) -> None:
    shutil.copy(SHIPPED / "regimes.yaml", directory / "regime.yml")
    assert told(directory) == (
        "regime.yml:1: file: is no file of a catalogue, did you mean 'regimes.yaml'?"
    )


def test_a_directory_in_place_of_a_file_is_told(directory: Path) -> None:
    (directory / "regimes.yaml").unlink()
    (directory / "regimes.yaml").mkdir()
    assert told(directory).startswith("regimes.yaml:1: file: cannot be read (")


def test_a_byte_order_mark_does_no_harm(directory: Path) -> None:
    (directory / "regimes.yaml").write_text(REGIMES, encoding="utf-8-sig")
    assert load_directory(directory).regimes[0].id == "groups"


@pytest.mark.parametrize(
    ("longest", "searches"),
    [(80, 1), (300, 2)],
    ids=["by the parser in C", "by the one in Python, which searches by itself too"],
)
def test_control_characters_are_looked_for_once(
    directory: Path, monkeypatch: pytest.MonkeyPatch, longest: int, searches: int
) -> None:
    searched: list[str] = []

    class Counting:
        @staticmethod
        def search(text: str) -> re.Match[str] | None:
            searched.append(text)
            return pattern.search(text)

    pattern = yaml.reader.Reader.NON_PRINTABLE
    monkeypatch.setattr(yaml.reader.Reader, "NON_PRINTABLE", Counting)
    text = f"{REGIMES}# {longest * 'x'}\n"
    (directory / "regimes.yaml").write_text(text, encoding="utf-8")
    assert load_directory(directory).regimes[0].id == "groups"
    assert len([one for one in searched if one.rstrip("\0") == text]) == searches
