"""What an interview is held with, and how one that broke off goes on."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mock_interviewer.adapters.language_files import language_called
from mock_interviewer.adapters.session_folders import SessionFolder
from mock_interviewer.wiring import judging
from mock_interviewer.wiring.home import SystemClock, sessions
from mock_interviewer.wiring.languages import language_of
from mock_interviewer.wiring.questions import known_question
from mock_interviewer.wiring.sound import read_audio, speech_regions, write_audio
from mock_interviewer.wiring.written import transcript_of_text, write_json, write_transcript

if TYPE_CHECKING:
    from mock_interviewer.app.interview import Desk
    from mock_interviewer.core.analysis import Analysis
    from mock_interviewer.core.dialogue import Dialogue
    from mock_interviewer.core.question import Question
    from mock_interviewer.core.transcript import Transcript
    from mock_interviewer.ports import (
        Answers,
        Audio,
        InterviewView,
        Progress,
        Speaker,
        Transcriber,
    )
    from mock_interviewer.settings import Home


class NoTranscriber:
    """Stands where answers are typed and nothing is to be recognised."""

    name = "typed"

    def transcribe(self, audio: Audio, progress: Progress | None = None) -> Transcript:
        raise AssertionError("a typed interview has no recording")


def choose_engine(engine: str, model: str | None, home: Home) -> tuple[Transcriber, str]:
    """The recogniser, and one line that says which it is and why."""
    from mock_interviewer.adapters import engines

    return engines.choose_engine(engine, model, home.models, home.language)


def desk(
    *,
    answers: Answers,
    view: InterviewView,
    transcriber: Transcriber | None,
    speaker: Speaker | None,
    home: Home | None = None,
) -> Desk:
    """What an interview is held with, in the home's language."""
    from mock_interviewer.app.interview import Desk

    language = language_of(home).code

    return Desk(
        answers=answers,
        view=view,
        clock=SystemClock(),
        transcriber=transcriber or NoTranscriber(),
        speaker=speaker,
        read_audio=read_audio,
        write_audio=write_audio,
        speech_regions=speech_regions,
        find_hums=judging.find_hums,
        transcript_of_text=partial(transcript_of_text, language=language),
        write_transcript=write_transcript,
        write_json=write_json,
        analyse=partial(judging.analyse, home=home),
        judge_reply=partial(judging.judge_reply, home=home),
        language=language,
    )


def unfinished_session(home: Home) -> SessionFolder | None:
    """The last session with a question that was not judged; None where there is none."""
    from mock_interviewer.app.resuming import is_unfinished
    from mock_interviewer.errors import BadInput

    folders = sessions(home)
    for name in reversed(folders.names()):
        session = SessionFolder(folders.root / name)
        try:
            if is_unfinished(session.read_state()):
                return session
        except BadInput:
            continue
    return None


def did_last_break_off(home: Home) -> bool:
    """True if the last session of all was not finished."""
    from mock_interviewer.app.resuming import is_unfinished
    from mock_interviewer.errors import BadInput

    folders = sessions(home)
    last = folders.names()[-1:]
    try:
        return any(is_unfinished(SessionFolder(folders.root / name).read_state()) for name in last)
    except BadInput:
        return False


def home_of_session(home: Home, session: SessionFolder) -> Home:
    """The home with the language that was spoken in the session, unless another is asked for."""
    told = session.read_state().get("language")
    spoken = language_called(told) if isinstance(told, str) else None
    return home if home.asked_language or spoken is None else replace(home, asked_language=spoken)


def dialogue_of(home: Home, session: SessionFolder) -> Dialogue:
    """Where an interview that broke off stood. Raises BadInput."""
    from mock_interviewer.app import resuming

    def known(text: str) -> Question | None:
        return known_question(home, text)

    analysis_of = partial(analysis_of_kept, home)
    return resuming.dialogue_of(session.path, session.read_state(), known, analysis_of)


def analysis_of_kept(home: Home, folder: Path) -> Analysis:
    """The analysis of an answer's folder as it stands today. Raises InterviewError."""
    from mock_interviewer.app.replay import Wanted

    replay = judging.replayer(home, NoTranscriber)
    (saying,) = replay.sayings(str(folder))
    replayed = replay.analysed(saying, Wanted())
    assert replayed.analysis is not None
    return replayed.analysis


def resumed_answers(session: SessionFolder, dialogue: Dialogue, then: Answers) -> Answers:
    """A recording that was left behind, before whatever the person says."""
    from mock_interviewer.app.resuming import ResumedAnswers

    return ResumedAnswers(session.path, dialogue.takes_before, then)
