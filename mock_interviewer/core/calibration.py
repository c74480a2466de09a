"""Guesses against what was: whoever knows how long a minute feels can steer an answer.

A guess is made after an answer and before anything is shown of it: the seconds of a stage, or the
verdict. Its error is guess minus truth, so a negative one says 'it felt shorter than it was'. What
is told of them is the mean of the last ones, and from the same number of earlier ones on whether
they came nearer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mock_interviewer.core.rubric import STORY_STAGES, Stage, Verdict

RECENT = 5
"""So many of the last guesses speak for today."""
FEWEST = 3
"""With fewer nothing is said: it would be chance."""
WORTH_SAYING_S = 5.0


@dataclass(frozen=True)
class StageGuess:
    """Seconds of a stage, guessed and told."""

    at: str
    """ISO 8601, UTC."""
    stage: Stage
    told_s: float
    guess_s: float

    @property
    def error_s(self) -> float:
        """Guess minus truth."""
        return self.guess_s - self.told_s


@dataclass(frozen=True)
class VerdictGuess:
    """A verdict, guessed and given."""

    at: str
    verdict: Verdict
    guess: Verdict

    @property
    def steps(self) -> int:
        """Positive where the person was kinder than the rubric."""
        return self.guess.rank - self.verdict.rank


@dataclass(frozen=True)
class TimeSense:
    """How one stage's seconds are felt."""

    stage: Stage
    guesses: int
    error_s: float
    """Mean of the last guesses, with its sign."""
    off_s: float
    """Mean of the last guesses, whichever way."""
    off_at_first_s: float | None
    """The same of the first guesses; None where they are the last ones too."""


@dataclass(frozen=True)
class VerdictSense:
    """How well verdicts are guessed."""

    guesses: int
    right: int
    steps: float
    """Mean of the last guesses; positive is too kind."""


@dataclass(frozen=True)
class Calibration:
    """All guesses so far, as far as there are enough of them."""

    stages: tuple[TimeSense, ...] = ()
    verdict: VerdictSense | None = None

    @property
    def worst(self) -> TimeSense | None:
        """The stage that is felt most wrongly; None where all are felt about right."""
        worst = max(self.stages, key=lambda sense: abs(sense.error_s), default=None)
        return worst if worst and abs(worst.error_s) >= WORTH_SAYING_S else None


def calibration_of(stages: Iterable[StageGuess], verdicts: Iterable[VerdictGuess]) -> Calibration:
    """What the guesses come to, in whatever order they come."""
    by_stage: dict[Stage, list[StageGuess]] = {stage: [] for stage in STORY_STAGES}
    for guess in sorted(stages, key=lambda guess: guess.at):
        by_stage.setdefault(guess.stage, []).append(guess)
    told = sorted(verdicts, key=lambda guess: guess.at)
    return Calibration(
        tuple(_sense(stage, each) for stage, each in by_stage.items() if len(each) >= FEWEST),
        _verdict_sense(told) if len(told) >= FEWEST else None,
    )


def _sense(stage: Stage, guesses: Sequence[StageGuess]) -> TimeSense:
    errors = [guess.error_s for guess in guesses]
    last, first = errors[-RECENT:], errors[:RECENT]
    has_both = len(errors) >= 2 * RECENT
    return TimeSense(
        stage,
        len(errors),
        _mean(last),
        _mean([abs(error) for error in last]),
        _mean([abs(error) for error in first]) if has_both else None,
    )


def _verdict_sense(guesses: Sequence[VerdictGuess]) -> VerdictSense:
    right = sum(guess.steps == 0 for guess in guesses)
    return VerdictSense(len(guesses), right, _mean([guess.steps for guess in guesses[-RECENT:]]))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def felt(sense: TimeSense) -> str:
    """One sentence about a stage.

    >>> felt(TimeSense(Stage.ACTION, 6, -22.4, 22.4, None))
    'You feel your action 22 s shorter than it is.'
    """
    if abs(sense.error_s) < WORTH_SAYING_S:
        return f"You feel your {sense.stage.value} about as long as it is."
    way = "shorter" if sense.error_s < 0 else "longer"
    return f"You feel your {sense.stage.value} {abs(sense.error_s):.0f} s {way} than it is."


def course(sense: TimeSense) -> str:
    """How the guesses changed, where there were enough to say; else how many there are.

    >>> course(TimeSense(Stage.ACTION, 12, -9, 9.2, 31.0))
    '12 guesses: 31 s off at first, 9 s lately'
    """
    if sense.off_at_first_s is None:
        return f"{sense.guesses} guesses, {sense.off_s:.0f} s off on average"
    return (
        f"{sense.guesses} guesses: {sense.off_at_first_s:.0f} s off at first, "
        f"{sense.off_s:.0f} s lately"
    )


def judged(sense: VerdictSense) -> str:
    """One sentence about the verdicts that were guessed.

    >>> judged(VerdictSense(7, 3, 0.6))
    'You guessed 3 of 7 verdicts, and judge yourself too kindly.'
    """
    told = f"You guessed {sense.right} of {sense.guesses} verdicts"
    if abs(sense.steps) < 0.5:
        return f"{told}."
    return f"{told}, and judge yourself too {'kindly' if sense.steps > 0 else 'harshly'}."


def lines_of(found: Calibration) -> tuple[tuple[str, str], ...]:
    """Everything there is to say, each line with what it rests on."""
    told = [(felt(sense), course(sense)) for sense in found.stages]
    return (*told, *([(judged(found.verdict), "")] if found.verdict else []))
