"""One answer while it is recorded: what counts of the sound, its file, where the voice is in it.

Nothing counts before the question has ended (`not_before`), nor while the person has paused. The
file is whole after every block, so what was said survives whatever happens next.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mock_interviewer.adapters.audio_files import RATE_HZ
from mock_interviewer.adapters.guarded_vad import GuardedVad
from mock_interviewer.adapters.vad import FRAME_S
from mock_interviewer.adapters.wav_writer import WavWriter
from mock_interviewer.core.sound_heard import Fault, Gap
from mock_interviewer.core.speech_regions import Regions
from mock_interviewer.core.voice_heard import VoiceHeard, hear
from mock_interviewer.errors import HomeFault

QUESTION_GUARD_S = 0.15
"""How long a room still sounds of the question; added to its end it makes `not_before`."""
Int16 = npt.NDArray[np.int16]

MOST_NOTES = 100


@dataclass(frozen=True)
class Take:
    """One recorded answer."""

    path: Path
    duration_s: float
    regions: Regions
    """Stretches of speech, in seconds of the file."""
    thinking_s: float | None
    """From the question's end to the first word; None where either is unknown."""
    gaps: tuple[Gap, ...]
    faults: tuple[Fault, ...]


class Recording:
    """What belongs to one answer."""

    def __init__(self, path: Path, not_before: float | None) -> None:
        self.vad = GuardedVad()
        self.voice = VoiceHeard(FRAME_S)
        self.writer = WavWriter(path, RATE_HZ)
        self.not_before = not_before
        self.first_at: float | None = None
        """The clock time of the first sample written."""
        self.is_paused = False
        self.is_writable = True
        self.gaps: deque[Gap] = deque(maxlen=MOST_NOTES)
        self.faults: deque[Fault] = deque(maxlen=MOST_NOTES)

    def lead_s(self) -> float | None:
        """From the question's end to the first sample."""
        if self.not_before is None or self.first_at is None:
            return None
        return self.first_at - (self.not_before - QUESTION_GUARD_S)

    def count(self, samples: Int16, started_at: float) -> None:
        """Write what counts of a block, and look for the voice in it. Raises HomeFault."""
        if self.is_paused or not self.is_writable:
            return
        if self.first_at is None and self.not_before is not None:
            early = max(0, int(np.ceil((self.not_before - started_at) * RATE_HZ)))
            samples, started_at = samples[early:], started_at + early / RATE_HZ
        if not len(samples):
            return
        try:
            self.writer.write(samples)
        except HomeFault:
            self.is_writable = False
            raise
        if self.first_at is None:
            self.first_at = started_at
        probabilities = self.vad.push(samples.astype(np.float32) / np.float32(32_768))
        self.voice = hear(self.voice, probabilities.tolist())
