"""A YAML file as a tree of nodes that know their lines, and the name of their file."""

from io import StringIO
from pathlib import Path

import yaml
from yaml.nodes import Node

from schemas.catalogue.problems import CatalogueError, Problem

LARGEST_FILE = 1024 * 1024
"""Bytes; a catalogue of a country or a calibrated year has a tenth of it."""


_SHALLOW = 250
"""Brackets in a text, and letters in its longest line: nothing in it is nested any deeper."""


def compose(path: Path) -> Node:
    """Read a file of one YAML document; raise `CatalogueError` when it is none."""
    text, name = _text(path), path.name
    _refuse_control_characters(text, name)
    return _composed_quickly(text, name) or _composed(text, name)


def compose_text(text: str, name: str) -> Node:
    """Read a text of one YAML document, named in its faults; raise `CatalogueError`."""
    _refuse_control_characters(text, name)
    return _composed(text, name)


def _refuse_control_characters(text: str, name: str) -> None:
    unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if unprintable:
        line = text.count("\n", 0, unprintable.start()) + 1
        raise _fault(name, line, f"has the control character {unprintable[0]!r}, delete it")


def _composed_quickly(text: str, name: str) -> Node | None:
    """By the parser in C, in a tenth of the time; None where the other one is to say what is wrong.

    It dies of a segmentation fault where something is nested too deep.
    """
    is_shallow = (
        text.count("[") + text.count("{") <= _SHALLOW
        and max(map(len, text.splitlines()), default=0) <= _SHALLOW
    )
    if not (is_shallow and hasattr(yaml, "CBaseLoader")):
        return None
    stream = StringIO(text)
    stream.name = name
    try:
        return yaml.CBaseLoader(stream).get_single_node()
    except yaml.YAMLError:
        return None


def _composed(text: str, name: str) -> Node:
    root = _parse(name, text)
    if root is None:
        raise _fault(name, 1, "is empty, write its keys and what they say")
    return root


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise _fault(path.name, 1, f"is missing, add it to {path.parent}") from error
    except OSError as error:
        raise _fault(
            path.name, 1, f"cannot be read ({error.strerror}), check its rights"
        ) from error
    if len(raw) > LARGEST_FILE:
        raise _fault(
            path.name, 1, f"has more than {LARGEST_FILE} bytes, leave out what is not needed"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _fault(path.name, line, "is not UTF-8 text, save the file as UTF-8") from error


def _parse(name: str, text: str) -> Node | None:
    try:
        # Not the loader in C, for whoever may write anything: this one raises RecursionError.
        loader = yaml.BaseLoader(text)
        loader.name = name
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(filter(None, (error.context, error.problem)))
        sentence = f"is not YAML ({what}), check the indentation and the quotes here"
        raise _fault(name, mark.line + 1 if mark else 1, sentence) from error
    except RecursionError as error:
        raise _fault(name, 1, "is nested too deep, write it flat") from error


def _fault(name: str, line: int, sentence: str) -> CatalogueError:
    return CatalogueError([Problem(name, line, "file", sentence)])
