"""Is this where the story ends? From the words alone, whatever the silence after them.

That the result or the lesson has been reached is not enough: results are told in two or three
sentences, and after most of them somebody goes on. Read as if the answer ended here, the course of
stages says more: how surely the last words belong to the close, whether they are a result still or
a lesson already, and how much has been told of the deeds, the result and the lesson. The weights of
these few numbers are learned (`languages/<code>/story_end.tsv`, tools/learn_story_end.py) from the
ends of sentences in labelled answers, by stage weights that never saw the answer. Where nine in ten
ends are recognised, two or three other sentences of an answer look like one; by the close alone it
is four to five.

Words cannot tell it for sure: somebody may add a lesson to a lesson. So what comes out is odds, and
core.endpointing weighs them with the silence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.second_reading import STAGES
from mock_interviewer.core.segmenting import shares_if_over
from mock_interviewer.core.transcript import Unit

TABLE = "story_end"
LABEL = "over"
BIAS = "bias"
CLOSING = (Stage.RESULT, Stage.REFLECTION, Stage.NONE)
_SURELY = 1e-4
"""Keeps the odds finite."""


def end_features(units: Sequence[Unit], language: Language) -> Mapping[str, float]:
    """What is weighed, by name; the units are all that has been said, at least one."""
    shares = shares_if_over(units, language)
    lengths = np.array([unit.end_word - unit.first_word for unit in units], float)
    words = dict(zip(STAGES, (shares * lengths[:, None]).sum(0).tolist(), strict=True))
    last = dict(zip(STAGES, shares[-1].tolist(), strict=True))
    close = sum(last[stage] for stage in CLOSING)
    return {
        BIAS: 1.0,
        "log odds of the close": math.log((close + _SURELY) / (1 - close + _SURELY)),
        "last part is result": last[Stage.RESULT],
        "last part is no stage": last[Stage.NONE],
        "log words of action": math.log1p(words[Stage.ACTION]),
        "log words of result": math.log1p(words[Stage.RESULT]),
        "log words of reflection": math.log1p(words[Stage.REFLECTION]),
        "log words": math.log1p(lengths.sum()),
    }


def end_log_odds(units: Sequence[Unit], language: Language) -> float | None:
    """Log odds that the story is over with these units, if their last sentence is.

    None without a unit, and in a language that has no table for it.
    """
    weights = language.weights.get(TABLE, {}).get(LABEL)
    if not units or weights is None:
        return None
    features = end_features(units, language)
    return sum(weights[name] * value for name, value in features.items())
