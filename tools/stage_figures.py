"""How well stages are told: the scorer's figures, and whether confidence is what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from labelled import language
from score import figures as scored
from score import judge
from stage_samples import HEARD, sample_of

from mock_interviewer.core.language import Language
from mock_interviewer.core.second_reading import STAGES
from mock_interviewer.core.segmenting import StageModel, segment

FIGURES = ("stage_accuracy", "boundary_f1", "duration_mae_s", "missing_stage_f1")
BINS = 10
Row = dict[str, Any]
"""A labelled answer, or what is predicted of one."""


def prediction(
    answer: Row,
    model: StageModel | None,
    *,
    bare: bool,
    noisy: bool,
    speaks: Language | None = None,
) -> Row:
    """What the scorer reads, with stages only; by a model, or by a language's own. Times in s."""
    sample = sample_of(answer, bare=bare, noisy=noisy)
    units = segment(sample.units, speaks or language(), model=model)
    told = {unit.stage for unit in units}
    ends = [unit.start_s for unit in units[1:]] + [units[-1].end_s]
    seconds: dict[str, float] = dict.fromkeys(STAGES, 0.0)
    for unit, end_s in zip(units, ends, strict=True):
        seconds[unit.stage] += (end_s or 0.0) - (unit.start_s or 0.0)
    return {
        "units": [
            {"start_s": u.start_s, "end_s": u.end_s, "stage": u.stage.value, "p": u.confidence}
            for u in units
        ],
        "stages": {stage.value: {"duration_s": seconds[stage]} for stage in STAGES},
        "weaknesses": {
            "missing_stages": [s.value for s in STAGES if s not in told and s != "none"]
        },
    }


def figures(answers: Sequence[Row], predictions: Sequence[Row]) -> Row:
    """The scorer's figures about stages."""
    rows = [judge(answer, got, "") for answer, got in zip(answers, predictions, strict=True)]
    found = scored(rows)
    return {name: found[name] for name in FIGURES}


def cross_validated(
    answers: Sequence[Row], folds: int, learn: Callable[[Sequence[Row]], StageModel]
) -> Row:
    """Figures on answers by models that did not learn from them."""
    predicted: dict[tuple[bool, bool], dict[str, Row]] = {heard: {} for heard in HEARD}
    for fold in range(folds):
        model = learn([a for at, a in enumerate(answers) if at % folds != fold])
        for answer in answers[fold::folds]:
            for bare, noisy in HEARD:
                got = prediction(answer, model, bare=bare, noisy=noisy)
                predicted[bare, noisy][answer["id"]] = got
    found: Row = {}
    for (bare, noisy), got_of in predicted.items():
        name = "bare" if bare else "noisy" if noisy else "as spoken"
        for part, kept in (("all", answers), ("messy", messy_ones(answers))):
            if kept:
                found[f"{name}, {part}"] = figures(kept, [got_of[a["id"]] for a in kept])
    found["calibration_error"] = calibration_error(answers, predicted[False, False])
    return found


def messy_ones(answers: Sequence[Row]) -> list[Row]:
    """Those told without preparation."""
    return [answer for answer in answers if answer["style"].startswith("messy")]


def calibration_error(answers: Sequence[Row], predicted: Mapping[str, Row]) -> float:
    """Expected calibration error of the units' confidence, a share, over equally wide bins.

    predicted: what was said of each answer as it was spoken, by its id.
    """
    sure, right = [], []
    for answer in answers:
        truth = sample_of(answer, bare=False, noisy=False).stages
        for unit, stage in zip(predicted[answer["id"]]["units"], truth, strict=True):
            sure.append(unit["p"])
            right.append(unit["stage"] == stage)
    bins = np.minimum((np.array(sure) * BINS).astype(int), BINS - 1)
    gaps = [
        abs(np.mean(np.array(sure)[bins == b]) - np.mean(np.array(right)[bins == b]))
        * np.mean(bins == b)
        for b in range(BINS)
        if (bins == b).any()
    ]
    return round(float(sum(gaps)), 4)
