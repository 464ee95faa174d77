"""What of the twin becomes machine code: parts, and the wholes that Python calls.

The policy's scalar rules are among the parts: they are not written twice. numba compiles a whole
once (`simulation.twin.compiling`). What it made is kept, and LLVM alone loads it (`machine`): numba
takes a second to be imported.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any, TypeVar, cast

from simulation.twin import kept

Function = TypeVar("Function", bound=Callable[..., Any])
PARTS: dict[Callable[..., Any], bool] = {}
"""Function -> whether it is compiled into each place that calls it."""


def part(function: Function) -> Function:
    """The function for compiled ones; called from Python it is what it was."""
    PARTS[function] = False
    return function


def inlined(function: Function) -> Function:
    """A part that is small, or called from one place."""
    PARTS[function] = True
    return function


class _Whole:
    """Becomes machine code when it is called first, unless numba is told to compile nothing."""

    def __init__(self, function: Callable[..., None]) -> None:
        update_wrapper(self, function)
        self._function = function
        self._code: Callable[..., Callable[[], None]] | None = None

    def __call__(self, *given: object) -> None:
        self.over(*given)()

    def over(self, *given: object) -> Callable[[], None]:
        """Itself for tables that stay where they are: to find out where takes longest."""
        code = self._code or self.made_for(*given)
        return code(*given)

    def made_for(self, *given: object) -> Callable[..., Callable[[], None]]:
        """Its code, for such arguments as these; taken from where it is kept, or kept there."""
        interpreted = kept.is_interpreted()
        self._code = partial(partial, self._function) if interpreted else self._machine_code(given)
        return self._code

    def _machine_code(self, given: tuple[object, ...]) -> Callable[..., Callable[[], None]]:
        from simulation.twin.machine import loaded  # noqa: PLC0415 - nor is it needed interpreted

        name = kept.name_of(self._function)
        found = kept.found(name)
        if found is None:
            from simulation.twin.compiling import machine_code  # noqa: PLC0415 - slow to load

            found = machine_code(self._function, given)
            kept.keep(name, *found)
        return loaded(*found)


def compiled(function: Function) -> Function:
    """The function, with all its parts, as machine code. It returns nothing."""
    return cast("Function", _Whole(function))


def over(function: Callable[..., None], *given: object) -> Callable[[], None]:
    """A compiled function for tables that stay where they are, to be called again and again."""
    return cast("_Whole", function).over(*given)


for _, _rule in inspect.getmembers(kept.RULES, inspect.isfunction):
    part(_rule)
for _noted in kept.NOTED:
    for _, _step in inspect.getmembers(_noted, inspect.isfunction):
        inlined(_step)
