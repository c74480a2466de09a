"""`interview --guess`: how long was each stage, and what verdict? Asked before either is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from mock_interviewer.app.guessing import Guesses, as_kept, seconds_in
from mock_interviewer.cli.around_view import AroundView
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.moves import Turn
from mock_interviewer.core.rubric import STORY_STAGES, Kind, Stage, Verdict
from mock_interviewer.core.wording import Wording
from mock_interviewer.errors import BadInput
from mock_interviewer.ports import InterviewView
from mock_interviewer.settings import Home


class GuessingView(AroundView):
    """A view that asks for guesses before it shows what was made of an answer."""

    def __init__(
        self, view: InterviewView, console: Console, keep: Callable[[dict[str, Any]], None]
    ) -> None:
        """Keep is called with each guess that was made."""
        super().__init__(view)
        self._console, self._keep = console, keep

    def show_answer(self, turn: Turn, analysis: Analysis) -> None:
        """Ask, show the analysis, then say how far off the guesses were."""
        guesses = self._ask(analysis)
        self._view.show_answer(turn, analysis)
        for line in guesses.lines(analysis, Wording(analysis.language)):
            self._console.print(Padding(Text(line), (0, 2)))
        for kept in as_kept(guesses, analysis):
            self._keep(kept)

    def _ask(self, analysis: Analysis) -> Guesses:
        """Seconds where the answer has any, the verdict where there is one."""
        if analysis.question.kind is not Kind.STORY or analysis.verdict is None:
            return Guesses()
        try:
            seconds = self._ask_seconds() if analysis.transcript.is_timed else {}
            return Guesses(seconds, self._ask_verdict(analysis))
        except (EOFError, KeyboardInterrupt):  # no guess is no reason to lose the verdict
            self._console.print()
            return Guesses()

    def _ask_seconds(self) -> dict[Stage, float]:
        names = ", ".join(stage.value for stage in STORY_STAGES)
        self._console.print(f"\nHow many seconds did you give to {names}?")
        while True:
            try:
                return seconds_in(self._console.input("Five numbers (Enter: no guess): "))
            except BadInput as fault:
                self._console.print(str(fault))

    def _ask_verdict(self, analysis: Analysis) -> Verdict | None:
        said, verdicts = Wording(analysis.language), tuple(Verdict)
        told = " · ".join(f"{n} {said.verdict(v)}" for n, v in enumerate(verdicts, start=1))
        self._console.print(f"And what will the verdict be?\n{told}")
        while True:
            typed = self._console.input("1 to 5 (Enter: no guess): ").strip()
            if not typed:
                return None
            if typed in {"1", "2", "3", "4", "5"}:
                return verdicts[int(typed) - 1]


def guessing(place: Home, view: InterviewView, console: Console) -> InterviewView:
    """The view, asking for guesses before it shows a verdict."""
    from mock_interviewer.wiring import practising

    return GuessingView(view, console, practising.keep_guess(place))
