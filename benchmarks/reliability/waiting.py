"""Waiting for what must come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PATIENCE_S = 30.0


def until(is_so: Callable[[], object], patience_s: float = PATIENCE_S) -> float | None:
    """How many seconds it took; None if it never came."""
    began_at, wait = time.monotonic(), threading.Event()
    while not is_so():
        if time.monotonic() - began_at > patience_s:
            return None
        wait.wait(0.01)
    return time.monotonic() - began_at
