"""`interview`: a question, an answer, the verdict with its reasons, and the probes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import (
    EngineOption,
    HomeOption,
    LevelOption,
    ModelOption,
    PrincipleOption,
    engine_of,
    level_of,
    principle_of,
)
from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from mock_interviewer.core.question import Question
    from mock_interviewer.ports import Answers, Transcriber
    from mock_interviewer.settings import Home


def interview(
    question: Annotated[
        str | None,
        typer.Argument(
            metavar="[QUESTION]",
            help="A question's id, or any text in quotes; without it one is drawn.",
            show_default=False,
        ),
    ] = None,
    answers: Annotated[
        list[Path] | None,
        typer.Option(
            "--answer",
            metavar="FILE",
            help="A recorded answer; again for each reply to a probe, in their order.",
        ),
    ] = None,
    typed: Annotated[bool, typer.Option("--typed", help="Type the answers.")] = False,
    principle: PrincipleOption = None,
    level: LevelOption = None,
    questions: Annotated[
        int, typer.Option("--questions", min=1, max=20, help="How many questions.")
    ] = 1,
    probes: Annotated[
        int, typer.Option("--probes", min=0, max=3, help="At most so many probes a question.")
    ] = 2,
    silent: Annotated[bool, typer.Option("--silent", help="Do not make spoken questions.")] = False,
    engine: EngineOption = "auto",
    model: ModelOption = None,
    home: HomeOption = None,
) -> None:
    """A mock interview from recorded or typed answers.

    Example: mock-interviewer interview missed-deadline --answer answer.wav --answer reply.wav
    """
    from random import SystemRandom

    from rich.console import Console

    from mock_interviewer.cli.asking import questions_to_ask
    from mock_interviewer.cli.interview_view import RecordedAnswers, TypedAnswers
    from mock_interviewer.settings import home_at

    place = home_at(home)
    recordings = answers or []
    if typed == bool(recordings):
        raise BadInput(
            "Say how you answer: --typed to type, or --answer FILE with a recording of yours."
        )
    for path in recordings:
        if not path.is_file():
            raise BadInput(f"{path} does not exist; --answer takes a recording.")
    asked = questions_to_ask(
        place, question, principle_of(principle), level_of(level), questions, SystemRandom()
    )
    console = Console(highlight=False)
    hold(
        place,
        asked,
        TypedAnswers(console) if typed else RecordedAnswers(recordings),
        console,
        engine=None if typed else engine_of(engine),
        model=model,
        probes=probes,
        is_silent=silent,
    )


def hold(
    place: Home,
    asked: tuple[Question, ...],
    answers: Answers,
    console: object,
    *,
    engine: str | None,
    model: str | None,
    probes: int,
    is_silent: bool,
) -> None:
    """Hold an interview; engine None is for typed answers. Raises InterviewError."""
    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.app.interview import Interview
    from mock_interviewer.cli.interview_view import TerminalView
    from mock_interviewer.core.dialogue import Dialogue

    assert isinstance(console, Console)
    view = TerminalView(console)
    transcriber: Transcriber | None = None
    if engine is not None:
        transcriber, line = wiring.choose_engine(engine, model, place)
        view.explain(line)
    session = wiring.new_session(place)
    if len(wiring.sessions(place).names()) == 1:
        console.print("Your answers stay on this machine; nothing is sent anywhere.")
    desk = wiring.desk(
        answers=answers,
        view=view,
        transcriber=transcriber,
        speaker=None if is_silent else wiring.speaker(place),
    )
    Interview(Dialogue(asked, probes_wanted=probes), desk, session).run()
