"""Which sessions were not ended: a mark in the folder, from its beginning until all is judged.

A program that is killed leaves the mark behind, and the next start looks only into folders that
have one, so that a history of thousands costs no more than a look for a name in each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mock_interviewer.adapters.audio_files import RATE_HZ
from mock_interviewer.adapters.wav_writer import repair

MARK = ".under-way"
MOST_BARE = 5
"""So many of the newest folders are looked into for being empty."""
_ANSWER = re.compile(r"(take|probe)\d+(-[a-z0-9-]+)?\.wav")


def mark(session: Path) -> None:
    """Say that a session has begun. Raises OSError."""
    (session / MARK).touch(mode=0o600)


def unmark(session: Path) -> None:
    """Say that nothing is left to be done in it."""
    with suppress(OSError):
        (session / MARK).unlink(missing_ok=True)


def marked(sessions: Path) -> list[Path]:
    """The sessions that were not ended, oldest first."""
    folders = sorted(_folders(sessions))
    # killed before there could be a mark
    bare = {folder for folder in folders[-MOST_BARE:] if not any(folder.iterdir())}
    return [folder for folder in folders if folder in bare or (folder / MARK).is_file()]


def _folders(sessions: Path) -> Iterator[Path]:
    with suppress(OSError), os.scandir(sessions) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)


def tidied(session: Path) -> bool:
    """Mend the headers and remove half-written files; only where nobody writes.

    False if nothing at all was in the session, and it is gone.
    """
    for path in session.rglob("*.part"):
        with suppress(OSError):
            path.unlink()
    for path in session.glob("q*/*.wav"):
        if _ANSWER.fullmatch(path.name):
            with suppress(OSError):
                repair(path, RATE_HZ)
    if {path.name for path in session.iterdir()} <= {MARK}:
        unmark(session)
        with suppress(OSError):
            session.rmdir()
        return False
    return True
