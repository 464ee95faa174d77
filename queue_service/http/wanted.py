"""What a field of a body takes, read from the Struct: the way out of a mistake, in a sentence."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from schemas.fields import Sentence

ANYTHING: Final = Sentence("is not understood, see the fields of the body at /openapi.json")


@cache
def wanted(body: type[msgspec.Struct], path: str) -> Sentence:
    """What the field at a dotted path of `body` takes, such as `rules.hall_limit` or `services.0`.

    The empty path is the body itself.
    """
    found: inspect.Type | None = inspect.type_info(body)
    for name in path.split(".") if path else ():
        above, found = found, _below(found, name) if found else None
        if found is None:
            return _fields(above)
    return _sentence(found)


def _fields(found: inspect.Type | None) -> Sentence:
    """What may be written where something unknown was."""
    plain = bare(found) if found else None
    if isinstance(plain, inspect.StructType):
        names = ", ".join(one.encode_name for one in plain.fields)
        return Sentence("write one of {values}", values=names)
    return ANYTHING


def bare(found: inspect.Type) -> inspect.Type:
    """The type without its description and without the null that leaves a field out."""
    if isinstance(found, inspect.Metadata):
        return bare(found.type)
    if isinstance(found, inspect.UnionType):
        return next(bare(one) for one in found.types if not isinstance(one, inspect.NoneType))
    return found


def _below(found: inspect.Type, name: str) -> inspect.Type | None:
    """The type of a field or of an entry; of several kinds of an object that of any."""
    if isinstance(found, inspect.Metadata):
        return _below(found.type, name)
    if isinstance(found, inspect.UnionType):
        return next((one for kind in found.types if (one := _below(kind, name))), None)
    if isinstance(found, inspect.StructType):
        return next((one.type for one in found.fields if one.encode_name == name), None)
    return found.item_type if isinstance(found, inspect.VarTupleType) else None


def _sentence(found: inspect.Type | None) -> Sentence:
    plain: Any = bare(found) if found else None
    if isinstance(plain, inspect.StrType):
        return Sentence(f"write {_description(found)}")
    say = _SAY.get(type(plain))
    return say(plain) if say else ANYTHING


def _description(found: inspect.Type | None) -> str:
    if isinstance(found, inspect.UnionType):
        return next(text for one in found.types if (text := _description(one)))
    if isinstance(found, inspect.Metadata):
        return str((found.extra_json_schema or {}).get("description", "a text"))
    return "" if isinstance(found, inspect.NoneType) else "a text"


def _number(found: inspect.IntType) -> Sentence:
    if found.le is None:
        return Sentence("write a whole number, {least} or more", least=found.ge)
    return Sentence("write a whole number from {least} to {most}", least=found.ge, most=found.le)


def _list(found: inspect.VarTupleType) -> Sentence:
    if found.max_length is None:
        least = found.min_length
        say = "write a list of {least} entries or more" if least else "write a list"
        return Sentence(say, least=least)
    least, most = found.min_length, found.max_length
    return Sentence("write a list of {least} to {most} entries", least=least, most=most)


def _one_of(found: inspect.LiteralType) -> Sentence:
    return Sentence("write one of {values}", values=", ".join(map(str, found.values)))


def _fraction(found: inspect.FloatType) -> Sentence:
    if found.gt is not None:
        return Sentence(
            "write a number above {above} and at most {most}",
            above=_plain(found.gt),
            most=_plain(found.le),
        )
    least, most = _plain(found.ge), _plain(found.le)
    return Sentence("write a number from {least} to {most}", least=least, most=most)


def _plain(bound: float | None) -> str:
    return f"{bound or 0:.15g}"


_SAY: Final[dict[type[inspect.Type], Any]] = {
    inspect.IntType: _number,
    inspect.FloatType: _fraction,
    inspect.VarTupleType: _list,
    inspect.LiteralType: _one_of,
    inspect.BoolType: lambda _: Sentence("write true or false"),
    inspect.DateType: lambda _: Sentence("write a date such as {example}", example="2020-03-19"),
    inspect.StructType: lambda _: Sentence("write an object with its fields"),
}
