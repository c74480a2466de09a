"""The standard streams and the width of what is shown, made fit before anything is read or said.

A stream that was closed becomes one that is empty, and a character that an encoding lacks becomes
'?'. What stdout does not take is OutputLost and no OSError: on those typer and rich would end the
program themselves, with a status of their own. A width from the environment is one that lines fit
into.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SIZES = {"COLUMNS": (20, 200), "LINES": (10, 200)}
"""What the environment may say of the terminal: variable to least and most."""


class OutputLost(Exception):
    """stdout takes nothing more: its reader has seen enough, or its disk is full."""

    def __init__(self, fault: OSError) -> None:
        super().__init__(f"The output could not be written: {_why(fault)}.")
        self.is_enough = isinstance(fault, BrokenPipeError)


def _why(fault: OSError) -> str:
    import errno

    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full"
    return fault.strerror or str(fault)


class _Output(io.FileIO):
    """What lies under stdout; its faults are OutputLost in every layer above it."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as fault:
            raise OutputLost(fault) from fault


def make_fit() -> None:
    """See to stdin, stdout, stderr and the environment; streams of another kind are left alone."""
    sys.stdin = sys.stdin or _empty("r")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a word with a strange sign is better than none
    sys.stdout = _watched(sys.stdout) if sys.stdout else _empty("w")
    sys.stderr = sys.stderr or _empty("w")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="replace")
    clamp_size(os.environ)


def _empty(mode: str) -> TextIO:
    return cast(TextIO, open(os.devnull, mode, encoding="utf-8"))


def _watched(stream: TextIO) -> TextIO:
    """The same file, where it is one: it takes any character, and its faults are OutputLost."""
    binary = getattr(stream, "buffer", None)
    raw = getattr(binary, "raw", binary)
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(raw, io.FileIO):
        return stream
    beneath = _Output(raw.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        cast(BinaryIO, beneath if raw is binary else io.BufferedWriter(beneath)),
        encoding=stream.encoding,
        errors="replace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def clamp_size(environment: MutableMapping[str, str]) -> None:
    """Keep the terminal's size within bounds; what says no size is dropped.

    >>> told = {"COLUMNS": "9" * 21, "LINES": "0"}
    >>> clamp_size(told)
    >>> told
    {'COLUMNS': '200'}
    """
    for name, (least, most) in SIZES.items():
        digits = environment.get(name, "").strip().lstrip("0")
        if digits.isascii() and digits.isdigit():
            size = int(digits[:9])
            environment[name] = str(min(max(size, least), most))
        else:
            environment.pop(name, None)


def give_up(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere, so that leaving does not fail on it."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
