"""The interviewer cuts in: a spoken line that is heard out, and is not recorded."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from mock_interviewer.errors import InterviewError
from mock_interviewer.ports import PlaySound

LONGEST_INTERRUPTION_S = 8.0


def speak_up(interruption: Path | None, play: PlaySound | None) -> None:
    """Play the interruption to its end; nothing where there is no voice or no loudspeaker."""
    if interruption is not None and play is not None:
        with suppress(InterviewError), play(interruption) as playing:
            playing.wait(LONGEST_INTERRUPTION_S)
