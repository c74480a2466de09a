"""How a disqualifier is weighed within its answer: learned on thirds unseen by both readings.

The names and numbers are those of core/within_answer.py, taken from there, so that what is learned
is what is later asked. Answers as they are labelled and as they are found, and minimal pairs, teach
the weights. Nothing is said against a person that is not likelier than not: the threshold lies
where answers that were not learned from, as they are found, have the disqualifier as often as not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from all_cores import on_all_cores
from encoder_material import DISQUALIFIERS, LABELS
from learn_folds import FOLDS, fold_of
from learn_signals import agreement
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from thresholds import even_odds, surer_threshold

from mock_interviewer.core.agency import (
    THRESHOLD,
    THRESHOLD_ROUGH,
    THRESHOLD_WITHOUT_STOPS,
    AnswerRead,
)
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import Disqualifier
from mock_interviewer.core.transcript import StagedUnit, Transcript

GAINED_SHARE = 0.002
"""Of the answers without a disqualifier so many may gain one by being heard without stops, or with
words misheard, and by nothing else. With one threshold for both, one in a hundred of all that was
called falsely, assigned was found in 0.58 of the unseen answers without stops; now it is in 0.69,
of 0.72 with them."""
STRENGTH, PAIR_TIMES = 0.05, 0.3
"""There are more pairs than answers; with each counted so both teach about as much: at 0.5 assigned
lost 0.02 of kappa, and pairs gained 0.004."""


@dataclass(frozen=True)
class Heard:
    """An answer as it may be heard, with units that are given or found."""

    how: str
    """labelled, found, bare or noisy."""
    answer_id: str
    transcript: Transcript
    units: Sequence[StagedUnit]
    shows: frozenset[str]
    """Its labels; of a minimal pair's answer (how: twin) only `asked_for` is known."""
    asked_for: frozenset[str] = frozenset(LABELS)


Around = dict[str, float]


def weigh_within(
    heard: Sequence[Heard], language_for: Callable[[str], Language]
) -> dict[str, dict[str, float]]:
    """Every disqualifier's table; what it does on unseen thirds is printed."""
    asked = [one for one in heard if one.asked_for & set(DISQUALIFIERS)]
    told = on_all_cores(lambda one: _around(one, language_for(one.answer_id)), asked)
    rows: dict[str, list[tuple[Heard, Around]]] = {label: [] for label in DISQUALIFIERS}
    for one, found in zip(asked, told, strict=True):
        for label, around in found.items():
            rows[label].append((one, around))
    return {label: _table(label, of_label) for label, of_label in rows.items()}


def _around(one: Heard, language: Language) -> dict[str, Around]:
    """For each disqualifier known of it, what the answer holds around its likeliest unit."""
    answer = AnswerRead.of(one.transcript, one.units, language)
    likeliest = {label: answer.likeliest(Disqualifier(label)) for label in DISQUALIFIERS}
    return {
        label: answer.around(units)
        for label, units in likeliest.items()
        if units and label in one.asked_for
    }


def _table(label: str, rows: Sequence[tuple[Heard, Around]]) -> dict[str, float]:
    names = list(rows[0][1])
    told = np.array([[around[name] for name in names] for _, around in rows])
    shown = np.array([label in one.shows for one, _ in rows])
    how = np.array([one.how for one, _ in rows])
    fold = np.array([fold_of(one.answer_id) for one, _ in rows])
    teaches = np.isin(how, ("labelled", "found", "twin"))
    times = np.where(how == "twin", PAIR_TIMES, 1.0)
    unseen = np.zeros(len(rows))
    for tested in range(1, FOLDS + 1):
        known = teaches & (fold != tested)
        model = _fitted(told[known], shown[known], times[known])
        unseen[fold == tested] = model.decision_function(told[fold == tested])
    answers, twins = np.isin(how, ("labelled", "found")), how == "twin"
    found, bare, noisy = (how == one for one in ("found", "bare", "noisy"))
    threshold = even_odds(unseen[found], shown[found])
    clearly = {
        one.answer_id: score
        for (one, _), score in zip(rows, unseen, strict=True)
        if one.how == "found"
    }
    is_gain = np.array([clearly[one.answer_id] < threshold for one, _ in rows]) & ~shown
    gained = np.where(is_gain, unseen, -np.inf)
    without_stops, surer = (
        max(threshold, surer_threshold(gained[of & ~shown], GAINED_SHARE)) for of in (bare, noisy)
    )
    called = unseen >= threshold
    wrong = [int((called & ~shown & answers).sum()), int((~called & shown & answers).sum())]
    print(
        f"{label} within its answer: kappa {agreement(shown[answers], called[answers]):.3f} "
        f"({wrong[0]} false, {wrong[1]} missed of {shown[answers].sum()}), "
        f"pairs right {(called == shown)[twins].mean():.3f} of {twins.sum()}, "
        f"found without stops {(unseen >= without_stops)[bare & shown].mean():.2f}, "
        f"misheard {(unseen >= surer)[noisy & shown].mean():.2f}",
        flush=True,
    )
    model = _fitted(told[teaches], shown[teaches], times[teaches])
    scaler, regression = model.named_steps.values()
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - (weights * scaler.mean_).sum())
    table = {
        THRESHOLD: threshold,
        THRESHOLD_WITHOUT_STOPS: without_stops,
        THRESHOLD_ROUGH: surer,
        "bias": bias,
    }
    return table | dict(zip(names, weights.tolist(), strict=True))


def _fitted(told: np.ndarray, shown: np.ndarray, times: np.ndarray) -> Pipeline:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH))
    return model.fit(told, shown, logisticregression__sample_weight=times)
