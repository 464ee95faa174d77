"""The words of the pages: the same keys in every language, none missing, none left over."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec
import pytest

WEB = Path(__file__).resolve().parents[2] / "displays" / "web"
LANGUAGES = ("kk", "ru", "en")
PAGES = sorted(path.stem for path in (WEB / "texts" / "kk").glob("*.json"))
PLURALS = {"kk": {"other"}, "ru": {"one", "few", "many"}, "en": {"one", "other"}}
_PLAIN = re.compile(r"""(?<![\w.])t\(\s*["']([\w.]+)["']""")
_CHOSEN = re.compile(r"""(?<![\w.])t\([^`()]*?\?\s*["']([\w.]+)["']\s*:\s*["']([\w.]+)["']""")
_PATTERN = re.compile(r"""(?<![\w.])t\(\s*`([^`]+)`""")
_NAMED = re.compile(r"""["'`]([\w.]+)["'`]""")


def catalogue(language: str, page: str) -> dict[str, Any]:
    """The words of one page in one language."""
    path = WEB / "texts" / language / f"{page}.json"
    words: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    return words


def sources(page: str) -> str:
    """The scripts in which the words of a page may stand."""
    folder = "*" if page == "shared" else page
    return "\n".join(path.read_text(encoding="utf-8") for path in WEB.glob(f"{folder}/**/*.js"))


def forms(phrase: Any) -> list[str]:  # noqa: ANN401 - a text, or texts by plural category
    return [phrase] if isinstance(phrase, str) else list(phrase.values())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_the_same_words_in_every_language(page: str, language: str) -> None:
    wanted, words = catalogue("en", page), catalogue(language, page)
    assert words.keys() == wanted.keys()
    assert all(form.strip() for phrase in words.values() for form in forms(phrase))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_names_the_same_values_in_every_language(page: str, language: str) -> None:
    def named(phrase: Any) -> set[str]:  # noqa: ANN401
        fields = (Formatter().parse(form) for form in forms(phrase))
        return {name for parts in fields for _, name, _, _ in parts if name}

    wanted = {key: named(phrase) for key, phrase in catalogue("en", page).items()}
    assert {key: named(phrase) for key, phrase in catalogue(language, page).items()} == wanted


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_phrase_has_every_form_of_its_language(page: str, language: str) -> None:
    counted = {k: p for k, p in catalogue(language, page).items() if not isinstance(p, str)}
    wanted = PLURALS[language]
    assert [key for key, phrase in counted.items() if not wanted <= phrase.keys()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_word_that_a_script_asks_for_is_there(page: str) -> None:
    script = sources(page)
    asked = {*_PLAIN.findall(script), *(key for pair in _CHOSEN.findall(script) for key in pair)}
    known = catalogue("kk", page).keys() | catalogue("kk", "shared").keys()
    everywhere = {key for other in PAGES for key in catalogue("kk", other)}
    assert asked - (everywhere if page == "shared" else known) == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_word_is_asked_for(page: str) -> None:
    script = sources(page)
    named = set(_NAMED.findall(script))
    patterns = [
        re.compile(r".+".join(map(re.escape, re.split(r"\$\{[^}]*\}", pattern))))
        for pattern in _PATTERN.findall(script)
    ]
    left = {
        key
        for key in catalogue("kk", page)
        if key not in named and not any(pattern.fullmatch(key) for pattern in patterns)
    }
    assert left == set()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_such_as_qr_code_stays_in_one_line(page: str, language: str) -> None:
    said = [form for phrase in catalogue(language, page).values() for form in forms(phrase)]
    assert [form for form in said if re.search(r"(QR|Telegram)-", form)] == []
