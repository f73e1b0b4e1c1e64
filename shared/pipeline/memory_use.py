"""How a long-running process should use memory: two settings that a batch pipeline needs and CPython does not have."""

from __future__ import annotations

import contextlib
import ctypes
import gc

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
TRIM_BYTES = 256 * 2**20
MMAP_BYTES = 32 * 2**20  # glibc's maximum
YOUNG_OBJECTS = 20_000


def settle() -> None:
    """Call once, when everything is imported and open.

    A batch allocates and frees some MB each time; glibc gives that back to the kernel at once and faults it in anew,
    and the collector walks through all modules again and again. So freed memory is kept for the next batch, and what
    is there now is left out of collections. Does nothing where the C library has no such setting.
    """
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_TRIM_THRESHOLD, TRIM_BYTES)
        mallopt(_M_MMAP_THRESHOLD, MMAP_BYTES)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
