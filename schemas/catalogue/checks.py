"""Rules between the entries of a catalogue, checked on what is written even where it is faulty."""

from collections.abc import Iterator

import holidays

from schemas.catalogue.reader import Path, Reader, suggestion
from schemas.scripts import cyrillic_words, mixed_words

_EACH = object()
Pattern = tuple[object, ...]


def check(services: Reader, branches: Reader, regimes: Reader) -> None:
    """Note every contradiction with the reader of the file where it stands."""
    for field in ("code", "letter"):
        _check_unique(services, ("categories", _EACH, field))
    _check_unique(services, ("services", _EACH, "code"))
    _check_unique(branches, ("branches", _EACH, "code"))
    _check_unique(regimes, ("regimes", _EACH, "id"))
    _check_categories(services)
    # What refers to a file that could not be read at all cannot be judged.
    if services.places:
        _check_skills(services, branches)
    _check_countries(branches)
    if branches.places:
        _check_scopes(branches, regimes)
    for reader in (services, branches, regimes):
        _check_scripts(reader)


def _check_unique(reader: Reader, pattern: Pattern) -> None:
    lines: dict[str, int] = {}
    for path, text in _written(reader, pattern):
        if text in lines:
            reader.note(path, f"{text} is already on line {lines[text]}, write another")
        lines.setdefault(text, reader.places[path].line)


def _check_categories(services: Reader) -> None:
    letters = dict(_written(services, ("categories", _EACH, "letter")))
    letter_of: dict[str, str | None] = {}
    for path, code in _written(services, ("categories", _EACH, "code")):
        letter_of.setdefault(code, letters.get((*path[:-1], "letter")))
    for path, code in _written(services, ("services", _EACH, "category")):
        letter = services.places.get((*path[:-1], "letter"))
        if code not in letter_of:
            services.note(path, f"no category {code}, {suggestion(code, letter_of)}")
        elif letter and letter_of[code] not in (None, letter.text):
            sentence = f"category {code} has the letter {letter_of[code]}, write it here too"
            services.note((*path[:-1], "letter"), sentence)


def _check_skills(services: Reader, branches: Reader) -> None:
    codes = _texts(services, ("services", _EACH, "code"))
    letters = _texts(services, ("categories", _EACH, "letter"))
    for path, skill in _written(branches, ("branches", _EACH, "counters", _EACH, "skills", _EACH)):
        if skill != "*" and skill not in codes | letters:
            sentence = (
                f"no service or category letter {skill}, {suggestion(skill, codes | letters)}"
            )
            branches.note(path, sentence)


def _check_countries(branches: Reader) -> None:
    known = {code.lower() for code in holidays.list_supported_countries(include_aliases=False)}
    for path, code in _written(branches, ("branches", _EACH, "country")):
        if code not in known:
            sentence = f"{code} is no country with known holidays, write two letters such as kz"
            branches.note(path, sentence)


def _check_scopes(branches: Reader, regimes: Reader) -> None:
    for place in ("country", "region", "city", "branch"):
        field = "code" if place == "branch" else place
        known = _texts(branches, ("branches", _EACH, field))
        for path, code in _written(regimes, ("regimes", _EACH, "scope", place)):
            if code not in known:
                regimes.note(path, f"no branch has {place} {code}, {suggestion(code, known)}")


def _check_scripts(reader: Reader) -> None:
    for path, place in list(reader.places.items()):
        language = path[-1] if path else None
        if place.text is None or language not in ("kk", "ru", "en"):
            continue
        wrong = mixed_words(place.text) or (language == "en" and cyrillic_words(place.text))
        if wrong:
            script = "Latin" if language == "en" else "Cyrillic"
            reader.note(path, f"{wrong[0]!r} mixes alphabets, write it in {script} letters only")


def _texts(reader: Reader, pattern: Pattern) -> set[str]:
    return {text for _, text in _written(reader, pattern)}


def _written(reader: Reader, pattern: Pattern) -> Iterator[tuple[Path, str]]:
    for path, place in list(reader.places.items()):
        if place.text is not None and _fits(path, pattern):
            yield path, place.text


def _fits(path: Path, pattern: Pattern) -> bool:
    return len(path) == len(pattern) and all(
        wanted in (_EACH, step) for step, wanted in zip(path, pattern, strict=True)
    )
