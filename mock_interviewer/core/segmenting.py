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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from mock_interviewer.core.arrays import Floats
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
    phrases_in,
    tokens_of,
    unit_features,
)
from mock_interviewer.core.transcript import StagedUnit, Unit
from mock_interviewer.core.weight_rows import WeightRows

MOST_PHRASES = 3
LEAST_LEANING = 0.1
"""A phrase of less weight decides nothing."""


@dataclass(frozen=True)
class StageModel(Steps):
    """What was learned: weights in the order of STAGES."""

    phrases: Mapping[str, tuple[float, ...]]
    others: Mapping[str, tuple[float, ...]]
    second: SecondReading | None = None
    """Without one the first reading stands."""
    second_told: SecondReading | None = None
    """The one that weighs an encoder's opinion."""

    @cached_property
    def leanings(self) -> tuple[dict[str, tuple[float, int]], ...]:
        """For each stage, the phrases that speak for it most, with the order in which they count.

        First those that say more for it than for any other stage by most, then the longer ones.
        """
        rows = np.array(list(self.phrases.values())).reshape(-1, len(STAGES))
        second, most = np.sort(rows, axis=1)[:, -2:].T
        found: tuple[dict[str, tuple[float, int]], ...] = tuple({} for _ in STAGES)
        columns = rows.argmax(1).tolist(), (second - most).tolist(), most.tolist()
        for phrase, stage, behind, weight in zip(self.phrases, *columns, strict=True):
            if weight > LEAST_LEANING and behind < 0 and not phrase.startswith(OPENING):
                found[stage][phrase] = behind, -phrase.count(" ")
        return found

    @cached_property
    def of_phrases(self) -> WeightRows:
        return WeightRows.of(self.phrases, len(STAGES))

    @cached_property
    def of_others(self) -> WeightRows:
        return WeightRows.of(self.others, len(STAGES))


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
    rows: dict[str, list[float]] = {}
    for at, stage in enumerate(STAGES):
        for name, weight in weights[stage].items():
            rows.setdefault(name, [0.0] * len(STAGES))[at] = weight
    steps, first, last = steps_in(rows)
    return StageModel(
        steps,
        first,
        last,
        phrases={name: tuple(row) for name, row in rows.items() if name[0] not in "=<>@"},
        others={name: tuple(row) for name, row in rows.items() if name[0] in "=<>@"},
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
    emit = emissions(units, language, model, expected_words)
    shares = path_shares(emit, steps)
    if model.second and expected_words is None:  # it counts what comes after, which must be known
        second, told = model.second, stages_told(units, language) if model.second_told else None
        if model.second_told and told is not None:
            second = model.second_told
        lengths = [unit.end_word - unit.first_word for unit in units]
        steps, emit = second, second.scores(emit, shares, lengths, told)
        shares = path_shares(emit, steps)
    path = _best_path(emit, steps)
    return tuple(
        StagedUnit(
            unit.first_word,
            unit.end_word,
            unit.text,
            unit.start_s,
            unit.end_s,
            stage=STAGES[stage],
            confidence=float(shares[at, stage]),
            because=_deciding_phrases(unit, stage, model, language),
        )
        for at, (unit, stage) in enumerate(zip(units, path, strict=True))
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


def emissions(
    units: Sequence[Unit],
    language: Language,
    model: StageModel,
    expected_words: int | None = None,
) -> Floats:
    """The first reading's scores of every unit for the stages, shape (units, 6)."""
    features = unit_features(units, language, expected_words)
    scale = np.sqrt([[max(len(phrases), 1)] for phrases, _ in features])
    of_phrases = model.of_phrases.sums(phrases for phrases, _ in features)
    found: Floats = of_phrases / scale + model.of_others.sums(others for _, others in features)
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


_tokens_of_word = lru_cache(maxsize=8192)(tokens_of)


def _deciding_phrases(
    unit: Unit, stage: int, model: StageModel, language: Language
) -> tuple[str, ...]:
    """The unit's own words that spoke most for its stage, strongest first, none overlapping."""
    order = model.leanings[stage]
    phrases = [phrase for phrase in phrases_in(unit.text, language) if phrase in order]
    if not phrases:
        return ()
    words = unit.text.split(" ")
    tokens = [_tokens_of_word(word, language) for word in words]
    starts = [at for at, found in enumerate(tokens) for _ in found]
    flat = [token for found in tokens for token in found]
    chosen: list[tuple[int, int]] = []
    for phrase in sorted(phrases, key=order.__getitem__):
        run = phrase.split(" ")
        for at in _places_of(run, flat):
            first, end = starts[at], starts[at + len(run) - 1] + 1
            if len(chosen) < MOST_PHRASES and all(end <= a or first >= b for a, b in chosen):
                chosen.append((first, end))
        if len(chosen) == MOST_PHRASES:
            break
    return tuple(" ".join(words[a:b]).strip(".,;:!?¿¡") for a, b in chosen)


def _places_of(run: Sequence[str], tokens: Sequence[str]) -> list[int]:
    """Where a run of tokens begins among others."""
    starts = [at for at, token in enumerate(tokens) if token == run[0]]
    return [at for at in starts if tokens[at : at + len(run)] == run]
