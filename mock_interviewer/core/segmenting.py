"""Which stage each unit serves: an order-aware decoder over weighted evidence.

Every unit collects weights for every stage from its phrases and features (core.stage_features);
steps from one stage to the next have weights too, as have first and last stages. The most likely
path through all units together is the answer's course. Because steps are learned from answers that
open with a headline, tell a lesson in the middle, jump back or leave a stage out, all of these are
possible paths, each at its price. A second reading (core.second_reading) then knows how much of
every stage lies before and after. A unit's confidence is the share of all paths that agree with it
(forward-backward); of units with 0.8 about eight in ten are right. Linear in the number of units.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain

import numpy as np

from mock_interviewer.core.arrays import Floats, Ints
from mock_interviewer.core.known_phrases import Found, KnownPhrases
from mock_interviewer.core.language import Language, Weights
from mock_interviewer.core.second_opinion import opinions_on
from mock_interviewer.core.second_reading import (
    STAGES,
    TOLD_TABLE,
    SecondReading,
    Steps,
    second_reading_of,
    steps_in,
)
from mock_interviewer.core.second_reading import TABLE as SECOND_TABLE
from mock_interviewer.core.stage_features import (
    OPENING,
    TABLE,
    different_phrases,
    others_of,
    tokens_of,
)
from mock_interviewer.core.transcript import StagedUnit, Unit
from mock_interviewer.core.weight_rows import WeightRows

MOST_PHRASES = 3
LEAST_LEANING = 0.1
"""A phrase of less weight decides nothing."""
NO_STAGE = -1
OTHERS, STEP = "=<>@", "-"
"""With what the names of features begin that are no phrases (stage_features.py), and of steps."""


@dataclass(frozen=True)
class Leanings:
    """For every phrase what it may decide; arrays of the same length."""

    stage: Ints
    """The stage that it speaks for most, by its place among STAGES; NO_STAGE where it decides none.
    """
    ahead: Floats
    """How much more it says for that than for any other."""
    words: Ints
    """How many it has."""


@dataclass(frozen=True)
class StageModel(Steps):
    """What was learned: weights in the order of STAGES."""

    phrases: WeightRows
    others: WeightRows
    second: SecondReading | None = None
    """Without one the first reading stands."""
    second_told: SecondReading | None = None
    """The one that weighs an encoder's opinion."""

    @cached_property
    def of_phrases(self) -> Floats:
        """Shape (phrases, 6)."""
        return self.phrases.table[list(self.phrases.at.values())]

    @cached_property
    def known(self) -> KnownPhrases:
        return KnownPhrases(self.phrases.at)

    @cached_property
    def leanings(self) -> Leanings:
        """What each phrase speaks for most."""
        second, most = np.sort(self.of_phrases, axis=1)[:, -2:].T
        words = np.array([phrase.count(" ") + 1 for phrase in self.phrases.at], np.int64)
        opens = [phrase.startswith(OPENING) for phrase in self.phrases.at]
        leans = (most > LEAST_LEANING) & (most > second) & ~np.array(opens, bool)
        stage = np.where(leans, self.of_phrases.argmax(1), NO_STAGE)
        return Leanings(stage, most - second, words)


@lru_cache(maxsize=4)
def _model_of(language: Language) -> StageModel:
    first, tables = model_of(language.weights[TABLE]), language.weights
    second, told = (
        second_reading_of(tables[name]) if name in tables else None
        for name in (SECOND_TABLE, TOLD_TABLE)
    )
    return replace(first, second=second, second_told=told)


def model_of(weights: Weights) -> StageModel:
    """The first reading's model, as a language's table holds it."""
    rows = WeightRows.of_columns([weights[stage] for stage in STAGES])
    others = {name: at for name, at in rows.at.items() if name[0] in OTHERS}
    phrases = {name: at for name, at in rows.at.items() if name[0] not in OTHERS + STEP}
    return StageModel(
        *steps_in({name: rows.table[at] for name, at in rows.at.items() if name[0] == STEP}),
        phrases=WeightRows(phrases, rows.table),
        others=WeightRows(others, rows.table),
    )


def segment(
    units: Sequence[Unit],
    language: Language,
    *,
    model: StageModel | None = None,
    expected_words: int | None = None,
) -> tuple[StagedUnit, ...]:
    """Every unit with its stage, confidence, and the phrases that decided.

    expected_words: of an answer under way, how many it may have in the end; nothing is then
    concluded from its present end.
    """
    if not units:
        return ()
    model = model or _model_of(language)
    steps: Steps = model
    if expected_words is not None:
        steps = replace(model, last=np.zeros(len(STAGES)))
    said = said_in(units, language, model)
    emit = emissions(units, language, model, expected_words, said)
    shares = path_shares(emit, steps)
    if model.second and expected_words is None:  # it counts what comes after, which must be known
        second, told = model.second, stages_told(units, language) if model.second_told else None
        if model.second_told and told is not None:
            second = model.second_told
        lengths = [unit.end_word - unit.first_word for unit in units]
        steps, emit = second, second.scores(emit, shares, lengths, told)
        shares = path_shares(emit, steps)
    path = _best_path(emit, steps)
    deciding = _deciding_phrases(units, path, said, model.leanings)
    return tuple(
        StagedUnit(
            unit.first_word,
            unit.end_word,
            unit.text,
            unit.start_s,
            unit.end_s,
            stage=STAGES[stage],
            confidence=float(shares[at, stage]),
            because=because,
        )
        for at, (unit, stage, because) in enumerate(zip(units, path, deciding, strict=True))
    )


def stages_told(units: Sequence[Unit], language: Language) -> Floats | None:
    """The encoder's scores of every unit for the stages, (units, 6); None without an opinion."""
    told = opinions_on(units, [True] * len(units), language)
    if not told:
        return None
    return np.array([[told[at][stage] for stage in STAGES] for at in range(len(units))])


def shares_if_over(units: Sequence[Unit], language: Language) -> Floats:
    """By the first reading, the share of each stage in every unit if these were all: (units, 6)."""
    model = _model_of(language)
    return path_shares(emissions(units, language, model), model)


@dataclass(frozen=True)
class Said:
    """The words of some units, with the phrases of a model among them."""

    words: list[list[list[str]]]
    """Of every unit, of every word as spoken: its plain words."""
    phrases: Found
    """Each unit's plain words have one more before them, which only openings know."""
    different: list[int]
    """How many phrases every unit has, known or not."""


def said_in(units: Sequence[Unit], language: Language, model: StageModel) -> Said:
    """What the units say, as far as the first reading weighs it."""
    words = [[_plain_words(word, language) for word in unit.text.split(" ")] for unit in units]
    plain = [list(chain.from_iterable(of_unit)) for of_unit in words]
    found = model.known.find([[OPENING.strip(), *of_unit] for of_unit in plain])
    return Said(words, found, [*map(different_phrases, plain)])


_plain_words = lru_cache(maxsize=8192)(tokens_of)


def emissions(
    units: Sequence[Unit],
    language: Language,
    model: StageModel,
    expected_words: int | None = None,
    said: Said | None = None,
) -> Floats:
    """The first reading's scores of every unit for the stages, shape (units, 6)."""
    said = said or said_in(units, language, model)
    others = model.others.sums(others_of(units, language, expected_words))
    scale = np.sqrt(np.maximum(said.different, 1))[:, None]
    found: Floats = said.phrases.sums(model.of_phrases) / scale + others
    return found


def _best_path(emit: Floats, model: Steps) -> list[int]:
    score = emit[0] + model.first
    back = []
    for row in emit[1:]:
        steps = score[:, None] + model.steps
        back.append(steps.argmax(0))
        score = steps.max(0) + row
    path = [int((score + model.last).argmax())]
    for came in reversed(back):
        path.append(int(came[path[-1]]))
    return path[::-1]


def path_shares(emit: Floats, model: Steps) -> Floats:
    """The share of all paths, by weight, that pass through each stage at each unit."""
    weight = np.exp(emit - emit.max(1, keepdims=True))
    both = _ahead_and_behind(weight, model)
    shares: Floats = both[:, : len(STAGES)] * both[::-1, len(STAGES) :] / weight
    shares /= shares.sum(1, keepdims=True)
    return shares


OFTEN_ENOUGH = 8
"""Units after which the weights of the paths are brought back to 1, or they would vanish."""


def _ahead_and_behind(weight: Floats, model: Steps) -> Floats:
    """At each unit the weight of all paths up to it; and from the end on, of all paths from there.

    Shape (units, 12), side by side, so that a step is taken once for both. weight: (units, 6).
    """
    many, steps = len(STAGES), np.exp(model.steps)
    once = np.zeros((2 * many, 2 * many))
    once[:many, :many], once[many:, many:] = steps, steps.T
    both: Floats = np.hstack([weight, weight[::-1]])
    both[0] *= np.exp(np.hstack([model.first, model.last]))
    for at in range(1, len(both)):
        both[at] *= both[at - 1] @ once
        if at % OFTEN_ENOUGH == 0:
            halves = both[at].reshape(2, many)
            halves /= halves.sum(1, keepdims=True)
    return both


def _deciding_phrases(
    units: Sequence[Unit], path: Sequence[int], said: Said, leanings: Leanings
) -> list[tuple[str, ...]]:
    """Every unit's own words that spoke most for its stage, strongest first, none overlapping.

    First those that say more for it than for any other stage by most, then the longer ones.
    """
    found = said.phrases
    speaks = leanings.stage[found.phrase] == np.array(path)[found.unit]
    unit, at, phrase = found.unit[speaks], found.at[speaks], found.phrase[speaks]
    length = leanings.words[phrase]
    order = np.lexsort((at, -length, -leanings.ahead[phrase], unit))
    edges = unit[order].searchsorted(np.arange(len(units) + 1)).tolist()
    firsts, ends = (at - 1)[order].tolist(), (at - 1 + length)[order].tolist()
    return [
        _apart(unit, words, zip(firsts[low:high], ends[low:high], strict=True))
        for unit, words, low, high in zip(units, said.words, edges, edges[1:], strict=False)
    ]


def _apart(
    unit: Unit, words: Sequence[Sequence[str]], runs: Iterable[tuple[int, int]]
) -> tuple[str, ...]:
    """The first MOST_PHRASES of some runs of plain words [first, end) that do not overlap."""
    of_word = [at for at, plain in enumerate(words) for _ in plain]
    chosen: list[tuple[int, int]] = []
    for first, end in runs:
        low, high = of_word[first], of_word[end - 1] + 1
        if all(high <= a or low >= b for a, b in chosen):
            chosen.append((low, high))
            if len(chosen) == MOST_PHRASES:
                break
    spoken = unit.text.split(" ")
    return tuple(" ".join(spoken[a:b]).strip(".,;:!?¿¡") for a, b in chosen)
