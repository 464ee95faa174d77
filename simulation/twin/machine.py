"""Machine code that numba has made, loaded and called without numba.

A function takes where to put its value and its fault, then all that it is given, in plain numbers:
of an array two that only numba counts references by, its size, the bytes of an item, its address,
shape and strides; of a record its address; of a tuple what each of it comes to.
"""

from __future__ import annotations

import ctypes
import pickle
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import numpy as np

_NOTHING_RETURNED = -2
_NUMBER = ctypes.c_int64
_TAKEN = np.dtype(np.int64).char, np.dtype(np.float64).char


class _Fault(ctypes.Structure):
    """An exception: class, arguments and place, pickled."""

    _fields_ = (
        ("pickled", ctypes.c_void_p),
        ("size", ctypes.c_int32),
        ("hash", ctypes.c_void_p),
        ("unwrap", ctypes.c_void_p),
        ("allocated", ctypes.c_int32),
    )


@cache
def _engine() -> llvm.ExecutionEngine:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)


def loaded(name: str, code: bytes) -> Callable[..., Callable[[], None]]:
    """The function of that name in an object file, for tables that stay where they are.

    It raises what the function does.
    """
    engine = _engine()
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address = engine.get_function_address(name)

    def over(*given: object) -> Callable[[], None]:
        value, fault = ctypes.c_void_p(), ctypes.POINTER(_Fault)()
        places = (ctypes.addressof(value), ctypes.addressof(fault))
        numbers = (*places, *_plain(given))
        function = _prototype(len(numbers))(address)

        def call() -> None:
            # Whoever has the call has what its addresses are of.
            _ = value, given
            if function(*numbers) not in (0, _NOTHING_RETURNED):
                raise _raised(fault.contents)

        return call

    return over


@cache
def _prototype(numbers: int) -> Callable[[int], Callable[..., int]]:
    return ctypes.CFUNCTYPE(ctypes.c_int32, *[_NUMBER] * numbers)


def _plain(given: tuple[Any, ...]) -> Iterator[int]:
    for one in given:
        if isinstance(one, np.ndarray):
            if one.dtype.char not in _TAKEN or not one.flags.c_contiguous:
                raise TypeError("machine code takes arrays of int64 or float64, without gaps")
            yield from (0, 0, one.size, one.itemsize, _address(one), *one.shape, *one.strides)
        elif isinstance(one, tuple):
            yield from _plain(one)
        else:
            yield _address(one) if isinstance(one, np.void) else one


def _address(one: np.ndarray[Any, Any] | np.void) -> int:
    if isinstance(one, np.void):
        # What NumPy tells of a record names all its columns, for as long as half a day takes.
        name = _first_table(one.dtype)
        return int(one[name].ctypes.data) - one.dtype.fields[name][1]  # type: ignore[index]
    return int(one.ctypes.data)


@cache
def _first_table(record: np.dtype[Any]) -> str:
    """A column that is an array, and so knows where it lies."""
    return next(name for name in record.names or () if record[name].subdtype)


def _raised(fault: _Fault) -> Exception:
    pickled = ctypes.string_at(fault.pickled, fault.size)
    kind, arguments, *_ = pickle.loads(pickled)  # noqa: S301 - the code's own
    return kind(*arguments)  # type: ignore[no-any-return]
