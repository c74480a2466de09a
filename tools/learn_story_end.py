"""Learn what tells the end of a story from its other sentences: weights for core/story_end.py.

    python tools/learn_story_end.py                  cross-validate, then write story_end.tsv
    python tools/learn_story_end.py --language es

Every sentence of a labelled answer is a row: all that was said until then, and whether it was the
last. Stages are read by weights that never saw the answer (corpus/folds). Each answer stands twice,
with and without punctuation.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from labelled import (  # noqa: E402
    labelled_answers,
    language_option,
    speak,
    spoken,
    table_path,
    write_tables,
)
from yards import unseen_language  # noqa: E402

from mock_interviewer.core.story_end import BIAS, LABEL, end_features  # noqa: E402
from mock_interviewer.core.transcript import Transcript  # noqa: E402
from mock_interviewer.core.units import units_of  # noqa: E402

FOLDS, STRENGTH = 6, 1.0
FOUND = 0.9
"""The share of ends at which false ones are counted."""


class Row(NamedTuple):
    answer: str
    is_last: bool
    features: dict[str, float]


def rows() -> list[Row]:
    """A row for every sentence of every answer that teaches."""
    found = []
    for answer in labelled_answers():
        language = unseen_language(answer["id"])
        for is_bare in (False, True):
            transcript, units = spoken(answer, is_bare)
            for unit in units:
                said = Transcript(transcript.words[: unit.end_word])
                features = dict(end_features(units_of(said, language), language))
                found.append(Row(answer["id"], unit is units[-1], features))
    return found


def learn(data: list[Row]) -> dict[str, float]:
    """The weights; prints how many sentences of an answer look like its end."""
    names = [name for name in data[0].features if name != BIAS]
    matrix = np.array([[row.features[name] for name in names] for row in data])
    target = np.array([row.is_last for row in data])
    answers = np.array([row.answer for row in data])
    scores = np.zeros(len(data))
    for kept, held in GroupKFold(FOLDS).split(matrix, target, answers):
        model = LogisticRegression(C=STRENGTH, max_iter=4000).fit(matrix[kept], target[kept])
        scores[held] = model.decision_function(matrix[held])
    least = np.quantile(scores[target], 1 - FOUND)
    alike = (scores[~target] >= least).sum() / (2 * len(set(answers)))
    print(f"{FOUND:.0%} of the ends at {least:.2f}: {alike:.2f} other sentences of an answer too")
    model = LogisticRegression(C=STRENGTH, max_iter=4000).fit(matrix, target)
    named = zip(names, model.coef_[0], strict=True)
    return {BIAS: float(model.intercept_[0])} | {name: float(value) for name, value in named}


def main() -> None:
    """Learn from the labelled answers and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    language_option(parser)
    speak(parser.parse_args().language)
    write_tables({LABEL: learn(rows())}, table_path("story_end"))


if __name__ == "__main__":
    main()
