"""Pacing drills: the stages of a story told against their timers, and what came of it.

Each stage is told on its own, after a countdown, and ended by the person. Compared are the seconds
planned and told, the seconds that the person guessed before they saw them, and what the words of
each stage really did: told under 'action', a sentence may still be situation. For that the whole
drill is read as one answer, because a stage is known by its neighbours too; a unit counts for the
timer in which its middle lies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import STORY_STAGES, Budget, Stage
from mock_interviewer.core.segmenting import segment
from mock_interviewer.core.speech_regions import Regions, overlap_s
from mock_interviewer.core.timing import unit_ends
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.core.units import units_of

COUNTDOWN_S = 3.0
WORTH_SAYING_S = 5.0
"""Fewer seconds of another stage are not mentioned."""


class Mark(StrEnum):
    """What a timer has just reached; the values are the tones' names."""

    TARGET = "target"
    LIMIT = "limit"


@dataclass(frozen=True)
class Told:
    """One stage of a drill as it was told."""

    stage: Stage
    budget: Budget
    start_s: float
    """In seconds of the drill's one recording."""
    end_s: float
    guess_s: float | None = None

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s

    @property
    def error_s(self) -> float | None:
        """By how much the guess was too high; None without a guess."""
        return None if self.guess_s is None else self.guess_s - self.duration_s


@dataclass(frozen=True)
class StageDrilled:
    """What came of one stage."""

    told: Told
    spoken_s: float
    """Of its seconds, those in which the voice detector heard speech."""
    did_s: Mapping[Stage, float] = field(default_factory=dict)
    """What its words did: seconds for each stage; empty where nothing was written down."""

    @property
    def strayed(self) -> tuple[tuple[Stage, float], ...]:
        """Other stages that took up WORTH_SAYING_S or more, the longest first."""
        others = [
            (stage, seconds)
            for stage, seconds in self.did_s.items()
            if stage is not self.told.stage and stage in STORY_STAGES and seconds >= WORTH_SAYING_S
        ]
        return tuple(sorted(others, key=lambda entry: -entry[1]))


def marks_between(before_s: float, now_s: float, budget: Budget) -> tuple[Mark, ...]:
    """What a timer has reached between two looks at it.

    >>> [mark.value for mark in marks_between(29.98, 30.01, Budget(30, 45))]
    ['target']
    """
    marks = ((Mark.TARGET, budget.target_s), (Mark.LIMIT, budget.limit_s))
    return tuple(mark for mark, at_s in marks if before_s < at_s <= now_s)


def next_due_s(now_s: float, budget: Budget) -> float | None:
    """Seconds until the next mark; None after the last one."""
    left = [at_s - now_s for at_s in (budget.target_s, budget.limit_s) if at_s > now_s]
    return min(left, default=None)


def drilled(
    told: Sequence[Told], regions: Regions, transcript: Transcript | None, language: Language
) -> tuple[StageDrilled, ...]:
    """What came of every stage; transcript None or without words leaves out what the words did."""
    did: list[dict[Stage, float]] = [{} for _ in told]
    if transcript is not None and transcript.is_timed:
        units = segment(units_of(transcript, language), language)
        for unit, end_s in zip(units, unit_ends(units), strict=True):
            start_s = unit.start_s or 0.0
            at = _timer_at(told, (start_s + (unit.end_s or end_s)) / 2)
            if at is None:
                continue
            inside_s = min(end_s, told[at].end_s) - max(start_s, told[at].start_s)
            if inside_s > 0:
                did[at][unit.stage] = did[at].get(unit.stage, 0.0) + inside_s
    return tuple(
        StageDrilled(each, overlap_s(each.start_s, each.end_s, regions), what)
        for each, what in zip(told, did, strict=True)
    )


def _timer_at(told: Sequence[Told], at_s: float) -> int | None:
    for number, each in enumerate(told):
        if each.start_s <= at_s < each.end_s:
            return number
    return None


def mean_guess_error_s(told: Sequence[Told]) -> float | None:
    """How far off the guesses were, on average, whichever way; None without guesses."""
    errors = [abs(each.error_s) for each in told if each.error_s is not None]
    return sum(errors) / len(errors) if errors else None
