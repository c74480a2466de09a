"""How long something is remembered: the FSRS scheduler, in whole days.

No steps of minutes and no chance: a practice session is a day's, and the same history gives the
same schedule. Nothing is put off for longer than LONGEST_DAYS.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from fsrs import Card, Rating, Scheduler, State

from mock_interviewer.core.cards import Grade
from mock_interviewer.core.spacing import Memory

LONGEST_DAYS = 180

_SCHEDULER = Scheduler(
    learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_DAYS, enable_fuzzing=False
)


def remember(memory: Memory | None, grade: Grade, day: date) -> Memory:
    """The memory after practising with this grade on a day."""
    card = Card(card_id=0) if memory is None else _as_card(memory)
    reviewed, _ = _SCHEDULER.review_card(card, Rating(int(grade)), _noon(day))
    assert reviewed.stability is not None
    assert reviewed.difficulty is not None
    return Memory(reviewed.stability, reviewed.difficulty, day, reviewed.due.date())


def _as_card(memory: Memory) -> Card:
    return Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability_days,
        difficulty=memory.difficulty,
        due=_noon(memory.due),
        last_review=_noon(memory.last),
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
