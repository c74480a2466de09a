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

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from mock_interviewer.core.language import Language, Weights
from mock_interviewer.core.second_opinion import opinions_on
from mock_interviewer.core.second_reading import (
    STAGES,
    TOLD_TABLE,
    Floats,
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
    def leanings(self) -> dict[str, tuple[int, float]]:
        """Phrase -> the stage that it speaks for most, and how much more than for any other."""
        rows = np.array(list(self.phrases.values())).reshape(-1, len(STAGES))
        second, most = np.sort(rows, axis=1)[:, -2:].T
        leaning = zip(rows.argmax(1).tolist(), (most - second).tolist(), strict=True)
        return {
            phrase: lean
            for phrase, lean, weight in zip(self.phrases, leaning, most.tolist(), strict=True)
            if weight > LEAST_LEANING and lean[1] > 0 and not phrase.startswith(OPENING)
        }


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
    emit = []
    for phrases, others in unit_features(units, language, expected_words):
        of_phrases = _column_sums(map(model.phrases.get, phrases))
        of_others = _column_sums(map(model.others.get, others))
        scale = math.sqrt(max(len(phrases), 1))
        emit.append([a / scale + b for a, b in zip(of_phrases, of_others, strict=True)])
    return np.array(emit)


def _column_sums(rows: Iterable[tuple[float, ...] | None]) -> list[float]:
    """A sum for each stage; for so few rows quicker than an array of them."""
    known = [row for row in rows if row is not None]
    return [sum(column) for column in zip(*known, strict=True)] or [0.0] * len(STAGES)


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
    n = len(emit)
    steps = np.exp(model.steps)
    ahead, behind = np.zeros_like(emit), np.ones_like(emit)
    weight = np.exp(emit - emit.max(1, keepdims=True))
    ahead[0] = weight[0] * np.exp(model.first)
    ahead[0] /= ahead[0].sum()
    for at in range(1, n):
        ahead[at] = (ahead[at - 1] @ steps) * weight[at]
        ahead[at] /= np.add.reduce(ahead[at])
    behind[-1] = np.exp(model.last)
    for at in range(n - 2, -1, -1):
        behind[at] = steps @ (weight[at + 1] * behind[at + 1])
        behind[at] /= np.add.reduce(behind[at])
    shares: Floats = ahead * behind
    shares /= shares.sum(1, keepdims=True)
    return shares


_tokens_of_word = lru_cache(maxsize=8192)(tokens_of)


def _deciding_phrases(
    unit: Unit, stage: int, model: StageModel, language: Language
) -> tuple[str, ...]:
    """The unit's own words that spoke most for its stage, strongest first, none overlapping."""
    words = unit.text.split(" ")
    tokens = [_tokens_of_word(word, language) for word in words]
    starts = [at for at, found in enumerate(tokens) for _ in found]
    flat = [token for found in tokens for token in found]
    places: dict[str, list[int]] = {}
    for at, token in enumerate(flat):
        places.setdefault(token, []).append(at)
    scored: list[tuple[float, int, int]] = []
    for phrase in phrases_in(unit.text, language):
        spoken_for, lead = model.leanings.get(phrase, (None, 0.0))
        if spoken_for == stage:
            run = phrase.split(" ")
            scored += [
                (-lead, -len(run), at) for at in places[run[0]] if flat[at : at + len(run)] == run
            ]
    chosen: list[tuple[int, int]] = []
    for _, minus_length, at in sorted(scored):
        first, end = starts[at], starts[at - minus_length - 1] + 1
        if all(end <= a or first >= b for a, b in chosen):
            chosen.append((first, end))
        if len(chosen) == MOST_PHRASES:
            break
    return tuple(" ".join(words[a:b]).strip(".,;:!?¿¡") for a, b in chosen)
