"""Interviews in which nothing was said: they leave nothing behind."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from mock_interviewer.app.replay import EMPTY_WAV_BYTES

_NO_ANSWER = re.compile(
    r"session\.json|\.under-way|question\.wav|probe\d+\.question\.wav|.+\.events\.jsonl|.+\.part"
)


def holds_an_answer(session: Path) -> bool:
    """True if anything that was said, or made of it, is in the session's folder."""
    return any(_is_of_an_answer(path) for path in session.rglob("*") if path.is_file())


def _is_of_an_answer(path: Path) -> bool:
    if _NO_ANSWER.fullmatch(path.name):
        return False
    least = EMPTY_WAV_BYTES if path.suffix == ".wav" else 0
    return path.stat().st_size > least


def remove_unanswered(session: Path) -> None:
    """Remove a session in which nothing was said; any other stays."""
    if not holds_an_answer(session):
        shutil.rmtree(session, ignore_errors=True)
