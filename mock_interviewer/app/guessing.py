"""Guesses about an answer just given: how they are read, what they leave behind, how far off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.rubric import STORY_STAGES, Stage, Verdict
from mock_interviewer.core.wording import Wording
from mock_interviewer.errors import BadInput

LONGEST_GUESS_S = 3600.0


@dataclass(frozen=True)
class Guesses:
    """What the person thinks; empty and None where nothing was guessed."""

    seconds: Mapping[Stage, float] = field(default_factory=dict)
    verdict: Verdict | None = None

    def lines(self, analysis: Analysis, said: Wording) -> tuple[str, ...]:
        """How far off each guess was, in a line for the seconds and one for the verdict."""
        return tuple(self._lines(analysis, said))

    def _lines(self, analysis: Analysis, said: Wording) -> Iterator[str]:
        compared = [
            f"{said.stage(stage)} {guess_s:.0f} s, was {told_s:.0f} ({guess_s - told_s:+.0f})"
            for stage, guess_s, told_s in _compared(self.seconds, analysis)
        ]
        if compared:
            yield f"You guessed: {' · '.join(compared)}"
        if self.verdict is not None and analysis.verdict is not None:
            is_right = self.verdict is analysis.verdict
            told = "and so it is" if is_right else f"it is {said.verdict(analysis.verdict)}"
            yield f"You guessed {said.verdict(self.verdict)}: {told}."


def seconds_in(text: str) -> dict[Stage, float]:
    """Seconds of the stages in their order, fewer than five for the first ones. Raises BadInput.

    >>> {stage.value: s for stage, s in seconds_in("30, 20 s").items()}
    {'situation': 30.0, 'task': 20.0}
    """
    parts = [part for part in re.split(r"[\s,;]+", text.strip()) if part not in ("", "s")]
    numbers = [part.removesuffix("s") for part in parts]
    if len(numbers) > len(STORY_STAGES) or not all(map(_is_seconds, numbers)):
        raise BadInput("Numbers of seconds, like: 30 20 90 20 15")
    return dict(zip(STORY_STAGES, map(float, numbers), strict=False))


def _is_seconds(text: str) -> bool:
    is_number = re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text)
    return bool(is_number) and float(text) <= LONGEST_GUESS_S


def as_kept(guesses: Guesses, analysis: Analysis) -> Iterator[dict[str, Any]]:
    """What the guesses leave in practice.jsonl."""
    for stage, guess_s, told_s in _compared(guesses.seconds, analysis):
        yield {
            "stage": stage.value,
            "told_s": round(told_s, 1),
            "guess_s": guess_s,
            "error_s": round(guess_s - told_s, 1),
        }
    if guesses.verdict is not None and analysis.verdict is not None:
        yield {"verdict": analysis.verdict.value, "guess": guesses.verdict.value}


def _compared(
    seconds: Mapping[Stage, float], analysis: Analysis
) -> Iterator[tuple[Stage, float, float]]:
    """Each stage with its guess and its truth, where it has seconds."""
    for stage, guess_s in seconds.items():
        told_s = analysis.stages[stage].duration_s
        if told_s is not None:
            yield stage, guess_s, told_s
