"""An answer as it lies on disk, laid out for reading: for the page of `serve` and for the file.

The sound of the few answers looked at last stays in memory with its stretches of speech, so that
what a person corrects is shown at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from mock_interviewer import wiring
from mock_interviewer.adapters.audio_files import encoded
from mock_interviewer.adapters.coach_notes import read_coach_word, write_coach_word
from mock_interviewer.adapters.session_folders import write_whole
from mock_interviewer.app.history import replies_in
from mock_interviewer.app.replay import Replayed, Saying, Wanted, question_for, takes_in
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.comparing import Comparison, compare
from mock_interviewer.core.correction import StageMark, with_mark
from mock_interviewer.core.moments import begun_at, day_and_minute
from mock_interviewer.core.question import AskedAs, Question
from mock_interviewer.core.rescoring import reveals
from mock_interviewer.core.rubric import Level, Principle, Verdict, Why
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.core.wording import Wording
from mock_interviewer.errors import BadInput, HomeFault, UnknownName
from mock_interviewer.pages.answer import AnswerPage, answer_page
from mock_interviewer.pages.file import html_file
from mock_interviewer.pages.parts import CoachNote, Reply
from mock_interviewer.ports import Audio
from mock_interviewer.settings import Home
from mock_interviewer.wiring import Regions

SOUNDS_KEPT = 4


@dataclass(frozen=True)
class KeptAnswer:
    """One take of one answer of a session."""

    session: str
    folder: Path
    take: int
    takes: tuple[int, ...]
    saying: Saying
    question: Question
    regions: Regions | None
    hums: Regions | None
    home: Home

    @property
    def stem(self) -> Path:
        return self.folder / f"take{self.take}"

    @property
    def audio(self) -> Audio | None:
        return self.saying.audio


@lru_cache(maxsize=SOUNDS_KEPT)
def _sound(path: Path, mtime_ns: int) -> tuple[Audio, Regions]:
    audio = wiring.read_audio(path)
    return audio, wiring.speech_regions(audio)


@lru_cache(maxsize=SOUNDS_KEPT)
def _written(path: Path, mtime_ns: int) -> tuple[Transcript, AskedAs]:
    return wiring.read_transcript(path)


def sound(path: Path) -> tuple[Audio, Regions]:
    """A recording with its stretches of speech. Raises BadInput."""
    mtime_ns = path.stat().st_mtime_ns if path.exists() else 0
    return _sound(path, mtime_ns)


@lru_cache(maxsize=SOUNDS_KEPT)
def _hums(path: Path, mtime_ns: int, transcript: Transcript) -> Regions:
    return wiring.find_hums(_sound(path, mtime_ns)[0], transcript)


def hums_in(saying: Saying) -> Regions | None:
    """Fillers in the sound that no word covers; None without a recording."""
    if saying.recording is None:
        return None
    return _hums(saying.recording, saying.recording.stat().st_mtime_ns, saying.transcript)


def answer_folder(home: Home, session: str, answer: str) -> Path:
    """The folder of one answer. Raises UnknownName."""
    root = wiring.sessions(home).root / session
    if session not in wiring.sessions(home).names():
        raise UnknownName(f"There is no session '{session}'.")
    for folder in root.glob("q*-*"):
        if folder.name == answer and folder.is_dir():
            _refuse_links(folder)
            return folder
    raise UnknownName(f"There is no answer '{answer}' in session {session}.")


def _refuse_links(folder: Path) -> None:
    """No file of an answer leads out of it. Raises BadInput."""
    for path in (folder, *folder.iterdir()):
        if path.is_symlink():
            raise BadInput(f"{path} is a link, and links are not followed; put the file there.")


def kept_answer(home: Home, session: str, answer: str, take: int | None = None) -> KeptAnswer:
    """A take of an answer; the latest where none is named. Raises InterviewError."""
    folder = answer_folder(home, session, answer)
    takes = takes_in(folder)
    number = take if take is not None else (takes[-1] if takes else 0)
    if number not in takes:
        raise UnknownName(f"There is no take {number} of '{answer}' in session {session}.")
    replayer = replace(
        wiring.replayer(home, wiring.NoTranscriber),
        read_audio=lambda path: sound(path)[0],
        read_transcript=lambda path: _written(path, path.stat().st_mtime_ns),
    )
    stem = folder / f"take{number}"
    if not stem.with_suffix(".json").is_file():
        raise UnknownName(
            f"'{answer}' of session {session} was never written down; go on with it: "
            "mock-interviewer interview --resume"
        )
    saying = replayer.saying_of_take(f"{session}/{answer}", stem)
    question = replayer.question_of(saying, Wanted())
    regions = sound(saying.recording)[1] if saying.recording else None
    hums = hums_in(saying)
    return KeptAnswer(session, folder, number, takes, saying, question, regions, hums, home)


def siblings(kept: KeptAnswer) -> tuple[str, ...]:
    """The folders of all answers of the session, in the order in which they were asked."""
    found = (path.name for path in kept.folder.parent.glob("q[0-9]*-*") if takes_in(path))
    return tuple(sorted(found, key=lambda name: int(name[1:].split("-")[0])))


def analysis_of(
    kept: KeptAnswer, principle: Principle | None = None, level: Level | None = None
) -> Analysis:
    """The answer's analysis as it stands today, under another light where one is named."""
    asked = replace(kept.saying.asked, question=kept.question.text)
    question = question_for(asked, Wanted(kept.question, principle, level), lambda _: None)
    saying, home = kept.saying, kept.home
    return wiring.analyse(
        saying.transcript, question, kept.regions, kept.hums, saying.marks, home=home
    )


def page_of(
    kept: KeptAnswer, analysis: Analysis, links: dict[str, str], sound_of_reply: str = ""
) -> AnswerPage:
    """The answer laid out. sound_of_reply is where replies can be heard, without their name."""
    word = read_coach_word(kept.stem)
    return answer_page(
        analysis,
        title=analysis.question.text,
        when=day_and_minute(begun_at(kept.session)),
        regions=kept.regions,
        samples=kept.audio.samples if kept.audio else None,
        rate_hz=kept.audio.rate_hz if kept.audio else 16_000,
        replies=tuple(_replies(kept.folder, analysis, sound_of_reply)),
        coach=CoachNote(word.note, word.verdict and word.verdict.value, word.at) if word else None,
        links=links,
        takes=kept.takes,
        take=kept.take,
    )


def _replies(folder: Path, analysis: Analysis, sound_of_reply: str = "") -> list[Reply]:
    said = Wording(analysis.language)
    return [
        Reply(
            told.probe,
            told.tests,
            told.reply,
            told.quality,
            said.why(Why(told.why)) if told.why else "",
            told.evidence,
            reveals(told.why, analysis.question),
            f"{sound_of_reply}{told.recording.stem}" if sound_of_reply and told.recording else None,
        )
        for told in replies_in(folder)
    ]


def mark_stage(kept: KeptAnswer, mark: StageMark) -> KeptAnswer:
    """Keep one more correction of a stage; the answer with it. Raises HomeFault, UnknownName."""
    words = len(kept.saying.transcript.words)
    if not 0 <= mark.first_word < mark.end_word <= words:
        raise UnknownName(f"There are no words {mark.first_word} to {mark.end_word} to mark.")
    assert kept.saying.written_down_at is not None
    marks = with_mark(kept.saying.marks, mark)
    wiring.write_marks(kept.saying.written_down_at, marks)
    return replace(kept, saying=replace(kept.saying, marks=marks))


def keep_coach_word(kept: KeptAnswer, note: str, verdict: Verdict | None) -> None:
    """Keep what a coach says. Raises HomeFault."""
    write_coach_word(kept.stem, note, verdict, wiring.SystemClock().now_at())


def compared(before: KeptAnswer, after: KeptAnswer) -> Comparison:
    """Two takes side by side."""
    now = analysis_of(after)
    return compare(analysis_of(before), now, now.language)


def as_file(replayed: Sequence[Replayed], *, with_sound: bool) -> str:
    """Answers as one HTML document that needs nothing beside it."""
    answers = [
        _for_file(each, number, with_sound=with_sound)
        for number, each in enumerate(replayed, start=1)
        if each.analysis is not None
    ]
    title = answers[0][0].title if len(answers) == 1 else f"{len(answers)} practice answers"
    return html_file(answers, title, wiring.words_of_page())


def write_file(path: Path, replayed: Sequence[Replayed], *, with_sound: bool) -> None:
    """Write answers as one HTML file, whole or not at all. Raises HomeFault, BadInput."""
    check_report_place(path)
    write_whole(path, as_file(replayed, with_sound=with_sound))


_BEGINS = b"<!doctype html>"


def check_report_place(path: Path) -> None:
    """See that a report may be written here: an older one may be replaced, any other file not.

    Raises HomeFault, BadInput.
    """
    try:
        if not path.parent.is_dir():
            raise HomeFault(f"{path.parent} is no folder; make it first or name another place.")
        if path.is_dir():
            raise HomeFault(f"{path} is a folder; name a file in it, like {path / 'report.html'}.")
        is_foreign = path.exists() and not (path.is_file() and _is_report(path))
    except OSError as error:
        raise HomeFault(
            f"{path} cannot be written: {error.strerror or error}. Name another place."
        ) from None
    if is_foreign:
        raise BadInput(f"{path} is there already and no report; it is not overwritten.")


def _is_report(path: Path) -> bool:
    """Also of an empty file: it was made to be written."""
    with path.open("rb") as file:
        begins = file.read(len(_BEGINS)).lower()
    return begins in (b"", _BEGINS)


def _for_file(
    replayed: Replayed, number: int, *, with_sound: bool
) -> tuple[AnswerPage, bytes | None]:
    saying, analysis = replayed.saying, replayed.analysis
    assert saying is not None
    assert analysis is not None
    written = saying.written_down_at
    stem = written.with_suffix("") if written else None
    word = read_coach_word(stem) if stem else None
    is_playable = with_sound and saying.audio is not None
    page = answer_page(
        analysis,
        title=analysis.question.text,
        when=day_and_minute(begun_at(written.parent.parent.name)) if written else "",
        regions=wiring.speech_regions(saying.audio) if saying.audio else None,
        samples=saying.audio.samples if saying.audio else None,
        rate_hz=saying.audio.rate_hz if saying.audio else 16_000,
        replies=tuple(_replies(written.parent, analysis)) if written else (),
        coach=CoachNote(word.note, word.verdict and word.verdict.value, word.at) if word else None,
        number=number,
        is_playable=is_playable,
    )
    page = replace(page, opinion=replayed.opinion)
    return page, encoded(saying.audio, "FLAC") if is_playable and saying.audio else None


def wav(audio: Audio) -> bytes:
    """A recording as a WAV file's bytes."""
    return encoded(audio, "WAV")
