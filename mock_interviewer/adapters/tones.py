"""Cues by sound: the countdown's ticks, a stage's target and limit.

Whoever cannot hear them sees them all the same, so nothing that fails here is an error: without a
loudspeaker there are no tones.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys


class Tones:
    """A loudspeaker kept open for short tones, by name or part of it; None is the system's."""

    def __init__(self, device: str | None = None) -> None:
        command = [sys.executable, "-m", "mock_interviewer.adapters.tone_child", "tones"]
        self._process = subprocess.Popen(
            command if device is None else [*command, device],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal does not reach it
        )

    def play(self, name: str) -> None:
        """Begin a tone of tone_child.TONES; returns at once."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(name.encode() + b"\n")
            self._process.stdin.flush()

    def close(self) -> None:
        """End the stream."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2.0)
        with contextlib.suppress(OSError, AttributeError):
            self._process.stdin.close()  # type: ignore[union-attr]
