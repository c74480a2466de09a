"""Which stage each unit serves: an order-aware decoder over weighted evidence.

Every unit collects weights for every stage from its phrases and features (core.stage_features);
steps from one stage to the next have weights too, as have first and last stages. The most likely
path through all units together is the answer's course. Because steps are learned from answers that
open with a headline, tell a lesson in the middle, jump back or leave a stage out, all of these are
possible paths, each at its price. A unit's confidence is the share of all paths that agree with it
(forward-backward), tempered so that of units with 0.8 about eight in ten are right. Linear in the
number of units.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from mock_interviewer.core.language import Language, Weights
from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.stage_features import TABLE, tokens_of, unit_features
from mock_interviewer.core.transcript import StagedUnit, Unit

STAGES: tuple[Stage, ...] = tuple(Stage)
TEMPERATURE = 1.0
"""Scores are divided by this before they become confidences; 1.0 was calibrated as it was."""
MOST_PHRASES = 3
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StageModel:
    """What was learned: weights in the order of STAGES."""

    phrases: Mapping[str, tuple[float, ...]]
    others: Mapping[str, tuple[float, ...]]
    steps: Floats
    """Shape (6, 6): from the row's stage to the column's."""
    first: Floats
    last: Floats


@lru_cache(maxsize=4)
def _model_of(language: Language) -> StageModel:
    return model_of(language.weights[TABLE])


def model_of(weights: Weights) -> StageModel:
    """The model that a language's table holds."""
    rows: dict[str, list[float]] = {}
    for at, stage in enumerate(STAGES):
        for name, weight in weights[stage].items():
            rows.setdefault(name, [0.0] * len(STAGES))[at] = weight
    steps = np.array([rows.pop(f"-> {to}") for to in STAGES]).T
    first, last = np.array(rows.pop("-> first")), np.array(rows.pop("-> last"))
    return StageModel(
        phrases={name: tuple(row) for name, row in rows.items() if name[0] not in "=<>@"},
        others={name: tuple(row) for name, row in rows.items() if name[0] in "=<>@"},
        steps=steps,
        first=first,
        last=last,
    )


def segment(
    units: Sequence[Unit], language: Language, *, model: StageModel | None = None
) -> tuple[StagedUnit, ...]:
    """Every unit with its stage, confidence, and the phrases that decided."""
    if not units:
        return ()
    model = model or _model_of(language)
    emit = _emissions(units, language, model)
    path = _best_path(emit, model)
    shares = _path_shares(emit / TEMPERATURE, model)
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


def _emissions(units: Sequence[Unit], language: Language, model: StageModel) -> Floats:
    emit = np.zeros((len(units), len(STAGES)))
    for at, (phrases, others) in enumerate(unit_features(units, language)):
        known = [model.phrases[name] for name in phrases if name in model.phrases]
        if known:
            emit[at] += np.sum(known, axis=0) / math.sqrt(len(phrases))
        emit[at] += np.sum([model.others[n] for n in others if n in model.others], axis=0)
    return emit


def _best_path(emit: Floats, model: StageModel) -> list[int]:
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


def _path_shares(emit: Floats, model: StageModel) -> Floats:
    """The share of all paths, by weight, that pass through each stage at each unit."""
    n = len(emit)
    steps = np.exp(model.steps / TEMPERATURE)
    ahead, behind = np.zeros_like(emit), np.ones_like(emit)
    weight = np.exp(emit - emit.max(1, keepdims=True))
    ahead[0] = weight[0] * np.exp(model.first / TEMPERATURE)
    ahead[0] /= ahead[0].sum()
    for at in range(1, n):
        ahead[at] = (ahead[at - 1] @ steps) * weight[at]
        ahead[at] /= ahead[at].sum()
    behind[-1] = np.exp(model.last / TEMPERATURE)
    for at in range(n - 2, -1, -1):
        behind[at] = steps @ (weight[at + 1] * behind[at + 1])
        behind[at] /= behind[at].sum()
    shares: Floats = ahead * behind
    shares /= shares.sum(1, keepdims=True)
    return shares


def _deciding_phrases(
    unit: Unit, stage: int, model: StageModel, language: Language
) -> tuple[str, ...]:
    """The unit's own words that spoke most for its stage, strongest first, none overlapping."""
    words = unit.text.split(" ")
    tokens = [tokens_of(word, language) for word in words]
    starts = [at for at, found in enumerate(tokens) for _ in found]
    flat = [token for found in tokens for token in found]
    scored: list[tuple[float, int, int]] = []
    for length in (3, 2, 1):
        for at in range(len(flat) - length + 1):
            row = model.phrases.get(" ".join(flat[at : at + length]))
            if row is not None:
                others = max(weight for s, weight in enumerate(row) if s != stage)
                if row[stage] > 0.1 and row[stage] > others:
                    scored.append((row[stage] - others, starts[at], starts[at + length - 1] + 1))
    chosen: list[tuple[int, int]] = []
    for _, first, end in sorted(scored, key=lambda entry: -entry[0]):
        if all(end <= a or first >= b for a, b in chosen):
            chosen.append((first, end))
        if len(chosen) == MOST_PHRASES:
            break
    return tuple(" ".join(words[a:b]).strip(".,;:!?¿¡") for a, b in chosen)
