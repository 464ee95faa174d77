"""Field types that HTTP and the catalogue share; a description says what to write instead."""

from collections.abc import Iterable
from typing import Annotated, Self

import msgspec
from msgspec import Meta

Code = Annotated[
    str,
    Meta(
        pattern="^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=64,
        description="a code in small Latin letters, digits and hyphens, such as uralsk-2",
    ),
]
Text = Annotated[
    str, Meta(pattern=r"\S", max_length=500, description="a text of 1 to 500 characters")
]
KazakhText = Annotated[Text, Meta(description="the text in Kazakh, 1 to 500 characters")]
RussianText = Annotated[Text, Meta(description="the text in Russian, 1 to 500 characters")]
EnglishText = Annotated[Text, Meta(description="the text in English, 1 to 500 characters")]
CounterId = Annotated[
    str,
    Meta(
        pattern="^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$",
        max_length=12,
        description="up to 12 Latin letters, digits and hyphens, such as 4 or 4-a",
    ),
]
TimeOfDay = Annotated[
    str,
    Meta(
        pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$",
        max_length=5,
        description="a time of day from 00:00 to 23:59, such as 09:00",
    ),
]


Url = Annotated[
    str,
    Meta(
        pattern=r"^https://([a-z0-9-]+\.)+[a-z]{2,}(:[0-9]{1,5})?(/\S*)?$",
        max_length=500,
        description="an address that begins with https://, such as https://egov.kz",
    ),
]


class Sentence(str):
    """An English sentence that remembers what it was made of, so that others can translate it.

    `template` is the sentence with names in braces, `values` what stands for them.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        english = {
            name: value.en if isinstance(value, Texts) else value for name, value in values.items()
        }
        sentence = super().__new__(cls, template.format(**english))
        sentence.template = template
        sentence.values = values
        return sentence


class FieldsError(ValueError):
    """Fields of one object contradict a rule.

    `problems` pairs a dotted path, empty for the object itself, and a sentence.
    """

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(": ".join(filter(None, problem)) for problem in self.problems))


class Texts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text in Kazakh, Russian and English."""

    kk: KazakhText
    ru: RussianText
    en: EnglishText


def minute_of(time: str) -> int:
    """Minutes since midnight of a time of day, "HH:MM"."""
    hour, minute = time.split(":")
    return 60 * int(hour) + int(minute)


def refuse_unless_later(opens: str | None, closes: str | None) -> None:
    """Raise `FieldsError` when both times of day ("HH:MM") are known and closing is no later."""
    if opens is not None and closes is not None and closes <= opens:
        sentence = Sentence(
            "{closes} is not after opening at {opens}, write a later time of the same day",
            closes=closes,
            opens=opens,
        )
        raise FieldsError([("closes", sentence)])
