"""Which questions an interview asks: by id, by free text, or by principle and level."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from mock_interviewer.core.rubric import USUAL_COUNTS, Kind, Level, Principle
from mock_interviewer.errors import UnknownName

if TYPE_CHECKING:
    from mock_interviewer.core.question import Question
    from mock_interviewer.settings import Home


def question_named(home: Home, text: str) -> Question:
    """A question by its id, or any text in quotes. Raises UnknownName for what looks like an id."""
    from mock_interviewer import wiring
    from mock_interviewer.core.question import Question

    known = wiring.known_question(home, text)
    if known is not None:
        return known
    if re.fullmatch(r"[\w-]+", text):
        return wiring.packs(home).find(text)  # names the ids that are near
    return Question(text=text)


def questions_to_ask(
    home: Home,
    named: str | None,
    principle: Principle | None,
    level: Level | None,
    how_many: int,
    random: Random,
) -> tuple[Question, ...]:
    """The questions of an interview, the named one first, the others drawn from the packs."""
    from mock_interviewer import wiring

    chosen = [question_named(home, named)] if named else []
    if chosen and principle and principle is not chosen[0].principle:
        chosen = [replace(chosen[0], principle=principle, counts=USUAL_COUNTS[principle])]
    pool = [
        question
        for question in wiring.packs(home).questions
        if question.kind is Kind.STORY
        and (principle is None or question.principle is principle)
        and question.text not in {asked.text for asked in chosen}
    ]
    missing = how_many - len(chosen)
    if missing > len(pool):
        raise UnknownName(
            f"There are only {len(pool) + len(chosen)} questions to choose from, not {how_many}; "
            "ask for fewer with --questions."
        )
    chosen += random.sample(pool, max(0, missing))
    return tuple(replace(question, level=level or question.level) for question in chosen)
