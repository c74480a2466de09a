"""What the loops need from the world, each port asking for one thing.

Adapters fulfil them; tests hand in scripted doubles. Audio is mono float32 in [-1, 1] with its
rate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.moves import Event, Outcome, ProbeOutcome, Turn
from mock_interviewer.core.pieces import Piece
from mock_interviewer.core.speech_regions import Regions
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.voice_heard import VoiceHeard

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

    def part(self, start_s: float, end_s: float) -> Audio:
        """What was recorded between two times."""
        first, end = (max(0, round(at_s * self.rate_hz)) for at_s in (start_s, end_s))
        return Audio(self.samples[first:end], self.rate_hz)


class Transcriber(Protocol):
    """Writes down what was said."""

    @property
    def name(self) -> str:
        """What is stored as `engine`: 'whisper base.en', 'pocketsphinx en-us'."""

    def transcribe(self, audio: Audio, progress: Progress | None = None) -> Transcript:
        """The words with times and probabilities; silence gives no words. Raises BadModel."""


class PieceTranscriber(Protocol):
    """Writes down one piece of a recording at a time, each without regard to the others."""

    @property
    def name(self) -> str:
        """What is stored as `engine`."""

    def hear(self, samples: Samples, piece: Piece) -> tuple[Word, ...]:
        """The words of one piece at 16 kHz, times in the whole recording. Raises BadModel."""


class Following(Protocol):
    """Writes an answer down while it is recorded."""

    @property
    def words(self) -> tuple[Word, ...]:
        """What is written down for good."""

    @property
    def until_s(self) -> float:
        """Up to where the recording is written down."""

    @property
    def fault(self) -> str | None:
        """One plain line if the text no longer keeps up with the speaker."""

    def begin(self, recording: Path) -> None:
        """Follow this file from its start; what was followed before is dropped."""

    def hear(self, voice: VoiceHeard) -> None:
        """Take in what is written, hand over what is ready to be; never waits."""

    def finish(self, regions: Regions, duration_s: float, progress: Progress | None) -> Transcript:
        """The text of the whole recording; only what is left has to be waited for.

        Raises BadModel where it cannot be written down, even by a second process.
        """


class Speaker(Protocol):
    """Turns text into a recording."""

    def speak_to_file(self, text: str, path: Path) -> None:
        """Write the spoken text as a WAV at path. Raises NoVoice."""


class Clock(Protocol):
    """What time it is."""

    def now_at(self) -> datetime:
        """Aware UTC."""


@dataclass(frozen=True)
class WrittenAlong:
    """An answer that was heard and written down while it was spoken."""

    regions: Regions
    """Where somebody spoke."""
    finish: Callable[[Progress | None], Transcript] | None
    """Gives the whole text, once; None where nobody wrote along. Raises BadModel."""


@dataclass(frozen=True)
class RecordedAnswer:
    """An answer as a recording, which the session keeps a copy of."""

    path: Path
    along: WrittenAlong | None = None
    """None where only the recording is there."""


@dataclass(frozen=True)
class TypedAnswer:
    """An answer as words: typed by the person, or written down earlier."""

    text: str


class Answers(Protocol):
    """Where a candidate's answers come from."""

    def listen(
        self, turn: Turn, asked: str, recording: Path
    ) -> RecordedAnswer | TypedAnswer | Event:
        """The answer to what was asked, or what the person wants instead (skip, stop, repeat).

        recording is where a microphone writes, so that what is said is on disk as it is said.
        """


class InterviewView(Protocol):
    """What a person sees of an interview."""

    def show_question(self, turn: Turn, text: str, spoken: Path | None) -> None:
        """The question or probe; spoken is its recording, None where nothing can speak."""

    def show_progress(self, turn: Turn) -> Progress:
        """Something to call while the answer is written down."""

    def show_answer(self, turn: Turn, analysis: Analysis) -> None:
        """What was made of the opening answer."""

    def show_reply(self, turn: Turn, outcome: ProbeOutcome, *, rescored: bool) -> None:
        """What was made of a reply."""

    def show_outcome(self, question_index: int, outcome: Outcome) -> None:
        """The whole of one question."""

    def explain(self, line: str) -> None:
        """One plain line about something that went wrong, or how something is done."""

    def show_end(self, outcomes: Sequence[Outcome], folder: Path, *, was_stopped: bool) -> None:
        """The interview is over; everything lies in the folder."""


class Recorded(Protocol):
    """What a microphone recorded between `begin` and `end`."""

    @property
    def duration_s(self) -> float:
        """How long the recording is."""

    @property
    def regions(self) -> Regions:
        """Where somebody spoke, in its seconds."""

    @property
    def thinking_s(self) -> float | None:
        """From the question's end to the first voice."""


class Listening(Protocol):
    """An open microphone."""

    @property
    def is_live(self) -> bool:
        """True from the first block on."""

    @property
    def level_dbfs(self) -> float:
        """How loud it is at this moment; full scale is 0."""

    @property
    def recorded_s(self) -> float:
        """How much has been recorded since `begin`."""

    @property
    def voice(self) -> VoiceHeard | None:
        """Where somebody spoke since `begin`; None between answers."""

    def begin(self, path: Path, not_before: float | None = None) -> None:
        """Record into path; nothing from before not_before (monotonic) is taken."""

    def pause(self) -> None:
        """Leave out what comes until `resume`."""

    def resume(self) -> None:
        """Go on with the same recording."""

    def change(self) -> None:
        """Go on with the next microphone there is, in the same recording; returns at once."""

    def end(self) -> Recorded:
        """Close the recording."""


class SoundPlaying(Protocol):
    """A recording that is being played."""

    @property
    def position_s(self) -> float:
        """How much of it was heard."""

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; True if it came. Raises DeviceFault where it cannot be played."""

    def stop(self) -> None:
        """Stop the sound at once."""


class Cues(Protocol):
    """Short tones: 'tick', 'ended', 'target', 'limit', 'go'."""

    def play(self, name: str) -> None:
        """Begin a tone; returns at once, and never fails."""


OpenMicrophone = Callable[[Callable[[str], None]], AbstractContextManager[Listening]]
"""Takes what to call with a plain line for each fault."""
PlaySound = Callable[[Path], AbstractContextManager[SoundPlaying]]
PlayAudio = Callable[[Audio], AbstractContextManager[SoundPlaying]]
