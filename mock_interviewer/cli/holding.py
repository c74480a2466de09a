"""Holding an interview in the terminal: answers, view, recogniser and voice brought together."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.adapters.session_folders import SessionFolder
    from mock_interviewer.cli.live import LiveTerminal
    from mock_interviewer.core.question import Question
    from mock_interviewer.ports import Answers, InterviewView, Transcriber
    from mock_interviewer.settings import Home


@dataclass(frozen=True)
class Spoken:
    """How questions are spoken."""

    is_silent: bool = False
    voice: str | None = None
    rate_wpm: int = 165


def hold(
    place: Home,
    asked: tuple[Question, ...],
    answers: Answers,
    view: InterviewView,
    console: Console,
    spoken: Spoken,
    engine: str | None,
    model: str | None,
    probes: int,
    begun: SessionFolder | None = None,
    live: LiveTerminal | None = None,
) -> None:
    """Hold an interview; engine None is for typed answers, begun one that broke off.

    live: the terminal of an interview at the microphone, where somebody writes along.

    Raises InterviewError.
    """
    from mock_interviewer import wiring
    from mock_interviewer.app.interview import Interview
    from mock_interviewer.core.dialogue import Dialogue
    from mock_interviewer.wiring import live as live_wiring
    from mock_interviewer.wiring.reading_ahead import reads_ahead
    from mock_interviewer.wiring.unfinished import sole_use

    transcriber: Transcriber | None = None
    if engine is not None:
        transcriber, line = wiring.choose_engine(engine, model, place)
        view.explain(line)
    with ExitStack() as open_things:
        open_things.enter_context(sole_use(place))
        dialogue = Dialogue(asked, probes_wanted=probes)
        if begun is None:
            session = wiring.new_session(place)
        else:
            session, dialogue = begun, wiring.dialogue_of(place, begun)
            answers = wiring.resumed_answers(begun, dialogue, answers)
            done = len(dialogue.outcomes) + len(dialogue.done_before)
            view.explain(f"Going on after {done} of {len(dialogue.questions)} questions.")
        if len(wiring.sessions(place).names()) == 1:
            console.print("Your answers stay on this machine; nothing is sent anywhere.")
        voice = None
        if not spoken.is_silent:
            voice = wiring.speaker(place, spoken.voice, spoken.rate_wpm)
        heard = None if transcriber is None else live_wiring.apart(transcriber)
        desk = wiring.desk(answers=answers, view=view, transcriber=heard, speaker=voice, home=place)
        if live is not None and transcriber is not None:
            following = open_things.enter_context(
                closing(live_wiring.follower(transcriber, reads_ahead(place)))
            )
            spoken_line = live_wiring.interruption(place, voice) if live.interrupts else None
            live.prepare(dialogue.questions, following, spoken_line)
        try:
            Interview(dialogue, desk, session).run()
        except KeyboardInterrupt:
            if not session.path.is_dir():  # nothing was said
                raise
            view.explain(f"Stopped. What was said until here is kept in {session.path}")
            raise
