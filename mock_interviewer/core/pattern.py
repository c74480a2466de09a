"""A pattern: one kind of question with all that helps to prepare it.

Its question and other wordings; the scenario; for every stage a strong example with its cue
phrases, the coaching line and the common mistake; reflections and bars by level; probes with weak
and strong replies; a weak answer taken apart, with what the interviewer thinks meanwhile; the same
story under the light of several principles; concept checks and a quiz.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Level, Principle, Stage, Tests

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_IN_MID_SENTENCE = re.compile(r"(?<=[\w,;]\s)[^\W\d_]{2,}")


@dataclass(frozen=True)
class StageGuide:
    """How one stage is told well."""

    example: str
    cues: tuple[str, ...]
    """Phrases of the example that carry it, word for word."""
    coaching: str
    mistake: str


@dataclass(frozen=True)
class LevelGuide:
    """What a level asks of the answer."""

    focus: str
    bar: str
    length: str
    reflection: str
    """How the story's lesson sounds at this level."""


@dataclass(frozen=True)
class ProbeGuide:
    """A probe with a weak and a strong reply."""

    text: str
    tests: Tests
    after: str
    """What the interviewer wants to know with it."""
    weak: str
    weak_why: str
    strong: str
    key_phrase: str
    about_example: bool = False
    """It fits the pattern's own story alone: the lesson shows it, an interview never asks it."""


@dataclass(frozen=True)
class Point:
    """Words of the weak answer, and what is wrong with them."""

    quote: str
    fault: str


@dataclass(frozen=True)
class Thought:
    """What the interviewer thinks when these words are said."""

    after: str
    thought: str


@dataclass(frozen=True)
class WeakAnswer:
    """An answer that fails, taken apart."""

    text: str
    points: tuple[Point, ...]
    thoughts: tuple[Thought, ...]
    verdict: str
    """What the interviewer makes of it in the end."""


@dataclass(frozen=True)
class Lens:
    """The same story under a principle's light."""

    lead_with: str
    emphasise: str
    play_down: str


@dataclass(frozen=True)
class ConceptCheck:
    """A quick check of one idea."""

    question: str
    options: tuple[str, ...]
    answer: int
    """Index of the right option."""
    explanation: str


@dataclass(frozen=True)
class QuizItem:
    """One test item."""

    question: str
    options: tuple[str, ...]
    answer: int
    difficulty: str
    """'easy', 'medium' or 'hard'."""
    kind: str
    """'principle', 'weakness', 'signal', 'disqualifier' or 'ownership'."""
    steps: tuple[str, ...]
    hint: str
    mistake: str


@dataclass(frozen=True)
class Pattern:
    """Everything about one pattern."""

    question: Question
    title: str
    variants: tuple[str, ...]
    """Other wordings of the question."""
    overview: str
    takeaway: str
    stages: Mapping[Stage, StageGuide]
    levels: Mapping[Level, LevelGuide]
    probes: tuple[ProbeGuide, ...]
    weak_answer: WeakAnswer
    lenses: Mapping[Principle, Lens]
    concepts: tuple[ConceptCheck, ...]
    quiz: tuple[QuizItem, ...]

    @property
    def strong_answer(self) -> str:
        """The five examples as one answer."""
        return " ".join(guide.example for guide in self.stages.values())


def taken_from(text: str, example: str, number_words: Collection[str] = ()) -> tuple[str, ...]:
    """The names and figures of a text that stand in the example too, in the order of the text.

    A name has a capital in the middle of a sentence and is nowhere written small; a figure has
    digits, or is one of the number words (in small letters).

    >>> taken_from("Jonas said no to all eleven?", "I asked Jonas, eleven times.", {"eleven"})
    ('Jonas', 'eleven')
    """
    there = set(_WORD.findall(example))
    names = {word for word in _IN_MID_SENTENCE.findall(example) if word[0].isupper()}
    names -= {word for word in names if word.lower() in there}
    figures = {word.lower() for word in there if word.lower() in number_words or word[0].isdigit()}
    return tuple(w for w in _WORD.findall(text) if w in names or w.lower() in figures)
