"""YAML nodes into Structs by the Structs' own types, noting every fault with its line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from schemas.catalogue.problems import Problem
from schemas.fields import FieldsError, Sentence

Path = tuple[str | int, ...]
Kind = Any
"""A type as an annotation states it: a class, a union, an `Annotated`."""

FAULTY: Final = object()
"""Stands for a value that could not be read; its problems are noted."""

MOST_NAMES: Final = 25
FEW_NAMES: Final = 5
"""A longer list than MOST_NAMES hides the fault: a few names show the pattern instead."""
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,18})")
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}([.][0-9]{1,20})?(e[-+]?[0-9]{1,2})?")
_BOOLEANS = {"true": True, "false": False}
_NULLS = {"", "~", "null"}
_YAML = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_YAML + "str", _YAML + "seq", _YAML + "map"}
_WANTED: Mapping[object, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number such as 0.5",
    str: "a text",
    date: "a date such as 2020-03-19",
}


class Place(msgspec.Struct, frozen=True):
    """Where a value stands; `text` is what a scalar says there, verbatim."""

    file: str
    line: int
    text: str | None


class Reader:
    """Reads one file; afterwards it knows the problems and the place of every path seen.

    Nodes that came from another file bring its name along.
    """

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self.places: dict[Path, Place] = {}
        self.file = file
        self._seen: set[int] = set()

    def note(self, path: Path, sentence: str) -> None:
        """Note a problem on the line of the path, or of the nearest place known above it."""
        known = path
        while known and known not in self.places:
            known = known[:-1]
        place = self.places.get(known, Place(self.file, 1, None))
        self.problems.append(Problem(place.file, place.line, _shown(path), sentence))

    def read(self, node: Node, kind: Kind, path: Path = ()) -> object:
        """Give the value of a node as `kind`, or `FAULTY` with its problems noted."""
        text = node.value if isinstance(node, ScalarNode) else None
        self.places[path] = Place(node.start_mark.name, node.start_mark.line + 1, text)
        if id(node) in self._seen:
            return self._refuse(path, "an alias is not accepted, write the value out")
        self._seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            return self._refuse(path, f"the tag {node.tag} is not accepted, leave it out")
        return self._read_as(node, kind, path)

    def _read_as(self, node: Node, kind: Kind, path: Path) -> object:
        bare = _bare(kind)
        if _origin(bare) in (Union, UnionType):
            return self._read_union(node, get_args(bare), path)
        if _origin(bare) is tuple:
            return self._read_list(node, kind, path)
        if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
            return self._read_struct(node, bare, path)
        return self._read_scalar(node, kind, path)

    def _read_union(self, node: Node, kinds: tuple[Kind, ...], path: Path) -> object:
        if NoneType in kinds and _plain(node) in _NULLS:
            return None
        candidates = [kind for kind in kinds if kind is not NoneType]
        fitting = [kind for kind in candidates if _is_struct(kind) == isinstance(node, MappingNode)]
        if not fitting:
            return self._refuse(path, f"is not accepted, write {wanted(candidates)}")
        return self._read_as(node, fitting[0], path)

    def _read_list(self, node: Node, kind: Kind, path: Path) -> object:
        item_kind = get_args(_bare(kind))[0]
        if not isinstance(node, SequenceNode):
            return self._refuse(path, f"is not a list, write {wanted([kind])} after hyphens")
        items = [self.read(item, item_kind, (*path, at)) for at, item in enumerate(node.value)]
        if len(items) < _least(kind):
            return self._refuse(path, f"is empty, write {wanted([kind])}")
        return FAULTY if FAULTY in items else tuple(items)

    def _read_struct(self, node: Node, kind: type[msgspec.Struct], path: Path) -> object:
        if not isinstance(node, MappingNode):
            return self._refuse(path, f"is not accepted, write {wanted([kind])}")
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        values = {
            fields[key].name: self.read(child, fields[key].type, (*path, key))
            for key, child in self._keys(node, fields, path)
        }
        missing = [f for f in fields.values() if f.required and f.name not in values]
        for field in missing:
            sentence = f"is missing, write {wanted([field.type])}"
            self._note_at(node, (*path, field.encode_name), sentence)
        if missing or FAULTY in values.values():
            return FAULTY
        return self._build(kind, values, path)

    def _keys(
        self, node: MappingNode, fields: Iterable[str], path: Path
    ) -> Iterator[tuple[str, Node]]:
        known, seen = list(fields), set[str]()
        for key_node, child in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else "?"
            if key not in known:
                sentence = f"is an unknown key, {suggestion(key, known)}"
                self._note_at(key_node, (*path, key), sentence)
            elif key in seen:
                self._note_at(key_node, (*path, key), "is written twice, keep one of the two")
            else:
                seen.add(key)
                yield key, child

    def _build(self, kind: type[msgspec.Struct], values: dict[str, Any], path: Path) -> object:
        try:
            return kind(**values)
        except FieldsError as error:
            for field, sentence in error.problems:
                self.note((*path, *_steps(field)), sentence)
            return FAULTY

    def _read_scalar(self, node: Node, kind: Kind, path: Path) -> object:
        if not isinstance(node, ScalarNode):
            return self._refuse(path, f"is not accepted, write {wanted([kind])}")
        try:
            return msgspec.convert(_scalar(node, _bare(kind)), kind)
        except msgspec.ValidationError:
            return self._refuse(path, f"{node.value!r} is not accepted, write {wanted([kind])}")

    def _refuse(self, path: Path, sentence: str) -> object:
        self.note(path, sentence)
        return FAULTY

    def _note_at(self, node: Node, path: Path, sentence: str) -> None:
        mark = node.start_mark
        self.problems.append(Problem(mark.name, mark.line + 1, _shown(path), sentence))


def suggestion(word: str, known: Iterable[str]) -> Sentence:
    """Say what to write instead of an unknown word, when something like it is known."""
    choices = sorted(known)
    close = get_close_matches(word, choices, 1)
    if close:
        return Sentence("did you mean {name}?", name=repr(close[0]))
    if len(choices) > MOST_NAMES:
        few = ", ".join(choices[:FEW_NAMES])
        return Sentence("write one that is known, such as {known}", known=few)
    if not choices:
        return Sentence("leave it out")
    return Sentence("write one of {values}", values=", ".join(choices))


def wanted(kinds: Iterable[Kind]) -> str:
    """Say what a person may write for any of these types."""
    return " or ".join(_wanted_one(kind) for kind in kinds)


def _wanted_one(kind: Kind) -> str:
    described = [meta.description for meta in _metas(kind) if meta.description]
    bare = _bare(kind)
    if described:
        return str(described[-1])
    if _origin(bare) is Literal:
        return " or ".join(map(str, get_args(bare)))
    if _origin(bare) in (Union, UnionType):
        return wanted(kind for kind in get_args(bare) if kind is not NoneType)
    if _is_struct(bare):
        return "the keys " + ", ".join(f.encode_name for f in msgspec.structs.fields(bare))
    return _WANTED.get(bare, "a list")


def _steps(field: str) -> Path:
    return tuple(int(step) if step.isdigit() else step for step in field.split(".") if step)


def _scalar(node: ScalarNode, kind: object) -> object:
    # Only the type wanted gives a scalar its meaning: 17:00 stays a time and NO stays a text.
    if kind is bool:
        return _BOOLEANS.get(_plain(node) or "")
    if kind is int and _INTEGER.fullmatch(_plain(node) or ""):
        return int(node.value)
    if kind is float and _NUMBER.fullmatch(_plain(node) or ""):
        return float(node.value)
    return str(node.value)


def _plain(node: Node) -> str | None:
    return node.value if isinstance(node, ScalarNode) and not node.style else None


def _metas(kind: Kind) -> tuple[msgspec.Meta, ...]:
    return kind.__metadata__ if _origin(kind) is Annotated else ()


def _bare(kind: Kind) -> Kind:
    return get_args(kind)[0] if _origin(kind) is Annotated else kind


def _origin(kind: Kind) -> object:
    return get_origin(kind)


def _is_struct(kind: Kind) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _least(kind: Kind) -> int:
    return next((meta.min_length for meta in _metas(kind) if meta.min_length), 0)


def _shown(path: Path) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).lstrip(".") or "file"
