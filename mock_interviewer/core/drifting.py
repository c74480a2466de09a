"""Figures of a story that became others from one telling to the next.

A number drifts where both tellings say the same thing with another figure ($8,000 became $18,000):
what is counted is the same, the clauses around have words of the story in common, and neither
telling says the other's figure anywhere. 'About forty' for 41 is no drift: it is told as rounded.
Linear in words, but for the clauses with figures, which are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mock_interviewer.core.figures import Figure, figures_in, is_rounding
from mock_interviewer.core.language import Language
from mock_interviewer.core.transcript import Unit

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
class Drift:
    """A figure that became another."""

    before: str
    after: str
    told_before: Unit
    told_after: Unit


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
        pairs = _paired(gone, free)
        rounded = [pair for pair in pairs if is_rounding(*pair)]
        drifts = [pair for pair in pairs if pair not in rounded]
        again = {id(one) for one, _ in pairs}
        lost = [
            figure
            for figure in gone
            if id(figure) not in again and not any(is_rounding(figure, said) for said in second)
        ]
        return cls(_drifts(drifts), _drifts(rounded), tuple(lost))


Pairs = list[tuple[Figure, Figure]]


def _drifts(pairs: Pairs) -> tuple[Drift, ...]:
    return tuple(Drift(a.text, b.text, a.unit, b.unit) for a, b in pairs)


def _paired(gone: Sequence[Figure], free: Sequence[Figure]) -> Pairs:
    """Figures of two tellings that are most likely about the same thing, the surest pairs first.

    A rounding needs less than a drift, but gives way to a pair that is likelier: sixteen hours are
    no 'twenty boats' where nine boats were told. In the order in which the first telling has them.
    """
    worth = []
    for n, one in enumerate(gone):
        for m, other in enumerate(free):
            is_rounded, likeness = is_rounding(one, other), _likeness(one, other)
            if likeness >= (_ROUNDED_WORTH if is_rounded else _SAME_WORTH):
                worth.append((-likeness, not is_rounded, n, m))
    ones: set[int] = set()
    others: set[int] = set()
    found = []
    for _, _, n, m in sorted(worth):
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
