"""The live interview as a person holds it: a real terminal, a real sound card, single keys."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sound_rig import SoundRig, sound_rig

from mock_interviewer.adapters.prompt_dir import fixtures_dir

ENTER = "\r"
PATIENCE_S = 60.0


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SoundRig]:
    with sound_rig(tmp_path / "rig") as running:
        yield running


class Terminal:
    """The program in a terminal of 80 x 24."""

    def __init__(self, rig: SoundRig, home: Path, *arguments: str) -> None:
        self.master, slave = pty.openpty()
        environment = rig.environment | {"MOCK_INTERVIEWER_HOME": str(home), "TERM": "xterm"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mock_interviewer.cli.main", "interview", *arguments],
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


def test_a_spoken_answer_is_heard_judged_and_kept(rig: SoundRig, tmp_path: Path) -> None:
    home = tmp_path / "home"
    arguments = ("nobody-owned-it", "--probes", "0", "--engine", "sphinx")
    terminal = Terminal(rig, home, *arguments)
    terminal.see("listening")
    rig.say(fixtures_dir() / "weak.flac")
    terminal.hit(ENTER)
    terminal.see("Practice verdict: no hire")
    assert terminal.end() == 0
    (session,) = (home / "sessions").iterdir()
    (folder,) = session.glob("q1-*")
    words = json.loads((folder / "take1.json").read_text())["text"].split()
    assert {"summer", "hotel", "important"} <= set(words)  # the first and the last are there
    assert len(words) > 45
    assert soundfile.info(folder / "take1.wav").duration > 20
    assert (folder / "question.wav").is_file()


def test_a_retake_a_pause_and_a_stop_lose_nothing(rig: SoundRig, tmp_path: Path) -> None:
    home = tmp_path / "home"
    arguments = ("nobody-owned-it", "--silent", "--engine", "sphinx")
    terminal = Terminal(rig, home, *arguments)
    at = terminal.see("listening")
    rig.say(fixtures_dir() / "weak-reply2.flac")
    terminal.hit("r")
    at = terminal.see("What you said is kept", at)
    at = terminal.see("listening", at)
    terminal.hit("p")
    at = terminal.see("paused", at)
    rig.say(fixtures_dir() / "weak-reply2.flac")  # not counted
    terminal.hit("p")
    terminal.see("listening", at)
    terminal.hit("q")
    assert terminal.end() == 0
    (folder,) = (home / "sessions").glob("*/q1-*")
    first, _ = soundfile.read(folder / "take1.wav")
    second, _ = soundfile.read(folder / "take2.wav")
    assert np.abs(first).max() > 0.1
    assert len(second) == 0 or np.abs(second).max() < 0.01


def test_an_interrupt_keeps_what_was_said_and_says_where(rig: SoundRig, tmp_path: Path) -> None:
    home = tmp_path / "home"
    terminal = Terminal(rig, home, "nobody-owned-it", "--silent", "--engine", "sphinx")
    terminal.see("listening")
    rig.say(fixtures_dir() / "weak-reply2.flac")
    terminal.process.send_signal(signal.SIGINT)
    terminal.end()
    (recording,) = home.rglob("take1.wav")
    assert np.abs(soundfile.read(recording)[0]).max() > 0.1
    assert "kept" in terminal.shown
    assert "Traceback" not in terminal.shown
