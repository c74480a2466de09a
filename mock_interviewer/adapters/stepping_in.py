"""pocketsphinx steps in where the chosen recogniser gives up: a rough text is better than none.

The chosen one runs in a process of its own, is ended at its deadline and started once more
(`following`); only then does the rough one write down the whole recording, from its file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from mock_interviewer.adapters.audio_files import RATE_HZ, resample, write_wav
from mock_interviewer.adapters.following import Follower
from mock_interviewer.adapters.vad import speech_regions
from mock_interviewer.core.speech_regions import Regions
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.voice_heard import VoiceHeard
from mock_interviewer.errors import BadModel, HomeFault
from mock_interviewer.ports import Audio, Progress, Transcriber


class SteppingIn:
    """Fulfils ports.Following: the chosen recogniser, and the rough one where that gives up."""

    def __init__(self, chosen: Follower, rough: Callable[[], Follower] | None) -> None:
        """Rough None where none knows the language."""
        self.chosen, self._rough = chosen, rough
        self._recording = Path()

    @property
    def words(self) -> tuple[Word, ...]:
        return self.chosen.words

    @property
    def until_s(self) -> float:
        return self.chosen.until_s

    @property
    def fault(self) -> str | None:
        return self.chosen.fault

    def begin(self, recording: Path) -> None:
        self._recording = recording
        self.chosen.begin(recording)

    def hear(self, voice: VoiceHeard) -> None:
        self.chosen.hear(voice)

    def finish(self, regions: Regions, duration_s: float, progress: Progress | None) -> Transcript:
        """The text of the whole recording, by whoever can. Raises BadModel where nobody can."""
        try:
            return self.chosen.finish(regions, duration_s, progress)
        except BadModel as fault:
            if self._rough is None:
                raise
            with closing(self._rough()) as rough:
                rough.begin(self._recording)
                try:
                    return rough.finish(regions, duration_s, progress)
                except BadModel:
                    raise fault from None

    def close(self) -> None:
        self.chosen.close()


class ApartTranscriber:
    """Fulfils ports.Transcriber for a whole recording, with the recogniser in its own process."""

    def __init__(self, chosen: Transcriber, start: Callable[[], SteppingIn]) -> None:
        self.name = chosen.name
        self._start = start

    def transcribe(self, audio: Audio, progress: Progress | None = None) -> Transcript:
        """The words with times and probabilities. Raises BadModel."""
        regions = speech_regions(audio)
        with tempfile.TemporaryDirectory() as folder, closing(self._start()) as following:
            recording = Path(folder, "recording.wav")
            try:
                write_wav(recording, resample(audio, RATE_HZ))
            except HomeFault as fault:
                raise BadModel(
                    f"The recording cannot be handed to the recogniser: {fault}"
                ) from None
            following.begin(recording)
            return following.finish(regions, audio.duration_s, progress)
