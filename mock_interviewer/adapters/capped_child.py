"""Running a child to its end, and of what it prints only the last is kept.

A voice or a sound library that has gone wrong may print without end until its deadline.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

LAST_BYTES = 1 << 20
_PIECE_BYTES = 1 << 16
_JOIN_S = 2.0
"""A child of the child may hold a pipe for ever."""


@dataclass(frozen=True)
class Ended:
    """How a child ended, and the last that it printed."""

    status: int
    out: bytes
    err: bytes


def run_to_end(command: Sequence[str], order: bytes, deadline_s: float) -> Ended:
    """Give it the order on stdin. Raises subprocess.TimeoutExpired, having killed it; OSError."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as child:
        assert child.stdin is not None
        out, err = _Last(child.stdout), _Last(child.stderr)
        try:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(order)
                child.stdin.close()
            status = child.wait(deadline_s)
        except BaseException:
            child.kill()
            raise
        finally:
            for last in (out, err):
                last.thread.join(_JOIN_S)
    return Ended(status, bytes(out.told), bytes(err.told))


class _Last:
    """Reads a pipe to its end in a thread of its own."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        assert pipe is not None
        self.told = bytearray()
        self.thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self.thread.start()

    def _read(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while piece := pipe.read1(_PIECE_BYTES):  # type: ignore[attr-defined]
                self.told += piece
                del self.told[:-LAST_BYTES]
