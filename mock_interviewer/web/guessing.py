"""The interview in the page with guesses: seconds and verdict, asked before either is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mock_interviewer.app.guessing import Guesses, as_kept, seconds_in
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.moves import Turn
from mock_interviewer.core.rubric import STORY_STAGES, Kind, Verdict
from mock_interviewer.core.wording import Wording
from mock_interviewer.errors import BadInput
from mock_interviewer.web.room import Room

LONGEST_WAIT_S = 3600.0


class GuessingRoom(Room):
    """Waits for the person's guesses before an answer's verdict."""

    keep: Callable[[dict[str, Any]], None] = staticmethod(lambda what: None)
    """Called with each guess that was made."""

    def show_answer(self, turn: Turn, analysis: Analysis) -> None:
        """Ask, then show what was made of the answer and how far off the guesses were."""
        guesses = self._ask(analysis)
        super().show_answer(turn, analysis)
        lines = guesses.lines(analysis, Wording(analysis.language))
        if lines:
            reply = self.shown["reply"]
            self.show(reply=reply | {"line": " ".join([*lines, reply["line"]])})
        for kept in as_kept(guesses, analysis):
            self.keep(kept)

    def _ask(self, analysis: Analysis) -> Guesses:
        if analysis.question.kind is not Kind.STORY or analysis.verdict is None:
            return Guesses()
        is_timed = analysis.transcript.is_timed
        self.forget_wishes()
        self.show(phase="guessing", lines=[], guesses_seconds=is_timed)
        while True:
            wished = self.next_wish(LONGEST_WAIT_S)
            if wished is None or wished[0] in ("no_guess", "stop"):
                return Guesses()
            if wished[0] == "guess":
                try:
                    return guesses_in(wished[1], is_timed=is_timed)
                except BadInput as fault:
                    self.explain(str(fault))


def guesses_in(text: str, *, is_timed: bool) -> Guesses:
    """Guesses as the page sends them: stage and verdict names to what was typed. Raises BadInput.

    >>> guesses_in('{"action": "90", "verdict": "hire"}', is_timed=True).verdict.value
    'hire'
    """
    try:
        told = json.loads(text)
        verdict = told.get("verdict") or None
        seconds = {}
        for stage in STORY_STAGES if is_timed else ():
            typed = str(told.get(stage.value) or "").strip()
            if typed:
                (seconds[stage],) = seconds_in(typed).values()
        return Guesses(seconds, None if verdict is None else Verdict(verdict))
    except (ValueError, AttributeError, RecursionError):
        raise BadInput("A guess is a number of seconds for a stage, and a verdict.") from None
