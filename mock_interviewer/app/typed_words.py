"""Typed answers that have no transcript yet: 'take1.typed.txt', as it was typed, line by line.

Such a file lies beside the take's other files from the first line on, and goes when the transcript
is written. Whoever finds one found an answer that broke off.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from mock_interviewer.errors import HomeFault

TYPED_SUFFIX = ".typed.txt"
_TAKE = re.compile(r"take(\d+)\.typed\.txt")


def typed_beside(recording: Path) -> Path:
    """Where an answer is kept while it is typed; recording is where a microphone would write."""
    return recording.with_name(recording.stem + TYPED_SUFFIX)


def lines_in(path: Path) -> list[str]:
    """The lines that were typed; none where there is no such file."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line.strip() for line in lines if line.strip()]


def typed_takes(folder: Path) -> dict[int, Path]:
    """The takes of an opening answer that were typed and not written down, by their numbers."""
    return {
        int(found[1]): path
        for path in folder.glob(f"take*{TYPED_SUFFIX}")
        if (found := _TAKE.fullmatch(path.name))
        and lines_in(path)
        and not path.with_name(f"take{found[1]}.json").is_file()
    }


def taken_up(path: Path) -> list[str]:
    """What was typed before the interview broke off, moved to path, where it goes on.

    Raises HomeFault.
    """
    left = typed_takes(path.parent)
    if left and not path.exists():
        try:
            os.replace(left[max(left)], path)
        except OSError as error:
            raise HomeFault(f"Cannot write to {path.parent}: {error.strerror or error}.") from error
    return lines_in(path)


def forget(recording: Path) -> None:
    """Remove what was kept while it was typed: its transcript is written."""
    with suppress(OSError):
        typed_beside(recording).unlink(missing_ok=True)
