"""Two takes of one question side by side: what changed, what drifted, what was learned by heart.

A number drifts where both takes say the same thing with another figure ($8,000 became $18,000):
the clause around it shares most of its content words, the unit of the quantity is the same, and
neither take says the other's figure anywhere. A passage said word for word again, a dozen words or
more, sounds memorised. Both are shown with the words of both takes, and nothing is concluded from
them. Linear in words, but for the clauses with figures, which are few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.language import Language
from mock_interviewer.core.quantities import quantities_in
from mock_interviewer.core.rubric import (
    STORY_STAGES,
    Disqualifier,
    Signal,
    Stage,
    Status,
    Verdict,
    Weakness,
)
from mock_interviewer.core.transcript import StagedUnit

MEMORISED_WORDS = 12
"""So many words in a row the same, and it was not found anew."""
_SEED_WORDS = 6
_LIKE_SHARE = 0.4
"""Two clauses are about the same thing from this share of common content words on."""
_LETTERS = re.compile(r"[a-z0-9']+")
_CLAUSE_END = re.compile(r"[,;:.]\s|\s(?:and|but|so|then|because)\s")
_FEW_LETTERS = 4
"""Shorter words (the, and, was) say nothing of what a clause is about."""


@dataclass(frozen=True)
class StageChange:
    """One stage in both takes."""

    stage: Stage
    before_s: float | None
    after_s: float | None
    status_before: Status | None
    status_after: Status | None


@dataclass(frozen=True)
class Drift:
    """A figure that became another."""

    before: str
    after: str
    told_before: StagedUnit
    told_after: StagedUnit


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
    passages: tuple[Passage, ...]
    """Longest first."""


def compare(before: Analysis, after: Analysis, language: Language) -> Comparison:
    """What changed between two takes of a question."""
    had, has = before.findings.facts, after.findings.facts
    faults_before, faults_after = _faults(before), _faults(after)
    return Comparison(
        verdict_before=before.verdict,
        verdict_after=after.verdict,
        stages=tuple(
            StageChange(
                stage,
                before.stages[stage].duration_s,
                after.stages[stage].duration_s,
                before.stages[stage].status,
                after.stages[stage].status,
            )
            for stage in STORY_STAGES
        ),
        gained=tuple(s for s in Signal if s in has.signals - had.signals),
        lost=tuple(s for s in Signal if s in had.signals - has.signals),
        mended=tuple(f for f in faults_before if f not in faults_after),
        new_faults=tuple(f for f in faults_after if f not in faults_before),
        drifts=tuple(_drifts(before.units, after.units, language)),
        passages=same_passages(before, after),
    )


def _faults(analysis: Analysis) -> tuple[Disqualifier | Weakness, ...]:
    facts = analysis.findings.facts
    counted = facts.disqualifiers & analysis.question.counts
    return (
        *(d for d in Disqualifier if d in counted),
        *(w for w in Weakness if w in facts.weaknesses),
    )


# ---- figures


@dataclass(frozen=True)
class _Figure:
    text: str
    measure: str
    """What is counted: '$', '%', or the word behind the figure."""
    unit: StagedUnit
    about: frozenset[str]


def _figures(units: Sequence[StagedUnit], language: Language) -> Iterator[_Figure]:
    for unit in units:
        for start, end in quantities_in(unit.text, language):
            text = unit.text[start:end].strip(" .,;:")
            behind = _LETTERS.findall(unit.text[end:].lower())[:1]
            sign = re.search(r"[$€£¥%]|per ?cent", text.lower())
            measure = (sign[0] if sign else "") or (behind[0] if behind else "")
            before, after = unit.text[:start], unit.text[end:]
            around = _CLAUSE_END.split(before)[-1] + " " + _CLAUSE_END.split(after)[0]
            about = frozenset(w for w in _LETTERS.findall(around.lower()) if len(w) >= _FEW_LETTERS)
            yield _Figure(text, measure, unit, about)


def _drifts(
    before: Sequence[StagedUnit], after: Sequence[StagedUnit], language: Language
) -> Iterator[Drift]:
    first, second = list(_figures(before, language)), list(_figures(after, language))
    said_first = {figure.text.lower() for figure in first}
    said_second = {figure.text.lower() for figure in second}
    free = [figure for figure in second if figure.text.lower() not in said_first]
    for figure in first:
        if figure.text.lower() in said_second:
            continue
        alike = [
            (_likeness(figure, other), -number, other)
            for number, other in enumerate(free)
            if other.measure == figure.measure
        ]
        if not alike:
            continue
        likeness, _, other = max(alike, key=lambda each: each[:2])
        if likeness >= _LIKE_SHARE:
            free.remove(other)
            yield Drift(figure.text, other.text, figure.unit, other.unit)


def _likeness(one: _Figure, other: _Figure) -> float:
    either = one.about | other.about
    return len(one.about & other.about) / len(either) if either else 0.0


# ---- word for word


def same_passages(before: Analysis, after: Analysis) -> tuple[Passage, ...]:
    """Passages of at least MEMORISED_WORDS words that both takes say alike, longest first."""
    first = ["".join(_LETTERS.findall(w.text.lower())) for w in before.transcript.words]
    second = ["".join(_LETTERS.findall(w.text.lower())) for w in after.transcript.words]
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
            found.append(
                Passage(
                    after.transcript.text_of(at, at + length),
                    length,
                    before.transcript.words[start].start_s,
                    after.transcript.words[at].start_s,
                )
            )
        at += length if length >= MEMORISED_WORDS else 1
    return tuple(sorted(found, key=lambda passage: -passage.words))
