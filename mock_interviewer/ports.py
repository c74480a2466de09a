"""What the loops need from the world, each port asking for one thing.

Adapters fulfil them; tests hand in scripted doubles. Audio is mono float32 in [-1, 1] with its
rate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mock_interviewer.core.transcript import Transcript

Samples = npt.NDArray[np.float32]
Progress = Callable[[float], None]
"""Called with the share done, 0 to 1."""


@dataclass(frozen=True)
class Audio:
    """A recording in memory."""

    samples: Samples
    """Mono, shape (n,), float32 in [-1, 1]."""
    rate_hz: int

    @property
    def duration_s(self) -> float:
        return len(self.samples) / self.rate_hz


class Transcriber(Protocol):
    """Writes down what was said."""

    @property
    def name(self) -> str:
        """What is stored as `engine`: 'whisper base.en', 'pocketsphinx en-us'."""

    def transcribe(self, audio: Audio, progress: Progress | None = None) -> Transcript:
        """The words with times and probabilities; silence gives no words. Raises BadModel."""


class Speaker(Protocol):
    """Turns text into a recording."""

    def speak_to_file(self, text: str, path: Path) -> None:
        """Write the spoken text as a WAV at path. Raises NoVoice."""
