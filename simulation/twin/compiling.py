"""The twin made machine code by numba, and the policy's scalar rules with it.

Left alone numba makes machine code of every function and of all that it calls, of theirs again in
the functions that call them, and so on: minutes. Here a part is only translated, and optimised
together with all other parts in the whole that is called from Python.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import llvmlite.binding as llvm
from numba import njit, typeof
from numba.core import ir, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, StateDict
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass
from numba.core.typed_passes import NopythonTypeInference
from numba.extending import register_jitable

from simulation.twin.compiled import PARTS

_INLINED = 1000
"""Up to what cost a part that several call vanishes in each of them; 250 is usual, and slower."""


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
        options = llvm.create_pipeline_tuning_options(speed_level=3)
        options.inlining_threshold = _INLINED
        # Loops over tickets and operators are too short for vectors.
        options.loop_vectorization = options.slp_vectorization = False
        passes = llvm.create_pass_builder(self._codegen._tm, options)  # noqa: SLF001 - as numba
        passes.getModulePassManager().run(self._final_module, passes)

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


@register_pass(mutates_CFG=False, analysis_only=False)  # type: ignore[no-untyped-call]
class _CountsFromZero(FunctionPass):
    """No place in a table is counted from its end, so none is looked at for being negative."""

    _name = "counts_from_zero"

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def run_pass(self, state: StateDict) -> bool:
        for node, signature in [*state.calltypes.items()]:
            if _looks_into_table(node) and isinstance(signature.args[0], types.Array):
                table, place, *value = signature.args
                del state.calltypes[node]
                state.calltypes[node] = signature.replace(args=(table, _unsigned(place), *value))
        return True


def _looks_into_table(node: object) -> bool:
    return isinstance(node, ir.SetItem) or (isinstance(node, ir.Expr) and node.op == "getitem")


def _unsigned(place: types.Type) -> types.Type:
    if isinstance(place, types.UniTuple):
        return types.UniTuple(_unsigned(place.dtype), place.count)  # type: ignore[no-untyped-call]
    return types.uintp if isinstance(place, types.Integer) else place


class _CompilesInto(Compiler):
    library: type[JITCodeLibrary]

    def __init__(self, *state: object) -> None:
        super().__init__(*state)  # type: ignore[no-untyped-call]
        library = self.library(self.state.targetctx.codegen(), self.library.__name__)
        library.enable_object_caching()  # type: ignore[no-untyped-call]
        self.state.library = library

    def define_pipelines(self) -> list[PassManager]:
        pipelines: list[PassManager] = super().define_pipelines()  # type: ignore[no-untyped-call]
        for passes in pipelines:
            passes.add_pass_after(_CountsFromZero, NopythonTypeInference)  # type: ignore[no-untyped-call]
            passes.finalize()  # type: ignore[no-untyped-call]
        return pipelines


class _CompilesPart(_CompilesInto):
    library = _Part


class _CompilesWhole(_CompilesInto):
    library = _Whole


_BARE: dict[str, Any] = {
    # Nothing is allocated, and no reference is counted: who calls from Python keeps every array.
    "_nrt": False,
    # No part raises anything, so that none is asked whether it has: nothing is divided by zero.
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}


def machine_code(function: Callable[..., None], given: tuple[object, ...]) -> tuple[str, bytes]:
    """Its name and an object file, for what is given here and whatever has the same types."""
    _register_parts()
    whole = njit(nogil=True, pipeline_class=_CompilesWhole, **_BARE)(function)
    known = tuple(map(typeof, given))
    whole.compile(known)
    made = whole.overloads[known]
    return made.fndesc.llvm_func_name, made.library._get_compiled_object()  # noqa: SLF001 - as numba


@cache
def _register_parts() -> None:
    for function, is_inlined in PARTS.items():
        register_jitable(pipeline_class=_CompilesPart, forceinline=is_inlined, **_BARE)(function)
