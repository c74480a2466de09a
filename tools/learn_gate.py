"""Learn what sets a story apart: weights for core/gate.py.

    python tools/learn_gate.py            cross-validate, then write gate.tsv
    python tools/learn_gate.py --look     the same, and every mistake of the cross-validation

Stories are the answers of corpus/train (or own/<code>/answers), whole and cut short, and those of
corpus/own/gate.jsonl; what is no story is in corpus/own/gate.jsonl. All pieces of one answer stay
in one fold.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from labelled import (  # noqa: E402
    folders_learned_from,
    labelled_answers,
    language,
    language_option,
    lines_of,
    own_corpus,
    speak,
    table_path,
    write_tables,
)

from mock_interviewer.core.gate import LABEL, gate_features  # noqa: E402
from mock_interviewer.core.segmenting import segment  # noqa: E402
from mock_interviewer.core.transcript import StagedUnit, Transcript, Word  # noqa: E402
from mock_interviewer.core.units import units_of  # noqa: E402

FOLDS, STRENGTH, KEEP = 8, 0.3, 0.005
STORIES_LOST = 0.015
"""The share of stories that the threshold may cost in the cross-validation."""


class Row(NamedTuple):
    source: int
    name: str
    is_story: bool
    text: str
    weight: float


def staged(text: str) -> tuple[Transcript, tuple[StagedUnit, ...]]:
    """A text as a transcript with the units that the program itself would find."""
    transcript = Transcript(tuple(Word(word) for word in text.split()))
    return transcript, segment(units_of(transcript, language()), language())


def bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum() or c in " '$%")


def pieces_of(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    """The answer whole, most of it, and its deeds and outcome alone."""
    units = answer["units"]
    told = [u["text"] for u in units]
    core = [u["text"] for u in units if u["stage"] in ("action", "result")]
    pieces = [told, told[: max(8, 2 * len(told) // 3)], core[:4] + core[-2:]]
    return [" ".join(piece) for piece in pieces if len(" ".join(piece).split()) >= 30]


def rows() -> list[Row]:
    found: list[Row] = []
    for number, answer in enumerate(labelled_answers(folders_learned_from()[:1])):
        for k, piece in enumerate(pieces_of(answer)):
            found.append(Row(number, f"{answer['id']}/{k}", True, piece, 0.5))
    for number, row in enumerate(lines_of(own_corpus() / "gate.jsonl"), start=1000):
        is_story = row["gate"] == "story"
        for text in (row["text"], bare(row["text"])):
            found.append(Row(number, row["id"], is_story, text, 2.0 if is_story else 3.0))
    return found


def learn(data: list[Row], look: bool = False) -> dict[str, float]:
    """The gate's weights, its threshold chosen by cross-validation, which it prints."""
    found = [gate_features(*staged(row.text), language()) for row in data]
    names = sorted({name for row in found for name in row})
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in found])
    target = np.array([not row.is_story for row in data])
    weight = np.array([row.weight for row in data])
    sources = np.array(sorted({row.source for row in data}))
    belongs = np.array([row.source for row in data])
    scores = np.zeros(len(data))
    for _, tested in KFold(FOLDS, shuffle=True, random_state=3).split(sources):
        held = np.isin(belongs, sources[tested])
        model = LogisticRegression(C=STRENGTH, max_iter=2000)
        model.fit(matrix[~held], target[~held], sample_weight=weight[~held])
        scores[held] = model.decision_function(matrix[held])
    balanced = min(
        np.arange(-4, 5, 0.05),
        key=lambda t: float((scores[target] <= t).mean() + 2 * (scores[~target] > t).mean()),
    )
    threshold = max(float(np.quantile(scores[~target], 1 - STORIES_LOST)), float(balanced))
    refused = scores > threshold
    print(
        f"at {threshold:.2f}: no_story_recall {refused[target].mean():.3f}, "
        f"story_recall {(~refused[~target]).mean():.3f}"
    )
    if look:
        for k in np.flatnonzero(refused != target):
            print(data[k].name, "story" if data[k].is_story else "none", f"{scores[k]:.2f}")
            print("    ", data[k].text[:150])
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(matrix, target, sample_weight=weight)
    named = zip(names, model.coef_[0], strict=True)
    return {"bias": float(model.intercept_[0]), "threshold": threshold} | {
        name: float(value) for name, value in named if abs(value) >= KEEP
    }


def main() -> None:
    """Learn from the stories and the rest, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--look", action="store_true")
    language_option(parser)
    options = parser.parse_args()
    speak(options.language)
    write_tables({LABEL: learn(rows(), options.look)}, table_path("gate"))


if __name__ == "__main__":
    main()
