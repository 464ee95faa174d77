"""Compiles the twin with numba, and the policy's scalar rules with it: they are not written twice.

Left alone numba makes machine code of every function and of all that it calls, of theirs again in
the functions that call them, and so on: minutes. Here a part is only translated, and optimised
together with all other parts in the whole that is called from Python.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import config, njit
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.extending import register_jitable

from queue_service.policy import rules
from simulation import ledger, sums
from simulation.twin.kept import folder

Function = TypeVar("Function", bound=Callable[..., Any])
vars(config)["CACHE_DIR"] = str(folder())


class _NoAddress:
    """For functions that have none."""

    @staticmethod
    def set_env(_name: str, _environment: object) -> None:
        """Only Python objects need an environment, and there are none in a part."""


class _Part(JITCodeLibrary):
    """A function that only compiled ones call: translated, and no machine code of its own."""

    codegen = _NoAddress

    def parts(self) -> list[JITCodeLibrary]:
        """What it calls."""
        return [*self._linking_libraries]

    def finalize(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        return 0


class _Whole(JITCodeLibrary):
    """A function with all its parts."""

    def _optimize_final_module(self) -> None:
        # Nobody else calls the parts: most of them vanish in those who do.
        for one in self._final_module.functions:
            if not one.is_declaration and one.linkage.name == "linkonce_odr":
                one.linkage = "internal"
        super()._optimize_final_module()  # type: ignore[no-untyped-call]

    def finalize(self) -> None:
        self._linking_libraries = _with_parts(self._linking_libraries)
        super().finalize()  # type: ignore[no-untyped-call]


def _with_parts(libraries: list[JITCodeLibrary]) -> list[JITCodeLibrary]:
    """The libraries, their parts, those of the parts and so on, each once."""
    known = dict.fromkeys(libraries)
    left = [*known]
    while left:
        library = left.pop()
        if isinstance(library, _Part):
            left += [one for one in library.parts() if one not in known]
            known.update(dict.fromkeys(left))
    return [*known]


class _CompilesInto(Compiler):
    library: type[JITCodeLibrary]

    def __init__(self, *state: object) -> None:
        super().__init__(*state)  # type: ignore[no-untyped-call]
        library = self.library(self.state.targetctx.codegen(), self.library.__name__)
        library.enable_object_caching()  # type: ignore[no-untyped-call]
        self.state.library = library


class _CompilesPart(_CompilesInto):
    library = _Part


class _CompilesWhole(_CompilesInto):
    library = _Whole


_OF_ALL: dict[str, Any] = {"_nrt": False}
"""Nothing is allocated, and no reference is counted: who calls from Python keeps every array."""
_OF_A_PART = {
    "pipeline_class": _CompilesPart,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    **_OF_ALL,
}


def part(function: Function) -> Function:
    """The function for compiled ones; called from Python it is what it was."""
    return register_jitable(**_OF_A_PART)(function)


def inlined(function: Function) -> Function:
    """A part that is small, or called from one place."""
    return register_jitable(**_OF_A_PART, forceinline=True)(function)


def compiled(function: Function) -> Function:
    """The function, with all its parts, as machine code."""
    whole = njit(cache=True, nogil=True, pipeline_class=_CompilesWhole, **_OF_ALL)
    return cast("Function", whole(function))


for _, _rule in inspect.getmembers(rules, inspect.isfunction):
    part(_rule)
for _noted in (ledger, sums):
    for _, _step in inspect.getmembers(_noted, inspect.isfunction):
        inlined(_step)
