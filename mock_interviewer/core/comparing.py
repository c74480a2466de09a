"""Two takes of one question side by side: what changed, what drifted, what was learned by heart.

A passage said word for word again, a dozen words or more, sounds memorised; sounds that fill a
pause are no words of it. It is shown, like figures that drifted (core/drifting.py), with the words
of both takes, and nothing is concluded from either. Linear in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.drifting import Drift, FiguresTold
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import (
    STORY_STAGES,
    Disqualifier,
    Signal,
    Stage,
    Status,
    Verdict,
    Weakness,
)
from mock_interviewer.core.transcript import Transcript

MEMORISED_WORDS = 12
"""So many words in a row the same, and it was not found anew."""
_SEED_WORDS = 6
_LETTERS = re.compile(r"[\w']+")


@dataclass(frozen=True)
class StageChange:
    """One stage in both takes."""

    stage: Stage
    before_s: float | None
    after_s: float | None
    status_before: Status | None
    status_after: Status | None


@dataclass(frozen=True)
class Passage:
    """Words said alike in both takes."""

    text: str
    words: int
    before_s: float | None
    after_s: float | None


@dataclass(frozen=True)
class Comparison:
    """What became of an answer from one take to another."""

    verdict_before: Verdict | None
    verdict_after: Verdict | None
    stages: tuple[StageChange, ...]
    gained: tuple[Signal, ...]
    lost: tuple[Signal, ...]
    mended: tuple[Disqualifier | Weakness, ...]
    """Faults of the first take that the second does not have."""
    new_faults: tuple[Disqualifier | Weakness, ...]
    drifts: tuple[Drift, ...]
    rounded: tuple[Drift, ...]
    """Figures told less exactly, or more."""
    passages: tuple[Passage, ...]
    """Longest first."""

    @property
    def is_judged(self) -> bool:
        """Whether both have a verdict; what one of them shows is else no gain and no loss."""
        return self.verdict_before is not None and self.verdict_after is not None


def compare(before: Analysis, after: Analysis, language: Language) -> Comparison:
    """What changed between two takes of a question."""
    figures = FiguresTold.between(before.units, after.units, language)
    had, has = before.findings.facts, after.findings.facts
    faults_before, faults_after = _faults(before), _faults(after)
    if before.verdict is None or after.verdict is None:  # what was not judged is no worse or better
        had = has
        faults_before = faults_after = ()
    return Comparison(
        verdict_before=before.verdict,
        verdict_after=after.verdict,
        stages=tuple(
            StageChange(
                stage,
                before.stages[stage].duration_s,
                after.stages[stage].duration_s,
                before.stages[stage].status if before.verdict else None,
                after.stages[stage].status if after.verdict else None,
            )
            for stage in STORY_STAGES
        ),
        gained=tuple(s for s in Signal if s in has.signals - had.signals),
        lost=tuple(s for s in Signal if s in had.signals - has.signals),
        mended=tuple(f for f in faults_before if f not in faults_after),
        new_faults=tuple(f for f in faults_after if f not in faults_before),
        drifts=figures.drifts,
        rounded=figures.rounded,
        passages=same_passages(before.transcript, after.transcript, language),
    )


def _faults(analysis: Analysis) -> tuple[Disqualifier | Weakness, ...]:
    facts = analysis.findings.facts
    counted = facts.disqualifiers & analysis.question.counts
    return (
        *(d for d in Disqualifier if d in counted),
        *(w for w in Weakness if w in facts.weaknesses),
    )


def same_passages(before: Transcript, after: Transcript, language: Language) -> tuple[Passage, ...]:
    """Passages of at least MEMORISED_WORDS words that both takes say alike, longest first."""
    first, first_at = _spoken(before, language)
    second, second_at = _spoken(after, language)
    places: dict[tuple[str, ...], int] = {}
    for at in range(len(first) - _SEED_WORDS, -1, -1):
        places[tuple(first[at : at + _SEED_WORDS])] = at
    found, at = [], 0
    while at + _SEED_WORDS <= len(second):
        start = places.get(tuple(second[at : at + _SEED_WORDS]))
        if start is None:
            at += 1
            continue
        length = _SEED_WORDS
        while (
            start + length < len(first)
            and at + length < len(second)
            and first[start + length] == second[at + length]
        ):
            length += 1
        if length >= MEMORISED_WORDS:
            said, again = second_at[at], second_at[at + length - 1] + 1
            found.append(
                Passage(
                    after.text_of(said, again),
                    length,
                    before.words[first_at[start]].start_s,
                    after.words[said].start_s,
                )
            )
        at += length if length >= MEMORISED_WORDS else 1
    return tuple(sorted(found, key=lambda passage: -passage.words))


def _spoken(transcript: Transcript, language: Language) -> tuple[list[str], list[int]]:
    """The words without their punctuation, and where they stand; no sounds that fill a pause."""
    fillers = language.kinds_of_words("delivery")
    words, places = [], []
    for place, word in enumerate(transcript.words):
        bare = "".join(_LETTERS.findall(word.text.lower()))
        if bare and not fillers[bare]:
            words.append(bare)
            places.append(place)
    return words, places
