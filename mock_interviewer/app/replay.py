"""Feedback on what was said before: a session, a recording, or a transcript of any tool.

Each thing to replay becomes one or more answers with a question to read them by. What the command
line says of the question wins over what the file says, and that over the default. A thing that
cannot be read becomes an error in its place, and the others go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.correction import StageMark, corrected
from mock_interviewer.core.question import DEFAULT_QUESTION, AskedAs, Question
from mock_interviewer.core.reader_remarks import Opinion
from mock_interviewer.core.rubric import USUAL_COUNTS, Level, Principle
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.errors import BadInput, InterviewError
from mock_interviewer.ports import Audio, Progress, Transcriber

Regions = tuple[tuple[float, float], ...]
EMPTY_WAV_BYTES = 44


@dataclass(frozen=True)
class Wanted:
    """What the command line says of the question; None leaves it to the file."""

    question: Question | None = None
    principle: Principle | None = None
    level: Level | None = None


@dataclass(frozen=True)
class Saying:
    """One answer to be analysed."""

    source: str
    transcript: Transcript
    asked: AskedAs
    audio: Audio | None = None
    recording: Path | None = None
    written_down_at: Path | None = None
    """The session's transcript file, where a correction belongs beside; None outside sessions."""
    marks: tuple[StageMark, ...] = ()
    """The stages as the person corrected them."""


@dataclass(frozen=True)
class Replayed:
    """An analysed answer, or why there is none."""

    source: str
    saying: Saying | None = None
    analysis: Analysis | None = None
    error: str | None = None
    opinion: Opinion | None = None
    """What a second reader says, where one was asked."""


class Analyse(Protocol):
    """The core's analysis with everything that it needs."""

    def __call__(
        self,
        transcript: Transcript,
        question: Question,
        regions: Regions | None,
        hums: Regions | None = None,
        marks: Sequence[StageMark] = (),
    ) -> Analysis: ...


@dataclass(frozen=True)
class Replayer:
    """What replaying needs of the world."""

    read_transcript: Callable[[Path], tuple[Transcript, AskedAs]]
    read_audio: Callable[[Path], Audio]
    is_text: Callable[[Path], bool]
    speech_regions: Callable[[Audio], Regions]
    transcriber: Callable[[], Transcriber]
    """Called at the first recording only: loading an engine takes time."""
    find_hums: Callable[[Audio, Transcript], Regions]
    analyse: Analyse
    find_session: Callable[[str], Path]
    find_question: Callable[[str], Question | None]
    """A pack's question with exactly this id or text."""
    default_text: Callable[[Transcript], str]
    """What was asked, in the transcript's language, where nobody says."""
    read_correction: Callable[[Path], str | None]
    """The person's text that belongs to a session's transcript file."""
    read_marks: Callable[[Path], tuple[StageMark, ...]]
    """The person's stages that belong to it."""
    progress: Progress | None = None

    def replay(self, source: str, wanted: Wanted) -> Iterator[Replayed]:
        """Every answer behind one source, in order; an error in its place where it cannot be."""
        try:
            for saying in self.sayings(source):
                yield self.analysed(saying, wanted)
        except InterviewError as error:
            yield Replayed(source, error=str(error))

    def sayings(self, source: str) -> Iterator[Saying]:
        """The answers behind a path or a session's name. Raises InterviewError."""
        path = Path(source)
        if path.is_file():
            yield self._saying_of_file(source, path)
        elif path.is_dir():
            yield from self._sayings_of_session(source, path)
        elif _looks_like_path(source):
            raise BadInput(f"{source} does not exist; name a recording, a transcript or a session.")
        else:
            yield from self._sayings_of_session(source, self.find_session(source))

    def analysed(self, saying: Saying, wanted: Wanted) -> Replayed:
        """One answer with its question and its analysis."""
        regions = self.speech_regions(saying.audio) if saying.audio else None
        default_text = self.default_text(saying.transcript)
        question = question_for(saying.asked, wanted, self.find_question, default_text)
        hums = self.find_hums(saying.audio, saying.transcript) if saying.audio else None
        analysis = self.analyse(saying.transcript, question, regions, hums, saying.marks)
        return Replayed(saying.source, saying, analysis)

    def _saying_of_file(self, source: str, path: Path) -> Saying:
        if not self.is_text(path):
            return self._saying_of_recording(source, path)
        transcript, asked = self.read_transcript(path)
        return Saying(source, transcript, asked)

    def _saying_of_recording(self, source: str, path: Path) -> Saying:
        audio = self.read_audio(path)
        transcript = self.transcriber().transcribe(audio, self.progress)
        return Saying(source, transcript, AskedAs(), audio, path)

    def _sayings_of_session(self, source: str, folder: Path) -> Iterator[Saying]:
        answers = sorted(folder.glob("q*-*"), key=_question_number)
        if not answers and (folder.parent / "session.json").is_file():
            answers = [folder]
        takes = [take for answer in answers if (take := latest_take(answer))]
        if not takes:
            raise BadInput(f"{source} holds no answer: no recording and no transcript is in it.")
        for take in takes:
            named = source if len(takes) == 1 else f"{source.rstrip('/')}/{take.parent.name}"
            yield self.saying_of_take(named, take)

    def saying_of_take(self, source: str, stem: Path) -> Saying:
        """The answer of one take of a session, as a path without suffix. Raises InterviewError."""
        recording, written = stem.with_name(stem.name + ".wav"), stem.with_name(stem.name + ".json")
        if not written.is_file():  # the interview broke off before it was written down
            return self._saying_of_recording(source, recording)
        transcript, asked = self.read_transcript(written)
        correction = self.read_correction(written)
        if correction is not None:
            transcript = corrected(transcript, correction)
        saying = Saying(
            source, transcript, asked, written_down_at=written, marks=self.read_marks(written)
        )
        if not recording.is_file():  # typed
            return saying
        return replace(saying, audio=self.read_audio(recording), recording=recording)


def question_for(
    asked: AskedAs,
    wanted: Wanted,
    find_question: Callable[[str], Question | None],
    default_text: str = "",
) -> Question:
    """The question an answer is read by: the command line's, else the file's, else the default."""
    question = wanted.question
    if question is None:
        question = find_question(asked.question) if asked.question else None
        question = question or replace(DEFAULT_QUESTION, text=asked.question or default_text)
        if asked.principle is not None and asked.principle is not question.principle:
            question = replace(
                question, principle=asked.principle, counts=USUAL_COUNTS[asked.principle]
            )
        question = replace(
            question, level=asked.level or question.level, kind=asked.kind or question.kind
        )
    if wanted.principle is not None and wanted.principle is not question.principle:
        question = replace(
            question, principle=wanted.principle, counts=USUAL_COUNTS[wanted.principle]
        )
    if wanted.question is None and asked.counts is not None:
        question = replace(question, counts=frozenset(asked.counts))
    return replace(question, level=wanted.level or question.level)


def takes_in(folder: Path) -> tuple[int, ...]:
    """The numbers of an opening answer's takes, in order; an empty recording is none."""
    numbers = {
        int(found[1])
        for path in folder.glob("take*")
        if (found := re.fullmatch(r"take(\d+)\.(wav|json)", path.name)) and _holds_anything(path)
    }
    return tuple(sorted(numbers))


def _holds_anything(path: Path) -> bool:
    """False for a recording that ends with its header: nothing was said into it."""
    return path.suffix != ".wav" or path.stat().st_size > EMPTY_WAV_BYTES


def latest_take(folder: Path) -> Path | None:
    """The last take of an opening answer, as a path without suffix; None where there is none."""
    numbers = takes_in(folder)
    return folder / f"take{numbers[-1]}" if numbers else None


def _question_number(folder: Path) -> int:
    found = re.match(r"q(\d+)-", folder.name)
    return int(found[1]) if found else 0


def _looks_like_path(source: str) -> bool:
    return "/" in source or "\\" in source or bool(Path(source).suffix)
