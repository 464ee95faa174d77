"""What may be entered for each value of a plan, read from its type: kind, bounds, choices."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

from msgspec import Struct, inspect

from queue_service.http.wanted import bare
from schemas.plan_values import PlanValues

Kind = Literal["yes_no", "people", "minutes", "time", "choice", "several", "texts"]


class Entry(Struct, frozen=True):
    """What a value takes; bounds count people or minutes."""

    kind: Kind
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()


@cache
def entries() -> dict[str, Entry]:
    """By the name of each value of a plan."""
    shape = inspect.type_info(PlanValues)
    if not isinstance(shape, inspect.StructType):
        raise TypeError("the values of a plan are a Struct")
    return {one.name: _entry(one.name, bare(one.type)) for one in shape.fields}


def _entry(name: str, found: inspect.Type) -> Entry:
    if isinstance(found, inspect.IntType):
        return Entry("minutes" if name.endswith("_minutes") else "people", found.ge, found.le)
    if isinstance(found, inspect.LiteralType):
        return Entry("choice", choices=_words(found))
    if isinstance(found, inspect.VarTupleType):
        item = bare(found.item_type)
        return Entry(
            "several", choices=_words(item) if isinstance(item, inspect.LiteralType) else ()
        )
    return Entry(_KINDS[type(found)])


def _words(found: inspect.LiteralType) -> tuple[str, ...]:
    return tuple(str(value) for value in found.values)


_KINDS: Final[dict[type[inspect.Type], Kind]] = {
    inspect.BoolType: "yes_no",
    inspect.StrType: "time",
    inspect.StructType: "texts",
}
