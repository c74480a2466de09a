"""Learned weights by name, to be added up for all units of an answer at once.

A table knows tens of thousands of names and a unit shows some dozens. Each is looked up once, for
everything that weighs it, and what was found is summed in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, repeat

import numpy as np

from mock_interviewer.core.arrays import Floats
from mock_interviewer.core.known_phrases import SEQUENCE, KnownPhrases


@dataclass(frozen=True)
class WeightRows:
    """For every name its weights, one for each column."""

    at: Mapping[str, int]
    """Name -> its row in `table`, of which the first is nobody's."""
    table: Floats

    @classmethod
    def of(cls, weights: Mapping[str, Sequence[float] | Floats], columns: int) -> WeightRows:
        """Names with their weights."""
        table = np.array([[0.0] * columns, *weights.values()])
        return cls({name: at for at, name in enumerate(weights, 1)}, table)

    @classmethod
    def of_columns(cls, columns: Sequence[Mapping[str, float]]) -> WeightRows:
        """Columns with their weights by name; what one of them lacks weighs nothing there."""
        names = dict.fromkeys(chain.from_iterable(columns))
        at = dict(zip(names, count(1)))
        table = np.zeros((len(at) + 1, len(columns)))
        for k, column in enumerate(columns):
            rows = np.fromiter(map(at.__getitem__, column), np.intp, len(column))
            table[rows, k] = np.fromiter(column.values(), float, len(column))
        return cls(at, table)

    def sums(self, units: Iterable[Iterable[str]]) -> Floats:
        """For every unit the sums of its names' weights; those without any add nothing."""
        rows: list[int] = []
        starts = []
        for names in units:
            starts.append(len(rows))
            rows.append(0)  # so that no unit is without a row
            rows.extend(filter(None, map(self.at.get, names)))
        if not starts:
            return np.zeros((0, self.table.shape[1]))
        found: Floats = np.add.reduceat(self.table[rows], starts)
        return found


@dataclass(frozen=True)
class WeighedFeatures:
    """What some detectors weigh, a column each: runs of words, and features by their names."""

    named: WeightRows
    runs: KnownPhrases
    of_runs: Floats
    """Shape (runs, columns)."""

    @classmethod
    def of_columns(cls, columns: Sequence[Mapping[str, float]]) -> WeighedFeatures:
        """Detectors with their weights by feature; a run of words has SEQUENCE before it."""
        weights = WeightRows.of_columns(columns)
        runs = {name: at for name, at in weights.at.items() if name.startswith(SEQUENCE)}
        named = {name: at for name, at in weights.at.items() if name not in runs}
        phrases = [name.removeprefix(SEQUENCE) for name in runs]
        return cls(
            WeightRows(named, weights.table),
            KnownPhrases(phrases),
            weights.table[list(runs.values())],
        )

    def sums_of_runs(self, words: Sequence[Sequence[str]]) -> Floats:
        """For every unit, whose words are given, the sums of its runs' weights."""
        return self.runs.find(words).sums(self.of_runs)


def total_of(names: Iterable[str], weights: Mapping[str, float]) -> float:
    """One detector's sum over one unit's names, where there are too few to arrange them."""
    return weights.get("bias", 0.0) + sum(map(weights.get, names, repeat(0.0)))
