"""What is asked: a question with its probes, and what its principle, level and pack demand.

A question of kind `story` asks for one past episode. It names the disqualifiers it counts; without
its own it takes its principle's usual ones (rubric: Principles). A probe is a follow-up that tests
one thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mock_interviewer.core.rubric import (
    ALL_DISQUALIFIERS,
    Budget,
    Disqualifier,
    Kind,
    Level,
    Principle,
    Stage,
    Tests,
    Work,
    budgets_for,
)


@dataclass(frozen=True)
class Probe:
    """A follow-up question."""

    text: str
    tests: Tests


@dataclass(frozen=True)
class Question:
    """One question as it is put to a candidate."""

    text: str
    id: str = ""
    """A pack's id ('missed-deadline'); empty for a question the person brought."""
    kind: Kind = Kind.STORY
    principle: Principle = Principle.OWNERSHIP
    level: Level = Level.SDE2
    counts: frozenset[Disqualifier] = ALL_DISQUALIFIERS
    probes: tuple[Probe, ...] = ()
    overrides: Mapping[Stage, Budget] = field(default_factory=dict)
    """Targets and limits of the pack's own."""
    work: Work | None = None
    """The kind of work it is at home in; None for any."""

    @property
    def budgets(self) -> dict[Stage, Budget]:
        return budgets_for(self.level, self.overrides)


DEFAULT_QUESTION = Question(text="")
"""What a transcript that names no question is read as: an ownership story, sde2, all counted.

Its words are the language's (`about.toml`, default_question).
"""


@dataclass(frozen=True)
class AskedAs:
    """What a transcript says it was an answer to; None where it says nothing."""

    question: str | None = None
    principle: Principle | None = None
    level: Level | None = None
    counts: frozenset[Disqualifier] | None = None
    kind: Kind | None = None
