"""Single keys from the terminal, without Enter; it is put back as it was, whatever happens."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ENTER = "\r"


@contextmanager
def single_keys() -> Iterator[None]:
    """Keys come at once and are not echoed; Ctrl-C goes on to work."""
    try:
        import termios
        import tty
    except ImportError:  # Windows gives single keys as it is
        yield
        return
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def key_within(seconds: float) -> str | None:
    """The next key in lower case, Enter as ENTER; None where none came in time."""
    if sys.platform == "win32":
        return _windows_key(seconds)
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    if not ready:
        return None
    key = os.read(sys.stdin.fileno(), 1).decode(errors="ignore").lower()
    return ENTER if key in ("\r", "\n") else key


def forget_keys() -> None:
    """Drop keys that were hit before anybody asked for one."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import termios

        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def _windows_key(seconds: float) -> str | None:
    import msvcrt  # not tried by us
    import time

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if msvcrt.kbhit():  # type: ignore[attr-defined]
            return str(msvcrt.getwch()).lower()  # type: ignore[attr-defined]
        time.sleep(0.01)
    return None
