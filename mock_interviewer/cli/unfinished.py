"""Answers that broke off: offered at the next interview, and by `history finish`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import EngineOption, HomeOption, ModelOption, engine_of
from mock_interviewer.cli.telling import tell
from mock_interviewer.errors import BadInput, InterviewError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from mock_interviewer.app.unfinished import UnfinishedAnswer
    from mock_interviewer.ports import Transcriber
    from mock_interviewer.settings import Home

MOST_OFFERED = 3
"""At the start of an interview; nobody wants to tidy up the evening before."""


def offer(place: Home, console: Console, engine: str, model: str | None) -> None:
    """Say which answers broke off, and finish or keep each as the person wants."""
    from mock_interviewer.cli.keys import forget_keys
    from mock_interviewer.wiring import unfinished

    left = unfinished.unfinished(place)
    if not left:
        return
    if not sys.stdin.isatty():
        tell(f"{_count(left)} not finished: mock-interviewer history finish")
        return
    from mock_interviewer.cli.choices import key_hit

    for answer in left[-MOST_OFFERED:]:
        console.print(_told(answer), soft_wrap=True)
        forget_keys()
        hint = "f finish it now · k keep it as it is · Enter later"
        wish = key_hit(console, hint, "fkl", "l")
        try:
            if wish == "f":
                _finish(place, console, answer, engine, model)
            elif wish == "k":
                unfinished.keep(place, answer)
        except InterviewError as error:
            tell(str(error))


def finish(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave them as they are, and ask no more.")
    ] = False,
    engine: EngineOption = "auto",
    model: ModelOption = None,
    home: HomeOption = None,
) -> None:
    """Write down and judge every answer that broke off.

    Example: mock-interviewer history finish
    """
    from rich.console import Console

    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import unfinished

    place = home_at(home)
    console = Console(highlight=False)
    left = unfinished.unfinished(place)
    if not left:
        console.print("No answer broke off.")
        return
    faults = 0
    for answer in left:
        console.print(_told(answer), soft_wrap=True)
        try:
            if keep:
                unfinished.keep(place, answer)
            else:
                _finish(place, console, answer, engine, model)
        except InterviewError as error:
            tell(str(error))
            faults += 1
    if keep and not faults:
        console.print("They stay as they are.")
    if faults:
        raise BadInput(f"{faults} of {_count(left)} not finished; all are kept.")


def _finish(
    place: Home, console: Console, answer: UnfinishedAnswer, engine: str, model: str | None
) -> None:
    from mock_interviewer import wiring
    from mock_interviewer.wiring import unfinished

    def transcriber() -> Transcriber:
        if answer.recording is None:
            return wiring.NoTranscriber()
        chosen, line = wiring.choose_engine(engine_of(engine), model, place)
        console.print(line, style="bright_black")
        return chosen

    outcome = unfinished.finish(place, answer, transcriber)
    verdict = outcome.verdict.value.replace("_", " ") if outcome.verdict else "no verdict"
    seen = f"mock-interviewer replay {answer.session.name}"
    console.print(f"Judged: {verdict}. See it: {seen}", soft_wrap=True)


def _told(answer: UnfinishedAnswer) -> str:
    from mock_interviewer.core.moments import begun_at, day_and_minute

    when = day_and_minute(begun_at(answer.session.name))
    of = when or answer.session.name
    return f"Your {answer.what} of {of} broke off and is kept: “{answer.asked}”"


def _count(left: Sequence[UnfinishedAnswer]) -> str:
    return "1 answer was" if len(left) == 1 else f"{len(left)} answers were"
