"""Multiple choice over a pattern: what is asked in which order, and whether the pattern is strong.

Ten items over easy, medium and hard. A pattern counts as strong at a difficulty when at least four
of five answers are right; one lucky guess among few proves nothing, so all of a difficulty's items
must have been answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mock_interviewer.core.pattern import QuizItem

DIFFICULTIES = ("easy", "medium", "hard")
STRONG_SHARE = Fraction(4, 5)
MEDIUM_SHARE = Fraction(2, 3)
"""With three items of a difficulty two right are enough."""


@dataclass(frozen=True)
class Choice:
    """One question with its options in the order in which they are shown."""

    number: int
    """Which of the pattern's items it is, from 0."""
    question: str
    options: tuple[str, ...]
    right: int
    """Index of the right option as shown."""
    difficulty: str


@dataclass(frozen=True)
class Answered:
    """One item that was answered."""

    number: int
    difficulty: str
    is_right: bool


@dataclass(frozen=True)
class Score:
    """How many of a difficulty were right."""

    difficulty: str
    right: int
    answered: int
    items: int

    @property
    def is_strong(self) -> bool:
        """True if the difficulty is mastered."""
        share = MEDIUM_SHARE if self.items < 4 else STRONG_SHARE
        return self.items > 0 and self.answered == self.items and self.right >= share * self.items


def shown(
    number: int,
    question: str,
    options: Sequence[str],
    right: int,
    difficulty: str,
    order: Sequence[int],
) -> Choice:
    """An item with its options in another order (a permutation of their indexes)."""
    if sorted(order) != list(range(len(options))):
        raise ValueError("order must name every option once")
    return Choice(
        number, question, tuple(options[k] for k in order), list(order).index(right), difficulty
    )


def drawn(items: Sequence[QuizItem], shuffle: Callable[[list[int]], None]) -> list[Choice]:
    """The items shuffled within each difficulty, easy first, and their options shuffled."""
    numbers = list(range(len(items)))
    shuffle(numbers)
    numbers.sort(key=lambda number: DIFFICULTIES.index(items[number].difficulty))
    choices = []
    for number in numbers:
        item = items[number]
        order = list(range(len(item.options)))
        shuffle(order)
        choices.append(
            shown(number, item.question, item.options, item.answer, item.difficulty, order)
        )
    return choices


def scores(answered: Iterable[Answered], items: Sequence[str]) -> tuple[Score, ...]:
    """The score of each difficulty; items are the difficulties of all the pattern's items.

    >>> scores([Answered(0, "easy", True)], ["easy", "easy"])[0].is_strong
    False
    """
    told = list(answered)
    found = []
    for difficulty in DIFFICULTIES:
        of_it = [each for each in told if each.difficulty == difficulty]
        right = sum(each.is_right for each in of_it)
        count = sum(each == difficulty for each in items)
        if count:
            found.append(Score(difficulty, right, len(of_it), count))
    return tuple(found)


def is_pattern_strong(found: Iterable[Score]) -> bool:
    """True if every difficulty is mastered."""
    told = list(found)
    return bool(told) and all(score.is_strong for score in told)
