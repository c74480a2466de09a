"""The program in a terminal of its own, and what was heard of something that was played."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sound_rig import SoundRig, best_match

from mock_interviewer.adapters.audio_files import read_audio

ENTER = "\r"
PATIENCE_S = 60.0


class Terminal:
    """The program in a terminal of 80 x 24."""

    def __init__(
        self,
        rig: SoundRig | None,
        home: Path,
        *arguments: str,
        command: str = "interview",
        under: Sequence[str] = (),
    ) -> None:
        """Rig None leaves the sound as it is; command "" begins without one."""
        self.master, slave = pty.openpty()
        sound = rig.environment if rig is not None else dict(os.environ)
        environment = sound | {"MOCK_INTERVIEWER_HOME": str(home), "TERM": "xterm"}
        self.process = subprocess.Popen(
            [
                *under,
                *(sys.executable, "-m", "mock_interviewer.cli.main"),
                *command.split(),
                *arguments,
            ],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment | {"COLUMNS": "80", "LINES": "24"},
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""

    def see(self, text: str, after: int = 0) -> int:
        """Wait until the text is shown behind a place; the place behind it."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            found = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.shown).find(text, after)
            if found >= 0:
                return found + len(text)
            ready, _, _ = select.select([self.master], [], [], 0.2)
            if ready:
                try:
                    self.shown += os.read(self.master, 65536).decode(errors="replace")
                except OSError:
                    break
        raise AssertionError(f"'{text}' was not shown:\n{self.shown[-3000:]}")

    def look(self, seconds: float) -> None:
        """Take in what is shown within so many seconds, so that the program never waits for us."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if ready:
            with contextlib.suppress(OSError):
                self.shown += os.read(self.master, 65536).decode(errors="replace")

    def hit(self, key: str) -> None:
        os.write(self.master, key.encode())

    def end(self) -> int:
        until = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < until:
            ready, _, _ = select.select([self.master], [], [], 0.1)
            if ready:
                try:
                    self.shown += os.read(self.master, 65536).decode(errors="replace")
                except OSError:
                    break
        status = self.process.wait(5)
        os.close(self.master)
        return status


def heard_in(recording: Path, played: Path) -> tuple[float, float]:
    """Where in a recording something that was played is to be found, in seconds, and how alike.

    Second by second, and the middle of all: a busy machine may play a moment too late.
    """
    samples, sought = read_audio(recording).samples, read_audio(played).samples
    seconds = range(8_000, len(sought) - 16_000, 16_000)
    found = [(at, *best_match(samples, sought[at : at + 16_000])) for at in seconds]
    starts_s = sorted((place - at) / 16_000 for at, place, _ in found)
    alike = sorted(likeness for *_, likeness in found)
    return starts_s[len(found) // 2], alike[len(found) // 2]
