"""The second reading of an answer's stages: what the first one tells about each unit's place.

A chain that only knows the step from one unit to the next forgets that two minutes of action lie
behind it, or that the lesson was told already. After a first reading, the words that lie before and
after a unit are known, stage by stage, with what stages its neighbours probably are. Both are
features of a second, small field, whose evidence about the unit itself is the first reading's.
Durations enter this way, as do returns and headlines, without a price that grows with the square of
the answer. Where an encoder gives a second opinion (second_opinion.py), its view of each unit's
stage is a third voice, weighed in a table of its own. The second reading learns from first readings
by models that had not seen the answer, else it would trust them too much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from mock_interviewer.core.arrays import Floats
from mock_interviewer.core.language import Weights
from mock_interviewer.core.rubric import Stage

TABLE, TOLD_TABLE = "course", "course_encoder"
"""Without an encoder's opinion, and with it."""
STAGES: tuple[Stage, ...] = tuple(Stage)
WORDS = (3.0, 15.0, 40.0, 90.0)
"""Edges of how much of a stage lies before or after: a clause, a sentence or two, a third, most."""
AMOUNTS = range(len(WORDS) + 1)
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
NOTHING = "nothing"
"""What stands beside an answer's first unit and its last."""
BESIDE = (*STAGES, NOTHING)
KINDS_OF_PLACES = (
    ["@anywhere"],
    *([f"@{stage} before, {much} of {len(WORDS)}" for much in AMOUNTS] for stage in STAGES),
    *([f"@{stage} after, {much} of {len(WORDS)}" for much in AMOUNTS] for stage in STAGES),
    *([f"@{stage} at {distance:+d}" for stage in BESIDE] for distance in NEIGHBOURS),
)
"""Everything that the first reading can tell about a unit's place; a unit has one of each kind."""
PLACES = tuple(chain.from_iterable(KINDS_OF_PLACES))
_FIRST_OF_KIND = np.cumsum([0, *(len(kind) for kind in KINDS_OF_PLACES[:-1])])


@dataclass(frozen=True)
class Steps:
    """Weights of first stages, last stages, and steps from a stage to the next."""

    steps: Floats
    """Shape (6, 6): from the row's stage to the column's."""
    first: Floats
    last: Floats


@dataclass(frozen=True)
class SecondReading(Steps):
    """What was learned for it."""

    by_first: Floats
    """Shape (6, 6): what the first reading's score of the row's stage says for the column's."""
    places: Floats
    """Shape (places, 6): what each of PLACES says."""
    by_told: Floats | None = None
    """Shape (6, 6): what the encoder's score of the row's stage says; None if it has no part."""

    def scores(
        self, emit: Floats, shares: Floats, lengths: Sequence[int], told: Floats | None = None
    ) -> Floats:
        """Every unit's scores for the stages; arrays have the shape (units, 6)."""
        found: Floats = centred(emit) @ self.by_first
        found += self.places[places_of(shares, lengths)].sum(1)
        if told is not None and self.by_told is not None:
            found += centred(told) @ self.by_told
        return found


def centred(emit: Floats) -> Floats:
    """The first reading's scores, their mean taken off: only differences matter."""
    result: Floats = emit - emit.mean(1, keepdims=True)
    return result


def places_of(shares: Floats, lengths: Sequence[int]) -> npt.NDArray[np.intp]:
    """For every unit what the first reading tells about its place, as indices into PLACES.

    shares: (units, 6), the share of each stage; lengths: the units' words. Shape (units, 19).
    """
    n = len(shares)
    words = shares * np.asarray(lengths, float)[:, None]
    until = np.cumsum(words, axis=0)
    before = np.searchsorted(WORDS, until - words, side="right")
    after = np.searchsorted(WORDS, until[-1] - until, side="right")
    reach = max(NEIGHBOURS)
    likeliest = np.pad(shares.argmax(1), reach, constant_values=BESIDE.index(NOTHING))
    beside = likeliest[reach + np.arange(n)[:, None] + np.array(NEIGHBOURS)]
    anywhere = np.zeros((n, 1), int)
    found: npt.NDArray[np.intp] = np.concatenate([anywhere, before, after, beside], axis=1)
    found += _FIRST_OF_KIND
    return found


def second_reading_of(weights: Weights) -> SecondReading:
    """The model that a language's table holds."""
    rows: dict[str, list[float]] = {}
    for at, stage in enumerate(STAGES):
        for name, weight in weights[stage].items():
            rows.setdefault(name, [0.0] * len(STAGES))[at] = weight
    by_first = np.array([rows.pop(f"first reading: {stage}") for stage in STAGES])
    is_told = f"encoder: {STAGES[0]}" in rows
    by_told = np.array([rows.pop(f"encoder: {stage}") for stage in STAGES]) if is_told else None
    steps, first, last = steps_in(rows)
    places = np.array([rows.get(name, [0.0] * len(STAGES)) for name in PLACES])
    return SecondReading(steps, first, last, by_first, places, by_told)


def steps_in(rows: Mapping[str, Sequence[float] | Floats]) -> tuple[Floats, Floats, Floats]:
    """The steps among a table's rows: (6, 6), first (6,), last (6,)."""
    steps = np.array([rows[f"-> {to}"] for to in STAGES]).T
    return steps, np.array(rows["-> first"]), np.array(rows["-> last"])


def steps_told(model: Steps, at: int) -> dict[str, float]:
    """The entries of a stage's table that steps_in reads again."""
    return {
        "-> first": float(model.first[at]),
        "-> last": float(model.last[at]),
        **{f"-> {to}": float(model.steps[at][b]) for b, to in enumerate(STAGES)},
    }
