"""The same answer under every light: what each principle and level would make of it.

What was said does not change with the question, only what is counted (rubric: Principles, Verdict).
So an answer is heard and read once, and the rule alone is run again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import USUAL_COUNTS, Level, Principle, Verdict
from mock_interviewer.core.verdict import Rule, decide


@dataclass(frozen=True)
class Sight:
    """An answer as one principle and level see it."""

    principle: Principle
    level: Level
    verdict: Verdict
    because: Rule
    """The line of the rule that decided."""


def seen_as(question: Question, principle: Principle, level: Level) -> Question:
    """The question as if it had been asked for another principle and level."""
    if principle is question.principle:
        return replace(question, level=level)
    return replace(question, principle=principle, level=level, counts=USUAL_COUNTS[principle])


def sights_of(analysis: Analysis) -> tuple[Sight, ...]:
    """Every principle under every level; none where nothing was judged (rubric: The gate).

    An answer that tells no story is one under no light.
    """
    if analysis.ruling is None or analysis.gate is not None:
        return ()
    sights = []
    for principle in Principle:
        for level in Level:
            ruling = decide(analysis.findings.facts, seen_as(analysis.question, principle, level))
            sights.append(Sight(principle, level, ruling.verdict, ruling.rules[0]))
    return tuple(sights)
