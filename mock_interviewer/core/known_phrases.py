"""Phrases of one to three words that weigh something, found in all units of an answer at once.

A table knows tens of thousands of phrases, and to spell every run of an answer's words and look it
up would be the dearest part of judging. So every word is looked up once and becomes a number, runs
of words are numbers made of these, and known ones are found among sorted numbers. A phrase counts
once in a unit, as in learning.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np

from mock_interviewer.core.arrays import Floats, Ints

LONGEST = 3
"""Words."""
SEQUENCE = "w:"
"""Before a run of words among the names of features of other kinds: 'w:it was'."""
_NO_WORD = ""
"""Known to nobody, so no phrase reaches from one unit into the next."""
_NO_PHRASE = -1


@dataclass(frozen=True)
class Found:
    """Where known phrases are, each array with an entry for every place."""

    units: int
    """How many there are."""
    unit: Ints
    """In which of them."""
    at: Ints
    """With which of its words it begins."""
    phrase: Ints
    """Which phrase, by its place in the table."""

    def sums(self, weights: Floats) -> Floats:
        """For every unit the sums of its phrases' weights: (phrases, columns) -> (units, columns).

        A phrase that a unit holds several times counts once.
        """
        places = self.unit * len(weights) + self.phrase
        places.sort()
        once = places[np.diff(places, prepend=-1) > 0]
        unit, phrase = np.divmod(once, max(len(weights), 1))
        until = np.zeros((len(once) + 1, weights.shape[1]))
        np.cumsum(weights[phrase], axis=0, out=until[1:])
        edges = np.searchsorted(unit, np.arange(self.units + 1))
        sums: Floats = until[edges[1:]] - until[edges[:-1]]
        return sums


class KnownPhrases:
    """Phrases, their words with single blanks between; a phrase's number is its place."""

    def __init__(self, phrases: Collection[str]) -> None:
        """Raises ValueError where a phrase is longer than LONGEST."""
        words = "  ".join(phrases).split(" ")  # between two phrases there is _NO_WORD
        number = {word: k for k, word in enumerate(dict.fromkeys([_NO_WORD, *words]))}
        numbers = np.fromiter(map(number.__getitem__, words), np.int64, len(words))
        ends = np.append(np.flatnonzero(numbers == 0), len(words))
        starts = np.append(0, ends[:-1] + 1)
        lengths = ends - starts
        if lengths.max() > LONGEST:
            raise ValueError(f"a phrase has more than {LONGEST} words")
        self._number, self._base = number, len(number)
        """Word -> its number, 0 for that of no phrase; and how many numbers there are."""
        ones, longer = np.flatnonzero(lengths == 1), np.flatnonzero(lengths > 1)
        self._ones = np.full(self._base, _NO_PHRASE)
        self._ones[numbers[starts[ones]]] = ones
        begun = numbers[starts[longer]] * self._base + numbers[starts[longer] + 1]
        self._twos, at = np.unique(begun, return_inverse=True)
        """The first two words of every longer phrase, sorted."""
        is_two = lengths[longer] == 2
        self._of_two = np.full(len(self._twos), _NO_PHRASE)
        self._of_two[at[is_two]] = longer[is_two]
        threes = longer[~is_two]
        keys = at[~is_two] * self._base + numbers[starts[threes] + 2]
        order = keys.argsort()
        self._threes, self._of_three = keys[order], threes[order]
        """The place of the first two among these, and the third word."""

    def find(self, units: Sequence[Sequence[str]]) -> Found:
        """Every place where a known phrase stands within a unit, whose words are given."""
        lengths = np.array([len(words) + 1 for words in units], np.int64)
        parted = chain.from_iterable((*words, _NO_WORD) for words in units)
        numbers = np.fromiter(map(self._number.get, parted, repeat(0)), np.int64)
        ones = self._ones[numbers]
        pairs = np.flatnonzero((numbers[:-1] > 0) & (numbers[1:] > 0))
        twos, at_two = _found_in(self._twos, numbers[pairs] * self._base + numbers[pairs + 1])
        pairs = pairs[twos]
        threes, at_three = _found_in(self._threes, at_two * self._base + numbers[pairs + 2])
        place = np.concatenate([np.arange(len(numbers)), pairs, pairs[threes]])
        phrase = np.concatenate([ones, self._of_two[at_two], self._of_three[at_three]])
        is_one = phrase != _NO_PHRASE
        place, phrase = place[is_one], phrase[is_one]
        unit = np.repeat(np.arange(len(units)), lengths)[place]
        first = lengths.cumsum() - lengths
        return Found(len(units), unit, place - first[unit], phrase)


def _found_in(known: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Which of the keys are known, and where among the known ones, which are sorted."""
    if not len(known):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    nearest = known.searchsorted(keys)
    nearest[nearest == len(known)] = 0
    hits = np.flatnonzero(known[nearest] == keys)
    return hits, nearest[hits]
