"""Feedback on what was said before: a session, a recording, or a transcript of any tool.

Each thing to replay becomes one or more answers with a question to read them by. What the command
line says of the question wins over what the file says, and that over the default. A thing that
cannot be read or judged becomes an error in its place, and the others go on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.correction import StageMark, corrected
from mock_interviewer.core.lenses import seen_as
from mock_interviewer.core.question import DEFAULT_QUESTION, AskedAs, Question
from mock_interviewer.core.reader_remarks import Opinion
from mock_interviewer.core.rescoring import AfterProbes, GivenReply, after_probes
from mock_interviewer.core.rubric import Kind, Level, Principle
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.errors import BadInput, InterviewError, UnknownName, plain_line
from mock_interviewer.ports import Audio, Progress, Transcriber

Regions = tuple[tuple[float, float], ...]
EMPTY_WAV_BYTES = 44
_NAMED_ANSWER = re.compile(r"(?P<session>[^/]+)/(?P<answer>q\d+-[^/]+)(?:/(?P<take>[^/]+))?")


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
    after: AfterProbes | None = None
    """What the replies made of it; None outside sessions and where nobody replied."""
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
    kind_of: Callable[[str, Transcript], Kind]
    """What a question in a person's own words asks for, in the transcript's language."""
    default_text: Callable[[Transcript], str]
    """What was asked, in the transcript's language, where nobody says."""
    read_correction: Callable[[Path], str | None]
    """The person's text that belongs to a session's transcript file."""
    read_marks: Callable[[Path], tuple[StageMark, ...]]
    """The person's stages that belong to it."""
    read_replies: Callable[[Path], tuple[GivenReply, ...]]
    """The replies to the probes in the folder of a session's answer."""
    progress: Progress | None = None

    def replay(self, source: str, wanted: Wanted) -> Iterator[Replayed]:
        """Every answer behind one source, in order; an error in its place where it cannot be."""
        try:
            for saying in self.sayings(source):
                yield self.analysed(saying, wanted)
        except InterviewError as error:
            yield Replayed(source, error=str(error))
        except Exception as fault:  # ours; the files that follow are not to pay for it
            yield Replayed(source, error=could_not_be_judged(source, fault))

    def sayings(self, source: str) -> Iterator[Saying]:
        """The answers behind a path or a session's name. Raises InterviewError."""
        path = Path(source)
        if path.is_file():
            yield self._saying_of_file(source, path)
        elif path.is_dir():
            if not os.access(path, os.R_OK | os.X_OK):
                raise BadInput(f"{source} cannot be read: you may not look into this folder.")
            yield from self._sayings_of_session(source, path)
        elif (take := self.take_named(source)) is not None:
            yield self.saying_of_take(source, take)
        elif _looks_like_path(source):
            raise BadInput(f"{source} does not exist; name a recording, a transcript or a session.")
        else:
            yield from self._sayings_of_session(source, self.find_session(source))

    def take_named(self, source: str) -> Path | None:
        """The take that SESSION/ANSWER or SESSION/ANSWER/N names; None for anything else.

        Raises UnknownName where the session is there and the answer or the take is not.
        """
        named = _NAMED_ANSWER.fullmatch(source)
        if named is None or Path(source).exists():
            return None
        try:
            session = self.find_session(named["session"])
        except UnknownName:
            return None
        folder, number = session / named["answer"], named["take"]
        takes = takes_in(folder)
        if not takes:
            raise UnknownName(f"There is no answer '{folder.name}' in session {session.name}.")
        if number is None:
            return folder / f"take{takes[-1]}"
        if not number.isdecimal() or int(number) not in takes:
            raise UnknownName(f"There is no take '{number}' of {folder.name} in {session.name}.")
        return folder / f"take{int(number)}"

    def question_of(self, saying: Saying, wanted: Wanted) -> Question:
        """The question by which an answer is read."""
        return question_for(
            saying.asked,
            wanted,
            self.find_question,
            self.default_text(saying.transcript),
            lambda text: self.kind_of(text, saying.transcript),
        )

    def analysed(self, saying: Saying, wanted: Wanted) -> Replayed:
        """One answer with its question, its analysis, and what the replies made of it."""
        regions = self.speech_regions(saying.audio) if saying.audio else None
        question = self.question_of(saying, wanted)
        hums = self.find_hums(saying.audio, saying.transcript) if saying.audio else None
        analysis = self.analyse(saying.transcript, question, regions, hums, saying.marks)
        written = saying.written_down_at
        replies = self.read_replies(written.parent) if written else ()
        after = after_probes(replies, question, analysis.verdict)
        return Replayed(saying.source, saying, analysis, after=after)

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
        takes = takes_that_count(folder)
        if not takes:
            raise BadInput(
                f"{source} holds no answer: no recording and no transcript is in it. Name another "
                "session ('mock-interviewer history' lists them), a recording or a transcript."
            )
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
        if not recording.is_file() or not transcript.is_timed:  # typed, be it beside some sound
            return saying
        return replace(saying, audio=self.read_audio(recording), recording=recording)


def question_for(
    asked: AskedAs,
    wanted: Wanted,
    find_question: Callable[[str], Question | None],
    default_text: str = "",
    kind_of: Callable[[str], Kind] = lambda _: Kind.STORY,
) -> Question:
    """The question an answer is read by: the command line's, else the file's, else the default.

    Another principle than the question's own brings what it usually counts with it. kind_of is
    asked about a question in a person's own words, where nobody says more of it.
    """
    question = wanted.question
    if question is None:
        question = find_question(asked.question) if asked.question else None
        if question is None:
            question = _brought(asked, default_text, kind_of, is_named=wanted.principle is not None)
        question = seen_as(
            question, asked.principle or question.principle, asked.level or question.level
        )
        counts = question.counts if asked.counts is None else frozenset(asked.counts)
        question = replace(question, counts=counts, kind=asked.kind or question.kind)
    return seen_as(question, wanted.principle or question.principle, wanted.level or question.level)


PLAIN_WORDS = 9
"""'Why do you want to work for us?' has eight."""


def _brought(
    asked: AskedAs, default_text: str, kind_of: Callable[[str], Kind], *, is_named: bool
) -> Question:
    """A question that no pack has: a story, unless its words ask for none.

    Whoever names a kind has said what it asks for; so has the command line with a principle
    (is_named). A file may have one for every question, and what counts, so these make a story of a
    longer question only, not of 'why us?'.
    """
    question = replace(DEFAULT_QUESTION, text=asked.question or default_text)
    if not asked.question or asked.kind or is_named:
        return question
    if len(asked.question.split()) > PLAIN_WORDS and (asked.principle or asked.counts):
        return question
    kind = kind_of(asked.question)
    return question if kind is Kind.STORY else replace(question, kind=kind, counts=frozenset())


def could_not_be_judged(source: str, fault: Exception) -> str:
    """What is said of a source at which the program itself failed.

    >>> could_not_be_judged("a.json", ZeroDivisionError("division by zero"))
    'a.json: it could not be judged (ZeroDivisionError: division by zero); leave the file out.'
    """
    what = f"{type(fault).__name__}: {fault}".removesuffix(": ")
    return plain_line(f"{source}: it could not be judged ({what}); leave the file out.")


def takes_that_count(folder: Path) -> list[Path]:
    """The latest take of each answer of a session, or of one answer's folder, without suffix."""
    answers = sorted(folder.glob("q*-*"), key=_question_number)
    if not answers and (folder.parent / "session.json").is_file():
        answers = [folder]
    return [take for answer in answers if (take := latest_take(answer))]


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
