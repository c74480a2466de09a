"""One key for a choice; where there is no terminal, lines are read instead and can be scripted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

LETTERS = "ABCDEF"
LEAVE = "q"


def key_hit(console: Console, hint: str, allowed: str, otherwise: str | None) -> str:
    """One of the allowed keys, after the hint has told them; `otherwise` is what Enter means.

    The arrow keys go on and back. Ctrl-C, Ctrl-D and the end of what was piped in leave.
    """
    if not sys.stdin.isatty():
        console.print(hint, style="bright_black")
        return _typed(allowed, otherwise)
    try:
        return _hit(console, hint, allowed, otherwise)
    except KeyboardInterrupt:
        return LEAVE
    finally:  # what remains on the screen is the lesson
        console.file.write("\r" + " " * len(hint) + "\r")
        console.file.flush()


def _typed(allowed: str, otherwise: str | None) -> str:
    for line in sys.stdin:
        wish = line.strip().lower()[:1]
        if wish and wish in allowed:
            return wish
        if not wish and otherwise is not None:
            return otherwise
    return LEAVE


def _hit(console: Console, hint: str, allowed: str, otherwise: str | None) -> str:
    from mock_interviewer.cli.keys import (
        BACK,
        END_OF_INPUT,
        ENTER,
        ONWARD,
        forget_keys,
        key_within,
        single_keys,
    )

    forget_keys()  # a key hit twice must not skip what was not read yet
    with single_keys():
        console.print(hint, style="bright_black", end="")
        while True:
            key = key_within(0.5)
            if key is None:
                continue
            if key == END_OF_INPUT:
                return LEAVE
            if key == BACK and "b" in allowed and otherwise is not None:  # else b is an answer
                return "b"
            if key in (ENTER, ONWARD, " ") and otherwise is not None:
                return otherwise
            if key and key in allowed:
                return key


def wants_more(console: Console) -> bool:
    """Wait until what was shown has been read; False to leave. Piped lines are not waited for."""
    return not sys.stdin.isatty() or key_hit(console, "Enter next · q leave", LEAVE, "") != LEAVE


def letter_hit(
    console: Console,
    options: int,
    hint: str | None,
    on_hint: Callable[[], None] = lambda: None,
) -> int | None:
    """The option that was chosen, from 0; None to leave. The hint is shown on request."""
    letters = LETTERS[:options].lower()
    told = f"{letters[0]} to {letters[-1]}" + (" · h hint" if hint else "") + " · q leave"
    while True:
        key = key_hit(console, told, letters + ("h" if hint else "") + LEAVE, otherwise=None)
        if key == LEAVE:
            return None
        if key == "h":
            on_hint()
            console.print(f"  Hint: {hint}", style="italic")
            continue
        return letters.index(key)
