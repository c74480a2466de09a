"""A view around another one: what it does not do itself is the other one's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # every start of the program comes by here, most need none of it
    from mock_interviewer.core.analysis import Analysis
    from mock_interviewer.core.moves import Outcome, ProbeOutcome, Turn
    from mock_interviewer.ports import InterviewView, Progress


class AroundView:
    """Fulfils ports.InterviewView by passing everything on; to be derived from."""

    def __init__(self, view: InterviewView) -> None:
        self._view = view

    def show_question(self, turn: Turn, text: str, spoken: Path | None) -> None:
        self._view.show_question(turn, text, spoken)

    def show_progress(self, turn: Turn) -> Progress:
        return self._view.show_progress(turn)

    def show_answer(self, turn: Turn, analysis: Analysis) -> None:
        self._view.show_answer(turn, analysis)

    def show_reply(self, turn: Turn, outcome: ProbeOutcome, *, rescored: bool) -> None:
        self._view.show_reply(turn, outcome, rescored=rescored)

    def show_outcome(self, question_index: int, outcome: Outcome) -> None:
        self._view.show_outcome(question_index, outcome)

    def explain(self, line: str) -> None:
        self._view.explain(line)

    def show_end(self, outcomes: Sequence[Outcome], folder: Path, *, was_stopped: bool) -> None:
        self._view.show_end(outcomes, folder, was_stopped=was_stopped)
