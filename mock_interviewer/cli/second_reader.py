"""`--reader`: what a second reader on the person's machine says of an answer, apart from ours."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.around_view import AroundView
from mock_interviewer.cli.telling import tell

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.app.replay import Replayed
    from mock_interviewer.core.analysis import Analysis
    from mock_interviewer.core.moves import Outcome
    from mock_interviewer.core.reader_remarks import Opinion
    from mock_interviewer.ports import InterviewView
    from mock_interviewer.settings import Home
    from mock_interviewer.wiring.second_reader import SecondReader

ReaderOption = Annotated[
    str | None,
    typer.Option(
        "--reader",
        metavar="URL",
        help="Also ask a model of your own: an OpenAI-compatible server on this machine, like "
        "http://127.0.0.1:11434; 'off' for none.",
        show_default=False,
    ),
]
ReaderModelOption = Annotated[
    str | None,
    typer.Option(
        "--reader-model",
        metavar="NAME",
        help="Which of its models; else the first it names.",
        show_default=False,
    ),
]
ReaderAnywhereOption = Annotated[
    bool,
    typer.Option("--reader-anywhere", help="Allow a --reader that is not on this machine."),
]
Ask = Callable[["Analysis"], "Opinion"]


def reader_wanted(place: Home, url: str | None, model: str | None, anywhere: bool) -> Ask | None:
    """What asks the second reader; None where none is wanted. Raises BadInput.

    Nothing of it is even loaded where neither the command line nor the settings name one.
    """
    from mock_interviewer.settings import settings_of

    if url is None and not (model or anywhere or settings_of(place).get("reader")):
        return None
    from mock_interviewer.wiring.second_reader import second_reader

    reader = second_reader(place, url, model, is_anywhere=anywhere)
    if reader is None:
        return None
    if reader.warning:
        tell(reader.warning)
    return lambda analysis: _asked(reader, analysis)


def _asked(reader: SecondReader, analysis: Analysis) -> Opinion:
    if not sys.stderr.isatty():
        return reader(analysis)
    told = f"Asking the second reader, at most {reader.server.limit_s:g} s ..."
    print(f"\r{told}", end="", file=sys.stderr, flush=True)
    try:
        return reader(analysis)
    finally:
        print(f"\r{' ' * len(told)}\r", end="", file=sys.stderr, flush=True)


def with_opinion(replayed: Replayed, ask: Ask | None) -> Replayed:
    """A replayed answer with what the second reader says, or said when it was asked.

    What it says of a session's answer is kept with the session. Raises HomeFault.
    """
    from dataclasses import replace

    from mock_interviewer.wiring.second_reader import keep_opinion, kept_opinion

    written = replayed.saying.written_down_at if replayed.saying else None
    if replayed.analysis is None or (ask is None and written is None):
        return replayed
    if ask is None:
        return replace(replayed, opinion=kept_opinion(replayed.saying))
    opinion = ask(replayed.analysis)
    if written is not None:
        keep_opinion(written.with_suffix(""), opinion)
    return replace(replayed, opinion=opinion)


def show_opinion(console: Console, opinion: Opinion) -> None:
    """A section of its own, with the reader's name; no markup of the reader's is obeyed."""
    from rich.padding import Padding
    from rich.text import Text

    from mock_interviewer.core.wording import clock

    says = "says" if opinion.at is None else f"said on {opinion.at}"
    text = Text(f"A second reader {says} ", style="bold")
    text.append(f"({opinion.name}; not ours, and the verdict does not depend on it)", "not bold")
    for remark in opinion.remarks:
        at = "" if remark.found.start_s is None else f"{clock(remark.found.start_s)}  "
        text.append(f"\n·  {at}{remark.text}", style="not bold")
        text.append(f" “{remark.found.quote}”", style="italic not bold")
    if not opinion.remarks and opinion.note is None:
        text.append("\nNothing to add.", style="not bold")
    if opinion.note:
        text.append(f"\n{opinion.note}", style="not bold bright_black")
    console.print(Padding(text, (0, 2, 1, 2)))


def _keep(session: Path, number: int, opinion: Opinion) -> None:
    """Beside the last take of a session's answer."""
    from mock_interviewer.app.replay import latest_take
    from mock_interviewer.wiring.second_reader import keep_opinion

    for answer in session.glob(f"q{number}-*"):
        take = latest_take(answer)
        if take is not None:
            keep_opinion(take, opinion)


class SecondReadView(AroundView):
    """A view that puts the answers to the second reader when the interview is over.

    Not before: an interview does not wait for a model.
    """

    def __init__(self, view: InterviewView, console: Console, ask: Ask) -> None:
        """Ask is called with each answer's analysis."""
        super().__init__(view)
        self._console, self._ask = console, ask

    def show_end(self, outcomes: Sequence[Outcome], folder: Path, *, was_stopped: bool) -> None:
        """The end as it is, then the second reader on each answer."""
        self._view.show_end(outcomes, folder, was_stopped=was_stopped)
        for number, outcome in enumerate(outcomes, start=1):
            if outcome.analysis is not None:
                self._console.print(f"\nQuestion {number}: {outcome.question.text}", markup=False)
                opinion = self._ask(outcome.analysis)
                _keep(folder, number, opinion)
                show_opinion(self._console, opinion)


def second_read(view: InterviewView, console: Console, ask: Ask | None) -> InterviewView:
    """The view, with the second reader at its end where one is asked."""
    return view if ask is None else SecondReadView(view, console, ask)
