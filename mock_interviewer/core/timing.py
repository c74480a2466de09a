"""Seconds per stage against their budgets.

A unit lasts from its first word to the first word of the next unit (the last one to its last word),
and a stage's duration is the sum over its units, so a pause belongs to what came before it. A
target is a budget, not a bull's-eye: staying under it is fine as long as the content is there
(rubric: Stages). Thinking costs nothing: a situation is long only by what is left of it without its
pauses over a second. Linear in the number of words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mock_interviewer.core.rubric import (
    LONG_SITUATION_S,
    PAUSE_FREE_S,
    STAGE_OF_SIGNAL,
    STORY_STAGES,
    Budget,
    Signal,
    Stage,
    Status,
)
from mock_interviewer.core.transcript import Finding, StagedUnit, Transcript

Span = tuple[float, float]


@dataclass(frozen=True)
class StageTiming:
    """How long one stage took."""

    duration_s: float | None
    """None where it cannot be known: without times, or where too little was heard to say that the
    stage was left out.
    """
    budget: Budget
    status: Status | None
    """None where the stage is there without times, or may only not have been heard."""
    spans: tuple[Span, ...] = ()
    """When it was told, seconds [start, end); one span for each stretch of units in a row."""


def unit_ends(units: Sequence[StagedUnit]) -> list[float]:
    """When each unit ends, the pause after it included; the units must be timed."""
    ends = [after.start_s for _, after in pairwise(units)]
    return [end for end in [*ends, units[-1].end_s if units else None] if end is not None]


def stage_spans(units: Sequence[StagedUnit]) -> dict[Stage, list[Span]]:
    """For every stage the stretches of time it was told in, in order; the units must be timed."""
    spans: dict[Stage, list[Span]] = {stage: [] for stage in Stage}
    last: Stage | None = None
    for unit, end_s in zip(units, unit_ends(units), strict=True):
        assert unit.start_s is not None
        told = spans[unit.stage]
        if unit.stage is last:
            told[-1] = (told[-1][0], end_s)
        else:
            told.append((unit.start_s, end_s))
        last = unit.stage
    return spans


def stage_status(
    duration_s: float | None, budget: Budget, *, is_told: bool, has_all_signals: bool
) -> Status | None:
    """A stage's seconds against its budget (rubric: Stages).

    >>> stage_status(32.0, Budget(90, 120), is_told=True, has_all_signals=True).value
    'on_target'
    """
    if not is_told:
        return Status.MISSING
    if duration_s is None:
        return None
    if duration_s > budget.limit_s:
        return Status.OVER_LIMIT
    if duration_s > budget.target_s:
        return Status.OVER_TARGET
    if duration_s < budget.target_s / 2 and not has_all_signals:
        return Status.SHORT
    return Status.ON_TARGET


def time_stages(
    transcript: Transcript,
    units: Sequence[StagedUnit],
    budgets: Mapping[Stage, Budget],
    signals: Mapping[Signal, Finding | None],
    *,
    is_well_heard: bool = True,
) -> dict[Stage, StageTiming]:
    """Every story stage's seconds, spans and status.

    is_well_heard: whether what was not heard was not said: a stage was left out, a signal is absent
    (rubric: the gate, and nothing is held against anyone that was not heard).
    """
    spans = stage_spans(units) if transcript.is_timed else {}
    told = {unit.stage for unit in units}
    timings = {}
    for stage in STORY_STAGES:
        if stage not in told and not is_well_heard:
            timings[stage] = StageTiming(None, budgets[stage], None)
            continue
        duration_s = (
            sum(end - start for start, end in spans[stage]) if transcript.is_timed else None
        )
        wanted = [signal for signal, home in STAGE_OF_SIGNAL.items() if home is stage]
        timings[stage] = StageTiming(
            duration_s=duration_s,
            budget=budgets[stage],
            status=stage_status(
                duration_s,
                budgets[stage],
                is_told=stage in told,
                has_all_signals=not is_well_heard or all(map(signals.get, wanted)),
            ),
            spans=tuple(spans.get(stage, ())),
        )
    return timings


def is_long_situation(
    transcript: Transcript, units: Sequence[StagedUnit], limit_s: float = LONG_SITUATION_S
) -> bool:
    """True if the situation, without its pauses over 1 s, runs over its limit (rubric: Weaknesses).

    limit_s: 45 s, where the question has no limit of its own.
    """
    return word_too_long(transcript, units, limit_s) is not None


def word_too_long(
    transcript: Transcript, units: Sequence[StagedUnit], limit_s: float = LONG_SITUATION_S
) -> int | None:
    """With which word the situation becomes a long one; None where it stays short enough."""
    if not transcript.is_timed:
        return None
    words = transcript.words
    spoken_s = 0.0
    for unit in units:
        if unit.stage is not Stage.SITUATION:
            continue
        for at in range(unit.first_word, unit.end_word):
            word = words[at]
            next_start_s = words[at + 1].start_s if at + 1 < len(words) else word.end_s
            assert word.start_s is not None
            assert word.end_s is not None
            assert next_start_s is not None
            pause_s = next_start_s - word.end_s
            spoken_s += word.end_s - word.start_s + (pause_s if pause_s <= PAUSE_FREE_S else 0.0)
            if spoken_s > limit_s:
                return at
    return None
