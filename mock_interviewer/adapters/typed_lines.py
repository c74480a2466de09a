"""A typed answer's lines, appended to its own file as they come, for its owner only."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from mock_interviewer.adapters.session_folders import plain_disk_errors


def append_lines(path: Path, lines: list[str]) -> None:
    """Add these lines; they are whole on disk when this returns, or not at all. Raises HomeFault.

    What went half onto a full disk is cut off again, so that another try doubles nothing.
    """
    with plain_disk_errors(path.parent):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            _append_whole(descriptor, "".join(f"{line}\n" for line in lines).encode())
        finally:
            os.close(descriptor)


def _append_whole(descriptor: int, raw: bytes) -> None:
    before = os.fstat(descriptor).st_size
    try:
        while raw:
            raw = raw[os.write(descriptor, raw) :]
        os.fsync(descriptor)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, before)
        raise
