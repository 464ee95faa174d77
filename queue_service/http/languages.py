"""The language that the asker wants, and its texts (one data file per language)."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import msgspec

from schemas.fields import Sentence
from schemas.fields import Texts as Named
from schemas.wire import Language
from schemas.yaml_file import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: tuple[str, ...] = get_args(Language)
DEFAULT_LANGUAGE = "ru"
_FOLDER = Path(__file__).parent / "messages"


class Message(msgspec.Struct, frozen=True):
    """`title`: what is wrong; `next`: what to do now.

    `without`: name of a value -> what to do where there is none of it.
    """

    title: str
    next: str
    without: dict[str, str] = {}

    def way_out(self, values: Mapping[str, object]) -> str:
        """What to do now, as far as these values allow it."""
        lacking = (text for name, text in self.without.items() if not values.get(name))
        return next(lacking, self.next)


class Texts(msgspec.Struct, frozen=True):
    """All texts of one language: problems, and the phrases that explain a plan."""

    problems: dict[str, Message]
    layers: dict[str, str]
    effects: dict[str, str]
    words: dict[str, str]
    sentences: dict[str, str] = {}
    """English sentence about a field -> the same in this language."""


def spoken(value: object, language: str) -> str:
    """A value of a plan as a sentence says it; a sentence within one in the same language."""
    if isinstance(value, Sentence):
        return translated(value, language)
    if isinstance(value, tuple):
        return ", ".join(spoken(one, language) for one in value)
    if isinstance(value, Named):
        return str(getattr(value, language))
    word = str(value).lower() if isinstance(value, bool) else str(value)
    return texts(language).words.get(word, word)


def translated(sentence: str, language: str) -> str:
    """What is wrong with a field, as the asker reads it."""
    if not isinstance(sentence, Sentence):
        return sentence
    template = texts(language).sentences.get(sentence.template, sentence.template)
    return template.format(
        **{name: spoken(value, language) for name, value in sentence.values.items()}
    )


@cache
def texts(language: str) -> Texts:
    """What the data file of a language holds; raises `msgspec.ValidationError` for a broken one."""
    return msgspec.convert(read_yaml(_FOLDER / f"{language}.yaml"), Texts)


@lru_cache(maxsize=256)
def preferred(accept_language: str) -> str:
    """The best of our languages for an Accept-Language header; Russian when none is named."""
    weighed = [_weigh(part) for part in accept_language[:200].split(",")]
    known = [(weight, language) for weight, language in weighed if language in LANGUAGES]
    best = max(known, key=lambda pair: pair[0], default=(0.0, DEFAULT_LANGUAGE))
    return best[1] if best[0] > 0 else DEFAULT_LANGUAGE


def _weigh(part: str) -> tuple[float, str]:
    tag, _, parameter = part.partition(";")
    name, _, weight = parameter.strip().partition("=")
    language = tag.strip().lower().partition("-")[0]
    try:
        return (float(weight) if name == "q" else 1.0, language)
    except ValueError:
        return (0.0, language)
