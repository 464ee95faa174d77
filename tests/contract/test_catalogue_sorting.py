"""Kazakh and Russian texts sort as a person of Kazakhstan expects."""

import random
import unicodedata

import pytest

from schemas.kazakh import ALPHABET, sort_key


def test_every_letter_stands_where_the_alphabet_puts_it() -> None:
    shuffled = random.Random(1).sample(ALPHABET, len(ALPHABET))
    assert "".join(sorted(shuffled, key=sort_key)) == ALPHABET
    assert len(ALPHABET) == 42


@pytest.mark.parametrize(
    "ordered",
    [
        ["Азаматтық", "Әділет", "Балабақша", "Ғимарат", "Дара"],
        ["Кезек", "Кеңсе", "Қайтыс", "Құжат"],
        ["Ораз", "Орал", "Өскемен", "Павлодар"],
        ["Ұйым", "Үй", "Хат", "Һарам", "Цех"],
        ["Ыстық", "Іс", "Этаж"],
        ["Ель", "Ёлка", "Жильё"],
        ["Жер", "Жер учаскесі", "Жерлеу"],
        ["№ 2 бөлім", "2 бөлім", "Бөлім", "Branch"],
        ["талон", "Талон", "талоны"],
    ],
)
def test_words_sort_by_the_kazakh_alphabet(ordered: list[str]) -> None:
    backwards = list(reversed(ordered))
    assert sorted(backwards, key=sort_key) == ordered


def test_letters_written_in_two_signs_sort_as_one() -> None:
    decomposed = unicodedata.normalize("NFD", "Йод")
    assert sort_key(decomposed) == sort_key("Йод")
