"""Noticing that nothing went on for a while: a closed lid, a stopped program, a halted machine.

Who looks ten times a second sees it by how long ago the last look was. `time.monotonic` alone does
not: on Linux and macOS a sleep takes no time by it.
"""

from __future__ import annotations

import sys
import time


def with_sleep_s() -> float:
    """Seconds since some moment, those of sleep among them; plain steady time where none is known.

    Linux counts them in CLOCK_BOOTTIME, macOS in CLOCK_MONOTONIC, Windows in its only steady clock.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class Standstill:
    """The time from one look to the next."""

    def __init__(self) -> None:
        self._looked_at = _now()

    def look(self) -> tuple[float, float]:
        """Seconds since the last look, and how many of them the computer slept."""
        before, self._looked_at = self._looked_at, _now()
        passed_s = self._looked_at[0] - before[0]
        return passed_s, max(0.0, passed_s - (self._looked_at[1] - before[1]))


def _now() -> tuple[float, float]:
    return with_sleep_s(), time.monotonic()
