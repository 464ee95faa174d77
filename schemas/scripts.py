"""Writing systems: letters that look alike but belong to another alphabet."""

import re

_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def mixed_words(text: str) -> list[str]:
    """Give the words that mix Latin and Cyrillic letters, such as a Latin "c" in "cправка"."""
    return [word for word in _WORD.findall(text) if _LATIN.search(word) and _CYRILLIC.search(word)]


def cyrillic_words(text: str) -> list[str]:
    """Give the words that have a Cyrillic letter."""
    return [word for word in _WORD.findall(text) if _CYRILLIC.search(word)]
