"""Sorting Kazakh and Russian texts: no collation of the platform knows the Kazakh alphabet."""

import unicodedata
from functools import lru_cache

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"

_SPACE, _DIGIT, _CYRILLIC, _OTHER = range(4)
_ORDER = {letter: place for place, letter in enumerate(ALPHABET)}

SortKey = tuple[tuple[tuple[int, int], ...], str]


@lru_cache(maxsize=4096)
def sort_key(text: str) -> SortKey:
    """Give a key that sorts by the Kazakh alphabet, which contains the Russian one.

    Spaces and signs come before digits, digits before Cyrillic letters, these before all others;
    capitals count only between texts that are otherwise equal, and then small letters come first.
    """
    composed = unicodedata.normalize("NFC", text)
    return tuple(map(_weight, composed.casefold())), composed.swapcase()


def _weight(letter: str) -> tuple[int, int]:
    if letter in _ORDER:
        return _CYRILLIC, _ORDER[letter]
    if letter.isdigit():
        return _DIGIT, ord(letter)
    return (_OTHER if letter.isalpha() else _SPACE), ord(letter)
