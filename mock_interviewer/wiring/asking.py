"""Which questions an interview asks: by id, by free text, by lot, or by principle and work."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mock_interviewer.core.rubric import USUAL_COUNTS, Kind, Level, Principle, Work
from mock_interviewer.errors import BadInput, UnknownName

if TYPE_CHECKING:
    from random import Random

    from mock_interviewer.core.guessing import Guess
    from mock_interviewer.core.question import Question
    from mock_interviewer.settings import Home

WARM_UP_FROM = 3
"""A mock of so many questions opens with a warm-up."""

Tell = Callable[[str], None]
"""Says a line to the person."""


@dataclass(frozen=True)
class Wish:
    """What the person asked to be asked; None leaves it open."""

    named: str | None = None
    """An id, or any text in quotes."""
    principle: Principle | None = None
    level: Level | None = None
    work: Work | None = None
    how_many: int = 1
    is_surprise: bool = False
    """By lot, and so without a name."""


def drawn(pool: Sequence[Question], how_many: int, dice: Random) -> tuple[Question, ...]:
    """So many of the pool's stories by lot, all different. Raises UnknownName for too few."""
    stories = [question for question in pool if question.kind is Kind.STORY]
    if not stories:
        raise UnknownName(
            "No question fits; narrow the choice less, or see 'mock-interviewer questions list'."
        )
    if how_many > len(stories):
        raise UnknownName(
            f"There are only {len(stories)} questions to draw from, not {how_many}; ask for fewer, "
            "or narrow the choice less."
        )
    return tuple(dice.sample(stories, how_many))


def question_named(
    home: Home, text: str, tell: Tell, principle: Principle | None = None
) -> Question:
    """A question by its id, or any text in quotes; what is guessed of it is told.

    Raises UnknownName for what looks like an id and is none.
    """
    from mock_interviewer import wiring

    text = text.encode("utf-8", "replace").decode("utf-8")  # a terminal may send half characters
    known = wiring.known_question(home, text)
    if known is not None:
        return known
    if re.fullmatch(r"[\w-]+", text):
        return wiring.packs(home).find(text)  # names the ids that are near
    if not re.search(r"\w", text):
        raise BadInput("The question is empty; put its words in quotes, or name an id.")
    return wiring.packs(home).reworded(text) or _brought(home, text, tell, principle)


def _brought(home: Home, text: str, tell: Tell, principle: Principle | None) -> Question:
    """A question in the person's own words; its principle is guessed if none is given."""
    from mock_interviewer import wiring
    from mock_interviewer.core.question import Question

    if principle is not None:
        return Question(text=text, principle=principle, counts=USUAL_COUNTS[principle])
    guess = wiring.guess_of(home, text)
    tell(_told(guess))
    counts = USUAL_COUNTS[guess.principle] if guess.kind is Kind.STORY else frozenset()
    return Question(text=text, kind=guess.kind, principle=guess.principle, counts=counts)


def _told(guess: Guess) -> str:
    """What a question was taken for, and why."""
    because = ", ".join(f"'{words}'" for words in guess.because[:3])
    if guess.kind is not Kind.STORY:
        what = guess.kind.value.replace("_", " ")
        return f"Taken for a question of {what} ({because}): it is timed and not judged."
    principle = guess.principle.value.replace("_", " ")
    if not because:
        return (
            f"No principle was named and none can be read from the question; it is asked as one of "
            f"{principle}."
        )
    return f"Taken for a question of {principle} ({because})."


def questions_to_ask(home: Home, wish: Wish, dice: Random, tell: Tell) -> tuple[Question, ...]:
    """The questions of an interview, the named one first, the others drawn from the packs."""
    from mock_interviewer import wiring

    if wish.named is not None and wish.is_surprise:
        raise BadInput("Either a QUESTION or --surprise, not both.")
    chosen: tuple[Question, ...] = ()
    if wish.named is not None:
        chosen = (_under(question_named(home, wish.named, tell, wish.principle), wish.principle),)
    missing = wish.how_many - len(chosen)
    if missing > 0:
        texts = {asked.text for asked in chosen}
        pool = wiring.packs(home).search(principle=wish.principle, work=wish.work)
        chosen += drawn([q for q in pool if q.text not in texts], missing, dice)
    return tuple(replace(question, level=wish.level or question.level) for question in chosen)


def _under(question: Question, principle: Principle | None) -> Question:
    """The question as it is, or as one of another principle with what that usually counts."""
    if principle is None or principle is question.principle:
        return question
    return replace(question, principle=principle, counts=USUAL_COUNTS[principle])


def with_warm_up(home: Home, asked: tuple[Question, ...]) -> tuple[Question, ...]:
    """A full mock's questions with what it opens with; fewer questions as they are.

    The warm-up is timed and never judged. It asks about the work that all questions are at home in,
    and about none where they are not of one kind.
    """
    from mock_interviewer import wiring

    if len(asked) < WARM_UP_FROM:
        return asked
    works = {question.work for question in asked}
    work = works.pop() if len(works) == 1 else None
    openers = [q for q in wiring.packs(home).questions if q.kind is Kind.SELF_INTRODUCTION]
    warm_up = min(openers, key=lambda q: (q.work is not work, q.work is not None))
    return (replace(warm_up, probes=()), *asked)
