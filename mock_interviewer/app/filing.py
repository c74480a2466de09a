"""Answers that come from elsewhere, filed as sessions: an upload, a stage that was told again.

An upload becomes a session of one question, so that it is kept, found again and corrected like any
other. A stage told again becomes two things: a recording of its own (`take2-result.wav`), and a
take of the whole answer with the new stage spliced in (`take2.wav`). What was there before stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from mock_interviewer import __version__
from mock_interviewer.app.kept_outcomes import question_state
from mock_interviewer.app.replay import Analyse, Saying
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.moves import Outcome
from mock_interviewer.core.question import Question
from mock_interviewer.core.report import analysis_json
from mock_interviewer.core.rubric import RUBRIC_VERSION, Stage
from mock_interviewer.core.splicing import (
    cuts_for,
    speech_part,
    spliced_sound,
    spliced_text,
    spliced_words,
)
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.errors import BadInput
from mock_interviewer.ports import Audio, Progress

Regions = tuple[tuple[float, float], ...]


class SessionPlace(Protocol):
    """A session's folder."""

    @property
    def path(self) -> Path:
        """Where it is."""

    def write_state(self, state: dict[str, Any]) -> None:
        """Replace session.json, whole."""


@dataclass(frozen=True)
class Shelf:
    """What filing needs of the world; every function may raise an InterviewError."""

    write_audio: Callable[[Path, Audio], None]
    speech_regions: Callable[[Audio], Regions]
    transcribe: Callable[[Audio, Progress | None], Transcript]
    write_transcript: Callable[[Path, Transcript, Question], None]
    write_json: Callable[[Path, dict[str, Any]], None]
    analyse: Analyse

    def file_upload(
        self,
        session: SessionPlace,
        folder: str,
        name: str,
        question: Question,
        sound: Audio | None,
        words: Transcript | None,
        progress: Progress | None = None,
    ) -> Analysis:
        """Keep a recording (sound) or a transcript (words) as a session of one question."""
        answer = session.path / folder
        answer.mkdir(mode=0o700)
        state = {
            "mock_interviewer": __version__,
            "rubric_version": RUBRIC_VERSION,
            "engine": words.engine if words else None,
            "uploaded": name,
            "probes_wanted": 0,
        }
        asked = Outcome(question)
        # first, so that an upload that breaks off is found again
        told = question_state(asked, folder, "writing_down")
        session.write_state({**state, "state": "writing_down", "questions": [told]})
        regions = None
        if sound is not None:
            self.write_audio(answer / "take1.wav", sound)
            regions = self.speech_regions(sound)
            words = self.transcribe(sound, progress)
        assert words is not None
        analysis = self._store(answer / "take1", words, question, regions, session.path.name)
        told = question_state(replace(asked, analysis=analysis), folder, "over")
        session.write_state({**state, "engine": words.engine, "state": "over", "questions": [told]})
        return analysis

    def retell(
        self,
        saying: Saying,
        analysis: Analysis,
        regions: Regions,
        stage: Stage,
        recorded: Audio,
        stem: Path,
        progress: Progress | None = None,
    ) -> Analysis:
        """Splice a stage that was told again into the answer, as the take at stem.

        The recording of the stage itself lies already at `<stem>-<stage>.wav`. Raises BadInput
        where it holds no words.
        """
        assert saying.audio is not None
        new_regions = self.speech_regions(recorded)
        words = self.transcribe(recorded, progress)
        if not words.words or not new_regions:
            raise BadInput(
                "Nothing was heard in the new recording; your answer is as it was. Tell it again."
            )
        question = analysis.question
        self.write_transcript(stem.with_name(f"{stem.name}-{stage}.json"), words, question)
        part = speech_part(new_regions, recorded.duration_s)
        cuts = cuts_for(stage, analysis.units, regions, saying.audio.duration_s)
        new = recorded.part(*part).samples
        joined = Audio(
            spliced_sound(saying.audio.samples, new, cuts, saying.audio.rate_hz),
            saying.audio.rate_hz,
        )
        whole = spliced_words(saying.transcript, words, cuts, part)
        self.write_audio(stem.with_name(f"{stem.name}.wav"), joined)
        return self._store(stem, whole, question, self.speech_regions(joined), saying.source)

    def retype(
        self, saying: Saying, analysis: Analysis, stage: Stage, text: str, stem: Path
    ) -> Analysis:
        """The same for an answer without sound: typed words in place of the stage's."""
        whole = spliced_text(saying.transcript, analysis.units, stage, text)
        return self._store(stem, whole, analysis.question, None, saying.source)

    def _store(
        self,
        stem: Path,
        words: Transcript,
        question: Question,
        regions: Regions | None,
        source: str,
    ) -> Analysis:
        self.write_transcript(stem.with_name(f"{stem.name}.json"), words, question)
        analysis = self.analyse(words, question, regions)
        stored = analysis_json(analysis, source)
        self.write_json(stem.with_name(f"{stem.name}.analysis.json"), stored)
        return analysis
