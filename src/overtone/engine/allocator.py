"""Keeps the memory of large tensors in the process from one step to the next, instead of asking the system each time.

The C library hands every large block back to the system when it is freed, and the next step pays for each of its pages
once more: measured at 3 to 5 % of a training step, see docs/why/lean.md.
"""

import ctypes
import sys
from functools import cache

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # parameters of glibc's mallopt (malloc.h)
KEPT = 2**30  # bytes: a larger block still goes back at once


def give_back_freed() -> None:
    """Return freed memory to the system, within the heap too, wherever nothing lies on a page; glibc alone can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


@cache
def keep_freed_memory() -> bool:
    """Set it for this process, once; whether that was possible (glibc alone has the setting).

    Afterwards the process holds the most that it ever used until it ends.
    """
    setter = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    return setter is not None and all(
        setter(parameter, KEPT) == 1 for parameter in (MMAP_THRESHOLD, TRIM_THRESHOLD)
    )
