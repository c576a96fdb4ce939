"""The one hot loop, in C where the library was built, else in Python."""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

DEFAULT_LIBRARY = Path(__file__).parent.parent / "lib" / "libmatching.so"

Levels = Sequence[tuple[int, int]]


def _load() -> ctypes.CDLL | None:
    path = Path(os.environ.get("MATCHING_LIBRARY", DEFAULT_LIBRARY))
    if not path.exists():
        return None
    library = ctypes.CDLL(str(path))
    library.sweep_cost.restype = ctypes.c_int64
    library.sweep_cost.argtypes = [
        ctypes.POINTER(ctypes.c_int64),
        ctypes.POINTER(ctypes.c_int64),
        ctypes.c_size_t,
        ctypes.c_int64,
        ctypes.POINTER(ctypes.c_int64),
    ]
    return library


_library = _load()
is_native = _library is not None


def sweep_cost(levels: Levels, quantity: int) -> tuple[int, int]:
    """What it costs to take a quantity from these levels, and how much of it they hold."""
    if _library is None:
        return sweep_cost_python(levels, quantity)
    array = ctypes.c_int64 * len(levels)
    filled = ctypes.c_int64()
    cost = _library.sweep_cost(
        array(*(price for price, _ in levels)),
        array(*(held for _, held in levels)),
        len(levels),
        quantity,
        ctypes.byref(filled),
    )
    return cost, filled.value


def sweep_cost_python(levels: Levels, quantity: int) -> tuple[int, int]:
    cost = filled = 0
    for price, held in levels:
        taken = min(held, quantity - filled)
        cost += price * taken
        filled += taken
        if filled == quantity:
            break
    return cost, filled
