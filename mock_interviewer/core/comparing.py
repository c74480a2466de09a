"""Two takes of one question side by side: what changed, what drifted, what was learned by heart.

A number drifts where both takes say the same thing with another figure ($8,000 became $18,000):
what is counted is the same, the clauses around have words of the story in common, and neither take
says the other's figure anywhere. 'About forty' for 41 is no drift: it is told as rounded. A passage
said word for word again, a dozen words or more, sounds memorised; sounds that fill a pause are no
words of it. Both are shown with the words of both takes, and nothing is concluded from them. Linear
in words, but for the clauses with figures, which are few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.figures import Figure, figures_in, is_rounding
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
from mock_interviewer.core.transcript import Transcript, Unit

MEMORISED_WORDS = 12
"""So many words in a row the same, and it was not found anew."""
_SEED_WORDS = 6
_LETTERS = re.compile(r"[\w']+")
_NOUN_WORTH, _SIGN_WORTH = 2.0, 1.0
"""The same thing counted says as much as so many words of the clause in common; less for money and
shares, which count anything."""
_LIKE_SHARE, _LIKE_WORTH = 0.4, 2.0
"""Two clauses with this share of all their words in common say the same, and what that is worth."""
_NEAR_WORTH, _BESIDE_WORTH = 0.25, 0.75
_SOME_NEAR, _MUCH_NEAR, _LIKE_SIZE = 3, 4, 4.0
"""Of a word that only the sentences around have in common, and of a figure beside."""
_ROUNDED_WORTH = 1.0
_SAME_WORTH = 2.0
"""From here on two figures are about the same thing."""


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
    told_before: Unit
    told_after: Unit


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


def compare(before: Analysis, after: Analysis, language: Language) -> Comparison:
    """What changed between two takes of a question."""
    figures = FiguresTold.between(before.units, after.units, language)
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


# ---- figures


@dataclass(frozen=True)
class FiguresTold:
    """What became of the figures of one telling in the next."""

    drifts: tuple[Drift, ...]
    rounded: tuple[Drift, ...]
    lost: tuple[Figure, ...]
    """Neither said again nor in another way."""

    @classmethod
    def between(
        cls, before: Sequence[Unit], after: Sequence[Unit], language: Language
    ) -> FiguresTold:
        """Two tellings of one story."""
        first, second = list(figures_in(before, language)), list(figures_in(after, language))
        said_first = {figure.key for figure in first}
        said_second = {figure.key for figure in second}
        free = [figure for figure in second if figure.key not in said_first]
        gone = list({f.key: f for f in first if f.key not in said_second}.values())
        rounded = _paired(gone, free, _ROUNDED_WORTH, only=is_rounding)
        gone, free = _left(gone, free, rounded)
        drifts = _paired(gone, free, _SAME_WORTH)
        lost = [
            figure
            for figure in _left(gone, free, drifts)[0]
            if not any(is_rounding(figure, said) for said in second)
        ]
        return cls(_drifts(drifts), _drifts(rounded), tuple(lost))


Pairs = list[tuple[Figure, Figure]]


def _drifts(pairs: Pairs) -> tuple[Drift, ...]:
    return tuple(Drift(a.text, b.text, a.unit, b.unit) for a, b in pairs)


def _left(
    gone: Sequence[Figure], free: Sequence[Figure], pairs: Pairs
) -> tuple[list[Figure], list[Figure]]:
    taken = {id(figure) for pair in pairs for figure in pair}
    return [f for f in gone if id(f) not in taken], [f for f in free if id(f) not in taken]


def _paired(
    gone: Sequence[Figure],
    free: Sequence[Figure],
    least: float,
    only: Callable[[Figure, Figure], bool] = lambda one, other: True,
) -> Pairs:
    """Figures of two tellings that are most likely about the same thing, the surest pairs first.

    In the order in which the first telling has them.
    """
    worth = sorted(
        (-likeness, n, m)
        for n, one in enumerate(gone)
        for m, other in enumerate(free)
        if only(one, other) and (likeness := _likeness(one, other)) >= least
    )
    ones: set[int] = set()
    others: set[int] = set()
    found = []
    for _, n, m in worth:
        if n not in ones and m not in others:
            ones.add(n)
            others.add(m)
            found.append((n, m))
    return [(gone[n], free[m]) for n, m in sorted(found)]


def _likeness(one: Figure, other: Figure) -> float:
    """How much speaks for two figures counting the same thing."""
    if _kind(one) != _kind(other):
        return 0.0
    return max(_likeness_of_clauses(one, other), _SAME_WORTH * _stands_where(one, other))


def _stands_where(one: Figure, other: Figure) -> bool:
    """True if two figures of a like size stand in the same surroundings, whatever they count.

    People change the noun ('fifteen cages', 'thirty trolleys') more often than all that is around.
    Not so with money and shares, of which one story tells many.
    """
    if not one.value or not other.value or _sign(one) or _sign(other):
        return False
    if not 1 / _LIKE_SIZE <= one.value / other.value <= _LIKE_SIZE:
        return False
    near = len((one.near & other.near) - {one.measure})
    beside = len(one.beside & other.beside)
    return near >= _MUCH_NEAR or (near >= _SOME_NEAR and beside > 0)


def _sign(figure: Figure) -> str:
    return "" if figure.measure.isalpha() else figure.measure


def _likeness_of_clauses(one: Figure, other: Figure) -> float:
    if one.measure and other.measure and one.measure != other.measure:
        return 0.0
    is_same = bool(one.measure) and one.measure == other.measure
    is_noun = is_same and one.measure.isalpha()
    about = (one.about & other.about) - {one.measure}
    is_alike = len(one.clause & other.clause) >= _LIKE_SHARE * len(one.clause | other.clause)
    beside = len(one.beside & other.beside)
    near = (one.near & other.near) - {one.measure} - about
    if not (is_noun or about or is_alike):
        return 0.0
    return (
        (_NOUN_WORTH if is_noun else _SIGN_WORTH if is_same else 0.0)
        + (_LIKE_WORTH if is_alike else 0.0)
        + len(about)
        + _NEAR_WORTH * len(near)
        + _BESIDE_WORTH * beside
    )


def _kind(figure: Figure) -> str:
    """Counts, parts of one ('a third') and 'a year' or 'an hour' never became each other."""
    if figure.text.lower().startswith(("a ", "an ")) and figure.value == 1:
        return "one of it"
    return "part" if figure.value is not None and 0 < figure.value < 1 else "count"


# ---- word for word


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
