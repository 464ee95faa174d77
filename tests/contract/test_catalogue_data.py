"""The catalogue that the product ships."""

import re
from urllib.parse import urlsplit

import msgspec
import pytest

from schemas.catalogue import SHIPPED, Catalogue, load_directory
from schemas.catalogue.json_schema import FOLDER, texts
from schemas.fields import Texts
from schemas.scripts import cyrillic_words, mixed_words

KAZAKH_LETTERS = re.compile("[әғқңөұүһі]", re.IGNORECASE)
CYRILLIC_LETTERS = re.compile("[а-яё]", re.IGNORECASE)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_directory(SHIPPED)


def all_texts(value: object) -> list[Texts]:
    if isinstance(value, Texts):
        return [value]
    if isinstance(value, msgspec.Struct):
        return [text for part in msgspec.structs.astuple(value) for text in all_texts(part)]
    if isinstance(value, tuple):
        return [text for part in value for text in all_texts(part)]
    return []


def test_ships_about_sixty_services_and_three_branches(catalogue: Catalogue) -> None:
    assert 55 <= len(catalogue.services) <= 75
    assert [branch.code for branch in catalogue.branches] == [
        "uralsk-2",
        "astana-esil-1",
        "almaty-bostandyk-1",
    ]


def test_passports_cards_pensions_and_benefits_were_in_person_as_published(
    catalogue: Catalogue,
) -> None:
    published = {service.code for service in catalogue.services if service.source.mark == "R"}
    assert {"passport", "identity-card", "old-age-pension", "large-family-benefit"} <= published
    assert all(
        service.in_person_only_march_2020
        for service in catalogue.services
        if service.code in published
    )


def test_a_service_in_person_only_in_march_2020_has_no_online_channel(
    catalogue: Catalogue,
) -> None:
    for service in catalogue.services:
        assert service.online is not service.in_person_only_march_2020, service.code


def test_every_service_has_a_counter_in_every_branch(catalogue: Catalogue) -> None:
    for branch in catalogue.branches:
        skills = {skill for counter in branch.counters for skill in counter.skills}
        for service in catalogue.services:
            assert skills & {service.code, service.letter, "*"}, (branch.code, service.code)


def test_uralsk_has_sixteen_counters_and_its_own_time(catalogue: Catalogue) -> None:
    uralsk = catalogue.branches[0]
    assert len(uralsk.counters) == 16
    assert uralsk.time_zone == "Asia/Oral"
    assert uralsk.weekly_hours.on(6) == "closed"


def test_the_regimes_of_march_2020_say_what_was_published(catalogue: Catalogue) -> None:
    groups, online_first = catalogue.regimes
    assert (str(groups.from_date), groups.scope.region) == ("2020-03-19", "zko")
    assert groups.rules.group_admission
    assert (str(online_first.from_date), online_first.scope.country) == ("2020-03-20", "kz")
    assert online_first.rules.non_online_only
    assert online_first.rules.closes == "17:00"


def test_every_text_is_in_its_own_script(catalogue: Catalogue) -> None:
    for text in all_texts(msgspec.structs.astuple(catalogue)):
        assert CYRILLIC_LETTERS.search(text.ru), text
        assert CYRILLIC_LETTERS.search(text.kk), text
        assert not KAZAKH_LETTERS.search(text.ru), text
        assert not cyrillic_words(text.en), text
        assert not mixed_words(text.kk + " " + text.ru), text


def test_links_lead_to_the_portals_of_the_state(catalogue: Catalogue) -> None:
    links = [one.channels.portal for one in catalogue.services if one.channels.portal]
    assert {urlsplit(link).hostname for link in links} == {"egov.kz", "www.gov.kz"}
    precise = [link for link in links if link != "https://egov.kz"]
    assert len(set(precise)) == len(precise), "two services share a page"


def test_kazakh_names_are_kazakh(catalogue: Catalogue) -> None:
    names = [service.name for service in catalogue.services]
    without = [name.kk for name in names if not KAZAKH_LETTERS.search(name.kk)]
    assert not without
    assert all(name.kk != name.ru for name in names)


@pytest.mark.parametrize("name", texts())
def test_json_schemas_are_what_the_code_says(name: str) -> None:
    """Run `python -m schemas.catalogue.json_schema` after a change of the format."""
    assert (FOLDER / name).read_text(encoding="utf-8") == texts()[name]
