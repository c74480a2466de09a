"""Single keys from the terminal, without Enter; it is put back as it was, whatever happens."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ENTER = "\r"
ONWARD, BACK = "right", "left"
"""The arrow keys to the right and down, and those to the left and up."""
END_OF_INPUT = "\x04"
"""Ctrl-D."""
_ESCAPE = "\x1b"
_ARROWS = {"A": BACK, "B": ONWARD, "C": ONWARD, "D": BACK}
_REST_OF_KEY_S = 0.02
_LONGEST_KEY_BYTES = 16


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
        with contextlib.suppress(termios.error):  # nothing to put back where it is gone
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def key_within(seconds: float) -> str | None:
    """The next key in lower case, Enter as ENTER, an arrow as its name; None where none came.

    Raises KeyboardInterrupt where the terminal is gone.

    A key that sends several characters is one key: its last letter must not pass for an answer.
    """
    if sys.platform == "win32":
        return _windows_key(seconds)
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    if not ready:
        return None
    try:
        read = os.read(sys.stdin.fileno(), 1)
    except OSError:
        read = b""
    if not read:  # the terminal is gone: as if it had been left, for asking on would never end
        raise KeyboardInterrupt
    key = read.decode(errors="ignore").lower()
    if key == _ESCAPE:
        return _key_of_several()
    return ENTER if key in ("\r", "\n") else key


def _key_of_several() -> str:
    """An arrow's name; Escape for itself and for every other key that begins with it."""
    rest = ""
    while len(rest) < _LONGEST_KEY_BYTES:
        ready, _, _ = select.select([sys.stdin], [], [], _REST_OF_KEY_S)
        if not ready:
            break
        rest += os.read(sys.stdin.fileno(), 1).decode(errors="ignore")
        if len(rest) > 1 and (rest[-1].isalpha() or rest[-1] == "~"):
            break
    return _ARROWS.get(rest[-1:], _ESCAPE) if rest[:1] in ("[", "O") else _ESCAPE


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
