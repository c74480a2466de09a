"""Words as they lie on disk: transcripts, what is kept of them, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_interviewer.adapters import corrections
from mock_interviewer.adapters.session_folders import as_text, write_whole
from mock_interviewer.core.question import AskedAs, Question
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.wiring.home import SystemClock

if TYPE_CHECKING:
    from mock_interviewer.core.correction import StageMark


def transcript_of_text(text: str, language: str | None = None) -> Transcript:
    """Typed words: no times, no doubts."""
    words = tuple(Word(word) for word in text.split())
    return Transcript(words, engine="typed", language=language)


def read_transcript(path: Path) -> tuple[Transcript, AskedAs]:
    """A transcript of any tool, and what it says was asked."""
    from mock_interviewer.adapters import transcript_files

    read = transcript_files.read_transcript(path)
    return read.transcript, read.interview or AskedAs()


def write_transcript(path: Path, transcript: Transcript, question: Question) -> None:
    """A session's transcript, as Whisper JSON."""
    from mock_interviewer.adapters import transcript_files

    asked = AskedAs(
        question.text, question.principle, question.level, question.counts, question.kind
    )
    transcript_files.write_whisper_json(path, transcript, asked)


def is_text(path: Path) -> bool:
    """True if a file holds text and not sound."""
    from mock_interviewer.adapters import transcript_files

    return transcript_files.is_text(path)


def write_json(path: Path, value: dict[str, Any]) -> None:
    """An analysis or judgement, whole or not at all."""
    write_whole(path, as_text(value))


def write_correction(written: Path, text: str) -> None:
    """Keep the person's text beside a session's transcript."""
    before = corrections.read_correction(written)
    if before is None:
        before = read_transcript(written)[0].text
    corrections.write_correction(written, before, text, SystemClock().now_at())


def write_marks(written: Path, marks: Sequence[StageMark]) -> None:
    """Keep the person's stages beside a session's transcript."""
    corrections.write_marks(written, marks, SystemClock().now_at())
