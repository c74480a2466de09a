"""The same work for many things, on all cores; the order of the things is kept.

Children are forks, so what the work needs is there without being sent: it is given to them as it
stands when they begin. Only what comes out is sent back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing import get_context
from typing import Any, TypeVar

Thing = TypeVar("Thing")
Found = TypeVar("Found")

FEW = 100
"""Of fewer things each may be long work, and is handed out by itself."""

_work: list[Callable[[Any], Any]] = []
"""The work under way; a fork finds it here, and a closure cannot be sent."""


def on_all_cores(work: Callable[[Thing], Found], things: Sequence[Thing]) -> list[Found]:
    """The work's outcome for every thing, in their order."""
    _work.append(work)
    try:
        with get_context("fork").Pool() as pool:
            return pool.map(_do, things, chunksize=1 if len(things) < FEW else 8)
    finally:
        _work.pop()


def _do(thing: Any) -> Any:
    return _work[-1](thing)
