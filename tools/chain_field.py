"""A linear-chain conditional random field over stages, fitted by its likelihood and L2 penalties.

Weights are natural logarithms of unnormalised odds: one for every (feature, stage), one for every
step from a stage to the next, and one for every first and last stage. The sums over all paths are
those of the forward-backward algorithm (Lafferty, McCallum and Pereira 2001), in logarithms and for
all answers at once, the shorter ones padded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.optimize
import scipy.sparse

from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.second_reading import STAGES

PENALTY_STEPS = 0.1
"""On steps, first and last stages; that on features is the caller's."""


class Weights(NamedTuple):
    """What is fitted, or its gradient."""

    features: np.ndarray
    """(features, stages)"""
    steps: np.ndarray
    """(stages, stages): from a row's to a column's."""
    first: np.ndarray
    last: np.ndarray

    @classmethod
    def of(cls, theta: np.ndarray, features: int) -> Weights:
        """Out of the one vector that the optimiser moves."""
        k = len(STAGES)
        rest = theta[features * k :]
        steps, first, last = rest[: k * k].reshape(k, k), rest[k * k : k * k + k], rest[k * k + k :]
        return cls(theta[: features * k].reshape(features, k), steps, first, last)

    def ravelled(self) -> np.ndarray:
        """As that one vector."""
        return np.concatenate([part.ravel() for part in self])


@dataclass(frozen=True)
class Answers:
    """Where the rows of all units belong, and what is true of them."""

    at: np.ndarray
    """(answers, longest): each unit's row, the last one's again after an answer's end."""
    inside: np.ndarray
    """(answers, longest): false after an answer's end."""
    ends: tuple[np.ndarray, np.ndarray]
    """Where in `at` the last unit of each answer is."""
    stages: np.ndarray
    """(rows, stages): one where the unit is of the stage."""
    steps: np.ndarray
    """(stages, stages): how often the one follows the other."""
    first: np.ndarray
    last: np.ndarray
    """(stages,): how many answers begin and end with each."""

    @classmethod
    def of(cls, told: Sequence[Sequence[Stage]]) -> Answers:
        """From every answer's true stages, their units' rows one after the other."""
        k = len(STAGES)
        lengths = np.array([len(stages) for stages in told])
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        along = np.arange(lengths.max())
        y = np.array([STAGES.index(stage) for stages in told for stage in stages])
        stages = np.zeros((len(y), k))
        stages[np.arange(len(y)), y] = 1
        steps = np.zeros((k, k))
        for start, length in zip(starts, lengths, strict=True):
            np.add.at(steps, (y[start : start + length - 1], y[start + 1 : start + length]), 1)
        return cls(
            at=starts[:, None] + np.minimum(along, lengths[:, None] - 1),
            inside=along < lengths[:, None],
            ends=(np.arange(len(lengths)), lengths - 1),
            stages=stages,
            steps=steps,
            first=np.bincount(y[starts], minlength=k).astype(float),
            last=np.bincount(y[starts + lengths - 1], minlength=k).astype(float),
        )


def fitted(
    x: scipy.sparse.csr_matrix,
    stages: Sequence[Sequence[Stage]],
    penalty: np.ndarray,
    *,
    scale: float,
    iterations: int,
) -> Weights:
    """Weights for the features x (rows, features) of answers with these stages.

    penalty: (features, 1), on the square of each weight. scale: what each answer counts.
    """
    features, k = x.shape[1], len(STAGES)
    answers = Answers.of(stages)

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = _loss(Weights.of(theta, features), x, answers, penalty, scale)
        return value, gradient.ravelled()

    start = np.zeros(features * k + k * k + 2 * k)
    found = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": iterations}
    )
    return Weights.of(found.x, features)


def _loss(
    weights: Weights,
    x: scipy.sparse.csr_matrix,
    answers: Answers,
    penalty: np.ndarray,
    scale: float,
) -> tuple[float, Weights]:
    """The penalised negative logarithm of the likelihood, and its gradient."""
    w, steps, first, last = weights
    scores = x @ w
    log_z, post, step_expect = _expected(scores[answers.at], weights, answers)
    told = (scores * answers.stages).sum() + (steps * answers.steps).sum()
    told += first @ answers.first + last @ answers.last
    value = scale * (log_z.sum() - told)
    value += 0.5 * (penalty * w**2).sum() + 0.5 * PENALTY_STEPS * (steps**2).sum()
    at_ends = post[answers.ends].sum(0)
    gradient = Weights(
        scale * (x.T @ (post[answers.inside] - answers.stages)) + penalty * w,
        scale * (step_expect - answers.steps) + PENALTY_STEPS * steps,
        scale * (post[:, 0].sum(0) - answers.first) + PENALTY_STEPS * first,
        scale * (at_ends - answers.last) + PENALTY_STEPS * last,
    )
    return value, gradient


def _expected(
    emit: np.ndarray, weights: Weights, answers: Answers
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each answer's log of the sum over its paths, each unit's shares, and all steps' counts.

    emit: (answers, longest, stages), the scores alone; those of first and last are put on top.
    """
    steps, inside = weights.steps, answers.inside
    emit[answers.ends] += weights.last
    emit[:, 0] += weights.first
    alpha = _forward(emit, steps, inside)
    log_z = _logsumexp(alpha[:, -1], 1)
    beta, step_expect = np.zeros_like(emit), np.zeros_like(steps)
    for t in range(emit.shape[1] - 2, -1, -1):
        ahead = emit[:, t + 1] + beta[:, t + 1]
        came = _logsumexp(steps + ahead[:, None, :], 2)
        beta[:, t] = np.where(inside[:, t + 1, None], came, 0.0)
        pair = np.exp(alpha[:, t, :, None] + steps + ahead[:, None, :] - log_z[:, None, None])
        step_expect += (pair * inside[:, t + 1, None, None]).sum(0)
    return log_z, np.exp(alpha + beta - log_z[:, None, None]), step_expect


def _forward(emit: np.ndarray, steps: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The log of the sum over all paths to each unit's stages; it stays after an answer's end."""
    alpha = np.zeros_like(emit)
    alpha[:, 0] = emit[:, 0]
    for t in range(1, emit.shape[1]):
        came = _logsumexp(alpha[:, t - 1, :, None] + steps, 1) + emit[:, t]
        alpha[:, t] = np.where(inside[:, t, None], came, alpha[:, t - 1])
    return alpha


def _logsumexp(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis, keepdims=True)
    total: np.ndarray = np.log(np.exp(values - top).sum(axis, keepdims=True)) + top
    return total.squeeze(axis)
