"""When each card comes again.

How long something is remembered is FSRS's to say, and comes in as a function (`Remember`); it
counts in whole days. Two rules stand around it. A stage or a signal becomes a card only once it was
weak: what always went well needs no practice. And before an interview no pause is longer than half
of the days that are left, so that whatever was practised comes back at least once, and more often
as the day comes near.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mock_interviewer.core.cards import Card, CardKind, Grade, Review

ONLY_WHEN_WEAK = frozenset({CardKind.STAGE, CardKind.SIGNAL})


@dataclass(frozen=True)
class Memory:
    """How well something is remembered."""

    stability_days: float
    """After so many days the chance to still know it is nine in ten."""
    difficulty: float
    """From 1 to 10."""
    last: date
    due: date
    """Without regard to an interview; at least a day after `last`."""


Remember = Callable[[Memory | None, Grade, date], Memory]
"""The memory after practising on a day; None where it is the first time."""


@dataclass(frozen=True)
class Standing:
    """How a card stands."""

    card: Card
    memory: Memory
    review: Review
    """The last one."""
    due: date

    @property
    def is_weak(self) -> bool:
        return self.review.grade < Grade.GOOD

    def urgency(self, today: date) -> tuple[int, float, Card]:
        """Sorts the most urgent first: what went worst, then what was forgotten furthest."""
        forgotten = (today - self.memory.last).days / max(self.memory.stability_days, 0.1)
        return int(self.review.grade), -forgotten, self.card


Standings = Mapping[Card, Standing]


def due_day(memory: Memory, interview: date | None) -> date:
    """When a card comes again, an interview in mind.

    >>> day = date(2026, 11, 25)
    >>> due_day(Memory(30, 5, day, day + timedelta(30)), day + timedelta(8)).isoformat()
    '2026-11-29'
    """
    if interview is None or interview <= memory.last:
        return memory.due
    left = (interview - memory.last).days
    return min(memory.due, memory.last + timedelta(days=max(1, left // 2)))


def practised(
    before: Standings,
    reviews: Iterable[Review],
    remember: Remember,
    interview: date | None = None,
) -> dict[Card, Standing]:
    """The standings after some reviews more, oldest first. Linear."""
    after = dict(before)
    for review in reviews:
        _take_in(after, review, remember, interview)
    return after


def _take_in(
    standings: dict[Card, Standing], review: Review, remember: Remember, interview: date | None
) -> None:
    known = standings.get(review.card)
    if known is None and review.card.kind in ONLY_WHEN_WEAK and review.grade >= Grade.GOOD:
        return
    memory = remember(known.memory if known else None, review.grade, review.day)
    standings[review.card] = Standing(review.card, memory, review, due_day(memory, interview))
