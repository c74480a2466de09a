"""From which score on something counts: chosen on answers that the scores' weights never saw."""

from __future__ import annotations

import numpy as np
from learn_signals import agreement
from sklearn.linear_model import LogisticRegression

ABOUT_AS_GOOD, SURE = (0.005, 0.6), (0.015, 1.0)
"""How much less kappa a threshold may have than the best, and which of those is taken. Of a fault
the highest: one that is not there costs more than one that is not found."""


def best(
    scores: np.ndarray, target: np.ndarray, about_as_good: tuple[float, float] = ABOUT_AS_GOOD
) -> float:
    """The best threshold by kappa, smoothed over its neighbours."""
    less, which = about_as_good
    tried = np.quantile(scores, np.linspace(0.02, 0.98, 97))
    kappas = np.array([agreement(target, scores >= t) for t in tried])
    smooth = np.convolve(np.pad(kappas, 4, mode="edge"), np.ones(9) / 9, mode="valid")
    return float(np.quantile(tried[smooth >= smooth.max() - less], which))


def even_odds(scores: np.ndarray, target: np.ndarray) -> float:
    """The score at which a thing is there as often as not, by a logistic curve through them."""
    curve = LogisticRegression(C=CURVE).fit(scores[:, None], target)
    return float(-curve.intercept_[0] / curve.coef_[0][0])


CURVE = 1e3
"""So high that the curve follows the scores alone."""
FALSE_SHARE = 0.015
"""Of the roughly heard answers without a disqualifier so many may still be called."""


def surer_threshold(called_falsely: np.ndarray, share: float = FALSE_SHARE) -> float:
    """So high that of the answers without the label only this share is called."""
    return float(np.quantile(called_falsely, 1.0 - share, method="higher"))
