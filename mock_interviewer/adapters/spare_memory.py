"""Memory that is free goes back to the system when an answer is over.

The sound of an answer is large and short-lived. Left alone, glibc learns from the first such pieces
to take the next ones from its heaps, one for each thread, where a small value that lives on keeps
what was free below it: over a day of interviews half as much again as the program needs. Told
where large begins, it takes large pieces from the system and gives each back at once; the free
pages of the heaps it gives back when it is asked. Other C libraries have no such functions, and
nothing is done there.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

_MMAP_THRESHOLD = -3
"""M_MMAP_THRESHOLD in glibc's malloc.h."""
LARGE_BYTES = 1 << 20
"""Sixteen seconds of sound."""


def spare() -> None:
    """Give free memory back now, and large pieces as soon as they are free from now on.

    Takes some milliseconds.
    """
    with suppress(AttributeError, OSError, TypeError):  # Windows knows no library without a name
        libc = ctypes.CDLL(None)
        libc.malloc_trim(0)
        libc.mallopt(_MMAP_THRESHOLD, LARGE_BYTES)
