"""The voice: pyttsx3 turns text into a recording, in a child process of its own.

pyttsx3 reports the end of speech before it, cannot be stopped, and on Linux speaks with espeak-ng,
which is GPL: so it only ever writes a WAV, in a process that may hang or die. A spoken text is
kept, by text, voice and rate, so that a question is synthesised once. On Linux the child takes
espeak-ng from the wheel `espeakng-loader`; on macOS and Windows the system's own voices are used
(not tried by us). Playing is not done here.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mock_interviewer.adapters.capped_child import run_to_end
from mock_interviewer.errors import NoVoice

RATE_WPM = 165
"""A calm interviewer."""
DEADLINE_S = 20.0
SHORTEST_S = 0.3
CHILD = (sys.executable, "-m", "mock_interviewer.adapters.voice_child")


@dataclass(frozen=True)
class Pyttsx3Voice:
    """Fulfils ports.Speaker."""

    cache_dir: Path
    voice: str | None = None
    """A voice's id as pyttsx3 names it; None takes the first one that `wanted` describes."""
    rate_wpm: int = RATE_WPM
    wanted: tuple[str, ...] = ()
    """Expressions over a voice's id, name and languages, the best first."""
    any_voice: bool = True
    """Whether the system's own voice will do where none is as wanted."""
    deadline_s: float = DEADLINE_S
    child: Sequence[str] = field(default=CHILD)

    def speak_to_file(self, text: str, path: Path) -> None:
        """Write the spoken text as a WAV at path. Raises NoVoice."""
        spoken = self.cache_dir / f"{self._key(text)}.wav"
        try:
            if not spoken.is_file():
                self.cache_dir.mkdir(parents=True, mode=0o700, exist_ok=True)
                self._synthesise(text, spoken)
            shutil.copyfile(spoken, path)
        except OSError as error:
            raise NoVoice(
                f"The question is shown, not spoken: {error.strerror or error} ({path.parent})."
            ) from error

    def _key(self, text: str) -> str:
        told = json.dumps([text, self.voice or self.wanted, self.rate_wpm])
        return hashlib.sha256(told.encode()).hexdigest()[:24]

    def _synthesise(self, text: str, spoken: Path) -> None:
        part = spoken.with_name(f"{spoken.stem}.{os.getpid()}.part.wav")
        order = {
            "text": text,
            "path": str(part),
            "voice": self.voice,
            "rate": self.rate_wpm,
            "wanted": self.wanted,
            "any_voice": self.any_voice,
        }
        try:
            ended = run_to_end(self.child, json.dumps(order).encode(), self.deadline_s)
            if ended.status != 0:
                raise NoVoice(_plain(_last_line(ended.err) or f"exit {ended.status}"))
            if _seconds(part) < SHORTEST_S:
                raise NoVoice(_plain("the voice wrote no sound"))
            os.replace(part, spoken)
        except subprocess.TimeoutExpired:
            raise NoVoice(_plain(f"the voice took over {self.deadline_s:.0f} s")) from None
        finally:
            part.unlink(missing_ok=True)


def voices(child: Sequence[str] = CHILD) -> tuple[tuple[str, str], ...]:
    """The voices there are: id, and name with languages. Raises NoVoice."""
    try:
        ended = run_to_end(child, json.dumps({"list": True}).encode(), DEADLINE_S)
        if ended.status != 0:
            why = _last_line(ended.err) or f"exit {ended.status}"
            raise NoVoice(f"No voice can be asked: {why}.")
        told = json.loads(ended.out.splitlines()[-1])
    except (subprocess.SubprocessError, OSError, ValueError, IndexError) as error:
        raise NoVoice(f"No voice can be asked: {error}.") from error
    return tuple((str(i), f"{name} ({', '.join(map(str, known))})") for i, name, known in told)


def _plain(why: str) -> str:
    return f"The question is shown, not spoken: {why}."


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode(errors="replace").strip().splitlines()
    return lines[-1].strip().rstrip(".")[:160] if lines else ""


def _seconds(path: Path) -> float:
    """How long a recording is; 0 for what is none."""
    import soundfile

    try:
        return float(soundfile.info(str(path)).duration)
    except (soundfile.SoundFileError, OSError):
        return 0.0
