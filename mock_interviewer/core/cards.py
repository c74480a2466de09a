"""What is practised, and how well it went by the evidence: nobody is asked to rate themselves.

A card is one thing that can be forgotten: a question told aloud, a stage that was weak, a signal
that was missed, an item of a test. Each answer, drill and test item grades the cards it touches.

    question   no hire, leaning no hire: again; leaning hire: hard; hire: good; strong hire: easy
    stage      missing or over its limit: again; over its target, or short with something missing:
               hard; on target: good; on target with every signal of the stage: easy
    signal     not heard: again; heard: good
    item       wrong: again; right after a hint or slowly: hard; right: good; right at once: easy

Of several grades on one day the lowest counts: a second try shows that a fault was understood, and
the next day shows whether that lasted. The grades are those of the FSRS scheduler.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from mock_interviewer.core.progress import Told
from mock_interviewer.core.rubric import (
    STAGE_OF_SIGNAL,
    STORY_STAGES,
    Budget,
    Principle,
    Signal,
    Stage,
    Status,
    Verdict,
)
from mock_interviewer.core.timing import stage_status

AT_ONCE_S = 15.0
"""Read and answered within this, an item was known."""
SLOWLY_S = 45.0
"""Right after more than this, it had to be worked out. Both are this project's own figures."""


class CardKind(StrEnum):
    """What sort of thing a card is."""

    QUESTION = "question"
    STAGE = "stage"
    SIGNAL = "signal"
    ITEM = "item"


@dataclass(frozen=True, order=True)
class Card:
    """One thing that is practised."""

    kind: CardKind
    name: str
    """A question's id or words, a stage, a signal, or 'pattern#number' for an item."""

    @property
    def item(self) -> tuple[str, int]:
        """An item's pattern and number."""
        pattern, _, number = self.name.rpartition("#")
        return pattern, int(number)


class Grade(IntEnum):
    """How well it went; the values are FSRS's."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True)
class Review:
    """A card was practised on a day."""

    card: Card
    day: date
    grade: Grade
    because: str = ""
    """A few plain words: 'missing', 'leaning hire'."""
    question: str = ""
    """The question in whose answer it showed."""


GRADE_OF_VERDICT: Mapping[Verdict, Grade] = {
    Verdict.NO_HIRE: Grade.AGAIN,
    Verdict.LEAN_NO_HIRE: Grade.AGAIN,
    Verdict.LEAN_HIRE: Grade.HARD,
    Verdict.HIRE: Grade.GOOD,
    Verdict.STRONG_HIRE: Grade.EASY,
}

_GRADE_OF_STATUS = {
    Status.MISSING: (Grade.AGAIN, "missing"),
    Status.OVER_LIMIT: (Grade.AGAIN, "over its limit"),
    Status.OVER_TARGET: (Grade.HARD, "over its target"),
    Status.SHORT: (Grade.HARD, "short, and something is missing in it"),
    Status.ON_TARGET: (Grade.GOOD, "on target"),
}


def question_card(told: Told) -> Card:
    """The card of the question that was answered."""
    return Card(CardKind.QUESTION, told.question_id or told.question)


def reviews_of_answer(told: Told, day: date, budgets: Mapping[Stage, Budget]) -> Iterator[Review]:
    """What an answer says about its question, stages and signals; nothing without a verdict."""
    if told.verdict is None:
        return
    card, verdict = question_card(told), Verdict(told.verdict)
    words = verdict.value.replace("_", " ")
    yield Review(card, day, GRADE_OF_VERDICT[verdict], words, card.name)
    if told.gate is not None:  # no story: there is nothing that stages and signals could be read of
        return
    signals = set(told.signals)
    for stage in STORY_STAGES:
        graded = _stage_of_answer(told.stage_s.get(stage), stage, budgets[stage], signals)
        if graded is not None:
            yield Review(Card(CardKind.STAGE, stage.value), day, *graded, card.name)
    for signal in Signal:
        if signal is Signal.SCOPE_BOUNDARY and told.principle != Principle.OWNERSHIP:
            continue  # only an ownership story needs it (rubric: Verdict)
        is_there = signal in signals
        grade, words = (Grade.GOOD, "heard") if is_there else (Grade.AGAIN, "not heard")
        yield Review(Card(CardKind.SIGNAL, signal.value), day, grade, words, card.name)


def _stage_of_answer(
    duration_s: float | None, stage: Stage, budget: Budget, signals: set[str]
) -> tuple[Grade, str] | None:
    if duration_s is None:  # typed: it has no seconds to judge
        return None
    own = [signal for signal, home in STAGE_OF_SIGNAL.items() if home is stage]
    has_all = all(signal in signals for signal in own)
    status = stage_status(duration_s, budget, is_told=duration_s > 0, has_all_signals=has_all)
    assert status is not None
    grade, words = _GRADE_OF_STATUS[status]
    return (Grade.EASY if grade is Grade.GOOD and has_all else grade), words


def review_of_drill(
    stage: Stage, told_s: float, budget: Budget, day: date, strayed_s: float = 0.0
) -> Review:
    """What a drill says of one stage; strayed_s are the seconds in which it was another stage."""
    if told_s > budget.limit_s:
        grade, words = _GRADE_OF_STATUS[Status.OVER_LIMIT]
    elif told_s > budget.target_s:
        grade, words = _GRADE_OF_STATUS[Status.OVER_TARGET]
    elif strayed_s > told_s / 2:
        grade, words = Grade.HARD, "mostly another stage"
    else:
        grade, words = _GRADE_OF_STATUS[Status.ON_TARGET]
    return Review(Card(CardKind.STAGE, stage.value), day, grade, words)


def item_card(pattern: str, number: int) -> Card:
    """The card of a pattern's test item, counted from 0."""
    return Card(CardKind.ITEM, f"{pattern}#{number}")


def review_of_item(
    pattern: str,
    number: int,
    day: date,
    *,
    is_right: bool,
    took_s: float | None = None,
    was_hinted: bool = False,
) -> Review:
    """What one answered test item says; took_s None where it was not measured."""
    if not is_right:
        grade, words = Grade.AGAIN, "wrong"
    elif was_hinted:
        grade, words = Grade.HARD, "right with a hint"
    elif took_s is None or AT_ONCE_S < took_s <= SLOWLY_S:
        grade, words = Grade.GOOD, "right"
    elif took_s <= AT_ONCE_S:
        grade, words = Grade.EASY, "right at once"
    else:
        grade, words = Grade.HARD, "right, slowly"
    return Review(item_card(pattern, number), day, grade, words)


def lowest_of_each_day(reviews: Iterable[Review]) -> list[Review]:
    """At most one review a card and day, oldest first; of equals the last."""
    kept: dict[tuple[Card, date], Review] = {}
    for review in reviews:
        key = (review.card, review.day)
        before = kept.get(key)
        if before is None or review.grade <= before.grade:
            kept[key] = review
    return sorted(kept.values(), key=lambda review: review.day)
