"""What the packs cover: each pattern in the four modes, each principle in each kind of work.

A pattern is learned step by step, checked by three concept questions, practised aloud with its
probes, and tested by ten items from easy to hard (the walkthrough's four modes). A hole is a place
where a person who prepares would find nothing, or less than the others get.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mock_interviewer.core.lesson import steps_of
from mock_interviewer.core.pattern import Pattern
from mock_interviewer.core.question import Question
from mock_interviewer.core.quiz import DIFFICULTIES
from mock_interviewer.core.rubric import STORY_STAGES, Kind, Level, Principle, Work

CONCEPTS = 3
FEWEST_PROBES = 4
FEWEST_LENSES = 3
ITEMS: Mapping[str, int] = {"easy": 4, "medium": 3, "hard": 3}
"""A test's items at each difficulty."""


@dataclass(frozen=True)
class Coverage:
    """How much of everything one pattern has."""

    name: str
    """Its id."""
    steps: int
    """learn: what is shown one after the other."""
    concepts: int
    """concepts: quick checks."""
    wordings: int
    """practise: in how many ways it is asked."""
    items: Mapping[str, int]
    """test: difficulty -> items."""
    probes: int
    lenses: int
    levels: int
    stages: int

    @property
    def holes(self) -> tuple[str, ...]:
        """What is missing, mode by mode; empty for a whole pattern."""
        return tuple(self._holes())

    def _holes(self) -> Iterator[str]:
        wanted = (
            ("learn", "stages", self.stages, len(STORY_STAGES)),
            ("learn", "levels", self.levels, len(Level)),
            ("learn", "lenses", self.lenses, FEWEST_LENSES),
            ("concepts", "checks", self.concepts, CONCEPTS),
            ("practise", "probes", self.probes, FEWEST_PROBES),
            *(("test", f"{name} items", self.items[name], ITEMS[name]) for name in DIFFICULTIES),
        )
        for mode, what, there, needed in wanted:
            if there < needed:
                yield f"{self.name}, {mode}: {there} {what}, it needs {needed}"


def coverage_of(pattern: Pattern) -> Coverage:
    """How much of everything a pattern has."""
    counted = Counter(item.difficulty for item in pattern.quiz)
    return Coverage(
        name=pattern.question.id,
        steps=len(steps_of(pattern)),
        concepts=len(pattern.concepts),
        wordings=1 + len(pattern.variants),
        items={name: counted[name] for name in DIFFICULTIES},
        probes=len(pattern.probes),
        lenses=len(pattern.lenses),
        levels=len(pattern.levels),
        stages=len(pattern.stages),
    )


@dataclass(frozen=True)
class Counts:
    """How many questions there are of everything."""

    stories: Mapping[tuple[Principle, Work | None], int]
    """Work None: questions that fit any kind of work."""
    others: Mapping[Kind, int]
    """Questions that ask for no story."""

    @property
    def total(self) -> int:
        return sum(self.stories.values()) + sum(self.others.values())

    @property
    def holes(self) -> tuple[str, ...]:
        """Principles without a question in a kind of work, and kinds of question without any."""
        return tuple(
            [
                f"questions: none on {principle.value} for {work.value}"
                for principle in Principle
                for work in Work
                if not self.stories[principle, work]
            ]
            + [f"questions: none of kind {kind.value}" for kind, n in self.others.items() if not n]
        )


def counts_of(questions: Iterable[Question]) -> Counts:
    """The questions counted by principle and kind of work."""
    told = list(questions)
    stories = Counter((q.principle, q.work) for q in told if q.kind is Kind.STORY)
    others = Counter(q.kind for q in told)
    works: tuple[Work | None, ...] = (*Work, None)
    return Counts(
        {(principle, work): stories[principle, work] for principle in Principle for work in works},
        {kind: others[kind] for kind in Kind if kind is not Kind.STORY},
    )
