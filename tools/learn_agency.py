"""Learn who starts, decides and does: weights for the detectors of core/agency.py.

    python tools/learn_agency.py            cross-validate, then write agency.tsv
    python tools/learn_agency.py --look     the same, and every mistake of the cross-validation

A unit that carries a labelled quote is positive; every other unit is negative. An answer is called
by its likeliest unit. Minimal pairs teach what their changed words bring or take away. Sentences of
corpus/own/agency.jsonl (each with its stage, and the label or null) and of the own replies to
probes join the training; the former are divided among the folds too, and told of by themselves.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

from agency_rows import Material, Rows  # noqa: E402
from labelled import (  # noqa: E402
    labelled_answers,
    language_option,
    speak,
    table_path,
    write_tables,
)
from thresholds import surer_threshold  # noqa: E402

from mock_interviewer.core.rubric import Disqualifier  # noqa: E402

FOLDS, STRENGTH, KEEP = 6, 0.4, 0.02
POSITIVE_WEIGHT, LEAST_OFTEN = 4.0, 6
PAIR_TIMES = 2
"""How much minimal pairs count in learning."""
THRESHOLDS = [k / 50 for k in range(5, 48)]
Model = tuple[DictVectorizer, LogisticRegression]


@dataclass(frozen=True)
class Called:
    """How likely one label is thought by detectors that had not seen the thing, from 0 to 1."""

    answers: np.ndarray
    at: list[int]
    """Each answer's likeliest unit, of the labelled ones."""
    found: np.ndarray
    """Answers in the units that the program finds."""
    rough: np.ndarray
    """(2, answers): without stops, and with words misheard."""
    own: np.ndarray
    pairs: np.ndarray
    """Those of other labels stay 0."""


def scale_of(name: str) -> float:
    """Groups are few and general, so they may weigh more than single word sequences."""
    return 0.5 if name.startswith("w:") else 1.5 if name.startswith("p:") else 1.0


def fit(rows: Rows, own: Rows, label: str) -> Model:
    often = Counter(name for found, _ in rows + own for name in found)
    kept = [
        {
            name: scale_of(name)
            for name in found
            if often[name] >= LEAST_OFTEN or not name.startswith("w:")
        }
        for found, _ in rows + own
    ]
    target = np.array([label in labels for _, labels in rows + own])
    weight = np.where(target, POSITIVE_WEIGHT, 1.0)
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=STRENGTH, max_iter=500)
    model.fit(vectorizer.fit_transform(kept), target, sample_weight=weight)
    return vectorizer, model


def scored(model: Model, rows: Rows) -> np.ndarray:
    scaled = [{name: scale_of(name) for name in found} for found, _ in rows]
    return np.asarray(model[1].predict_proba(model[0].transform(scaled))[:, 1])


def f1_at(threshold: float, called: np.ndarray, target: np.ndarray) -> float:
    guess = called >= threshold
    return float(2 * (guess & target).sum() / max(1, guess.sum() + target.sum()))


def weights_of(model: Model, threshold: float) -> dict[str, float]:
    """A detector as the table that the core reads."""
    vectorizer, fitted = model
    table = {"bias": float(fitted.intercept_[0]), "threshold": threshold}
    for name, weight in sorted(zip(vectorizer.feature_names_, fitted.coef_[0], strict=True)):
        if abs(weight * scale_of(name)) >= KEEP:
            table[name] = float(weight * scale_of(name))
    return table


def folds(count: int) -> Iterator[tuple[list[int], list[int]]]:
    """Fitted and tested indices, the same every time."""
    for fitted, tested in KFold(FOLDS, shuffle=True, random_state=1).split(range(count)):
        yield fitted.tolist(), tested.tolist()


def learn(
    train: Sequence[dict[str, Any]], look: bool = False, without: Collection[str] = ()
) -> dict[str, dict[str, float]]:
    """Every disqualifier's table of weights, its threshold chosen by cross-validation.

    Replies to the stories named in without are left out.
    """
    material = Material.of(train, without)
    return {d.value: learn_label(material, d.value, look) for d in Disqualifier}


def learn_label(material: Material, label: str, look: bool) -> dict[str, float]:
    """One disqualifier's table; how well it does on what it has not seen is printed."""
    target, called = material.is_there(label), cross_validated(material, label)
    threshold = threshold_of(called, target)
    show_figures(material, label, called, threshold)
    if look:
        show_mistakes(material, label, called, threshold)
    surer = max(threshold, surer_threshold(called.rough[:, ~target].ravel()))
    kept = float((called.rough[:, target] >= surer).mean())
    print(f"   heard roughly: threshold {surer:.2f}, {kept:.2f} of those there found")
    rows = [row for of_answer in (*material.rows, *material.rows_found) for row in of_answer]
    model = fit(rows + PAIR_TIMES * material.taught_by_pairs(label), material.own, label)
    return weights_of(model, threshold) | {"threshold_rough": surer}


def cross_validated(material: Material, label: str) -> Called:
    """What detectors say of answers, pairs and own sentences that they have not learned from."""
    answers, own = len(material.answers), len(material.own)
    called = Called(
        np.zeros(answers),
        [0] * answers,
        np.zeros(answers),
        np.zeros((2, answers)),
        np.zeros(own),
        np.zeros(len(material.pairs)),
    )
    for (fitted, tested), (own_fitted, own_tested) in zip(folds(answers), folds(own), strict=True):
        unseen = {material.answers[k]["id"] for k in tested}
        rows = [r for k in fitted for r in material.rows[k] + material.rows_found[k]]
        rows += PAIR_TIMES * material.taught_by_pairs(label, unseen)
        model = fit(rows, [material.own[k] for k in own_fitted], label)
        for k in material.pairs_of(label):
            if material.pairs[k].base in unseen:
                called.pairs[k] = scored(model, material.paired[k][0]).max()
        for k in tested:
            chances = scored(model, material.rows[k])
            called.answers[k], called.at[k] = chances.max(), int(chances.argmax())
            called.found[k] = scored(model, material.rows_found[k]).max()
            called.rough[:, k] = [scored(model, heard).max() for heard in material.rough[k]]
        called.own[own_tested] = scored(model, [material.own[k] for k in own_tested])
    return called


def threshold_of(called: Called, target: np.ndarray) -> float:
    """That by which as many are called as there are.

    The best f1 on so few answers is a peak of chance.
    """
    both, truly = np.concatenate([called.answers, called.found]), 2 * int(target.sum())
    return min(THRESHOLDS, key=lambda t: (abs(int((both >= t).sum()) - truly), t))


def show_figures(material: Material, label: str, called: Called, threshold: float) -> None:
    """A line on how well the label is told in the cross-validation."""
    target = material.is_there(label)
    own_target = np.array([label in labels for _, labels in material.own])
    hits = np.flatnonzero(target & (called.answers >= threshold)).tolist()
    quoted = np.mean([label in material.rows[k][called.at[k]][1] for k in hits])
    mine = material.pairs_of(label)
    right = [(called.pairs[k] >= threshold) == material.pairs[k].is_present for k in mine]
    pairs_right = float(np.mean(right)) if right else 0.0
    on_answers, on_found = (f1_at(threshold, c, target) for c in (called.answers, called.found))
    on_own = f1_at(threshold, called.own, own_target)
    print(f"{label}: threshold {threshold:.2f}, quoted rightly {quoted:.2f},", end=" ")
    print(f"f1 {on_answers:.3f} of answers, {on_found:.3f} with found units,", end=" ")
    print(f"{on_own:.3f} of own sentences, {pairs_right:.3f} of pairs right")


def show_mistakes(material: Material, label: str, called: Called, threshold: float) -> None:
    """Every answer that the cross-validation called wrongly."""
    target = material.is_there(label)
    for k in np.flatnonzero((called.answers >= threshold) != target).tolist():
        answer, verdict = material.answers[k], "missed" if target[k] else "false"
        print(f"   {answer['id']} {verdict} {called.answers[k]:.2f}", end=" ")
        print(answer["disqualifiers"][label] or answer["units"][called.at[k]]["text"])


def main() -> None:
    """Learn from the labelled answers, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--look", action="store_true")
    language_option(parser)
    options = parser.parse_args()
    speak(options.language)
    write_tables(learn(labelled_answers(), options.look), table_path("agency"))


if __name__ == "__main__":
    main()
