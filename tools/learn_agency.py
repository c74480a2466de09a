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
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

from labelled import (  # noqa: E402
    Twin,
    labelled_answers,
    language,
    language_option,
    lines_of,
    own_corpus,
    speak,
    spoken,
    table_path,
    twins_of,
    words_quoted,
    write_tables,
)
from thresholds import surer_threshold  # noqa: E402

from mock_interviewer.core.agency import STAGES_OF  # noqa: E402
from mock_interviewer.core.judging import STAGE_READ, sentences_of  # noqa: E402
from mock_interviewer.core.rubric import Disqualifier, Stage  # noqa: E402
from mock_interviewer.core.segmenting import segment  # noqa: E402
from mock_interviewer.core.telltales import features, read, read_units  # noqa: E402
from mock_interviewer.core.units import units_of  # noqa: E402

FOLDS, STRENGTH, KEEP = 6, 0.4, 0.02
POSITIVE_WEIGHT, LEAST_OFTEN = 4.0, 6
PAIR_TIMES = 2
"""How much minimal pairs count in learning."""
THRESHOLDS = [k / 50 for k in range(5, 48)]
Rows = list[tuple[dict[str, int], set[str]]]
"""Features and labels of each unit."""


def rows_of(
    answer: dict[str, Any], found: bool = False, bare: bool = False, noisy: bool = False
) -> Rows:
    """Every unit's features and the disqualifiers it is quoted for.

    With found, the units and stages are those that the program finds, else the labelled ones.
    """
    transcript, units = spoken(answer, bare, noisy)
    if found:
        units = list(segment(units_of(transcript, language()), language()))
    quotes = answer["disqualifiers"].items()
    places = {name: words for name, quote in quotes if (words := words_quoted(transcript, quote))}
    readings = read_units(transcript, units, language())
    rows: Rows = []
    for unit, shown in zip(units, features(readings), strict=True):
        labels = {
            name
            for name, words in places.items()
            if 2 * (min(words.stop, unit.end_word) - max(words.start, unit.first_word))
            >= min(len(words), unit.end_word - unit.first_word)
        }
        rows.append((dict.fromkeys(shown, 1), labels))
    return rows


def twin_rows(twin: Twin) -> tuple[Rows, Rows]:
    """All rows of a minimal pair's changed answer, and those that its change teaches."""
    transcript, units = spoken(twin.answer)
    readings = read_units(transcript, units, language())
    told = [dict.fromkeys(found, 1) for found in features(readings)]
    shown = {twin.label} if twin.is_present else set()
    teaching = twin.teaching(units, STAGES_OF[Disqualifier(twin.label)])
    return [(found, set()) for found in told], [(told[k], shown) for k in teaching]


def own_rows() -> Rows:
    rows: Rows = []
    for row in lines_of(own_corpus() / "agency.jsonl"):
        texts = row["units"] if "units" in row else [row["text"]]
        readings = [
            read(t.split(), [True] * len(t.split()), Stage(row["stage"]), language()) for t in texts
        ]
        # a sentence alone has no course of an answer around it
        found = {name for name in features(readings)[0] if not name.startswith("c:")}
        rows.append((dict.fromkeys(found, 1), {row["label"]} if row["label"] else set()))
    return rows


def scale_of(name: str) -> float:
    """Groups are few and general, so they may weigh more than single word sequences."""
    return 0.5 if name.startswith("w:") else 1.5 if name.startswith("p:") else 1.0


def reply_rows(without: Collection[str] = ()) -> Rows:
    """Every sentence of the own replies to probes, as the judging of replies reads it.

    Replies to the stories named in without are left out.
    """
    rows: Rows = []
    for reply in lines_of(own_corpus() / "replies.jsonl"):
        if reply["story"] in without:
            continue
        texts = sentences_of(reply["reply"], language())
        words = [text.split() for text in texts]
        for disqualifier, stage in STAGE_READ.items():
            readings = [read(spoken, [True] * len(spoken), stage, language()) for spoken in words]
            for text, found in zip(texts, features(readings), strict=True):
                decides = reply["evidence"] in text or text.rstrip(".") in reply["evidence"]
                if decides and reply["why"] in set(Disqualifier):
                    if reply["why"] == disqualifier.value:
                        rows.append((dict.fromkeys(found, 1), {reply["why"]}))
                elif reply["why"] == "solid":
                    rows.append((dict.fromkeys(found, 1), set()))
    return rows


def fit(rows: Rows, own: Rows, label: str) -> tuple[DictVectorizer, LogisticRegression]:
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


def scored(model: tuple[DictVectorizer, LogisticRegression], rows: Rows) -> np.ndarray:
    scaled = [{name: scale_of(name) for name in found} for found, _ in rows]
    return np.asarray(model[1].predict_proba(model[0].transform(scaled))[:, 1])


def f1_at(threshold: float, called: np.ndarray, target: np.ndarray) -> float:
    guess = called >= threshold
    return float(2 * (guess & target).sum() / max(1, guess.sum() + target.sum()))


def weights_of(
    model: tuple[DictVectorizer, LogisticRegression], threshold: float
) -> dict[str, float]:
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
    rows, rows_found = [rows_of(a) for a in train], [rows_of(a, found=True) for a in train]
    rough = [rough_rows(answer) for answer in train]
    own = own_rows() + reply_rows(without)
    number = {answer["id"]: k for k, answer in enumerate(train)}
    pairs = twins_of(train)
    paired = [twin_rows(p) if p.label in set(Disqualifier) else ([], []) for p in pairs]
    tables: dict[str, dict[str, float]] = {}
    for label in [d.value for d in Disqualifier]:
        target = np.array([bool(a["disqualifiers"][label]) for a in train])
        own_target = np.array([label in labels for _, labels in own])
        called, at, own_called = np.zeros(len(train)), [0] * len(train), np.zeros(len(own))
        called_found = np.zeros(len(train))
        called_rough = np.zeros((2, len(train)))
        mine = [k for k, pair in enumerate(pairs) if pair.label == label]
        called_pairs = np.zeros(len(pairs))
        for (fitted, tested), (own_fitted, own_tested) in zip(
            folds(len(train)), folds(len(own)), strict=True
        ):
            known = set(fitted)
            taught = [r for k in mine if number[pairs[k].base] in known for r in paired[k][1]]
            model = fit(
                [r for k in fitted for r in rows[k] + rows_found[k]] + PAIR_TIMES * taught,
                [own[k] for k in own_fitted],
                label,
            )
            for k in mine:
                if number[pairs[k].base] not in known:
                    called_pairs[k] = scored(model, paired[k][0]).max()
            for k in tested:
                chances = scored(model, rows[k])
                called[k], at[k] = float(chances.max()), int(chances.tolist().index(chances.max()))
                called_found[k] = scored(model, rows_found[k]).max()
                called_rough[:, k] = [scored(model, heard).max() for heard in rough[k]]
            own_called[own_tested] = scored(model, [own[k] for k in own_tested])

        def pairs_right(t: float, mine: list[int] = mine, c: np.ndarray = called_pairs) -> float:
            right = [(c[k] >= t) == pairs[k].is_present for k in mine]
            return float(np.mean(right)) if right else 0.0

        # as many are called as there are: the best f1 on so few answers is a peak of chance
        both, truly = np.concatenate([called, called_found]), 2 * int(target.sum())
        threshold = min(THRESHOLDS, key=lambda t: (abs(int((both >= t).sum()) - truly), t))
        found = np.flatnonzero(target & (called >= threshold)).tolist()
        quoted = np.mean([label in rows[k][at[k]][1] for k in found])
        on_answers = f1_at(threshold, called, target)
        on_own = f1_at(threshold, own_called, own_target)
        print(f"{label}: threshold {threshold:.2f}, quoted rightly {quoted:.2f},", end=" ")
        on_found = f1_at(threshold, called_found, target)
        print(f"f1 {on_answers:.3f} of answers, {on_found:.3f} with found units,", end=" ")
        print(f"{on_own:.3f} of own sentences, {pairs_right(threshold):.3f} of pairs right")
        if look:
            for k in np.flatnonzero((called >= threshold) != target).tolist():
                verdict = "missed" if target[k] else "false"
                print(f"   {train[k]['id']} {verdict} {called[k]:.2f}", end=" ")
                print(train[k]["disqualifiers"][label] or train[k]["units"][at[k]]["text"])
        taught = [r for k in mine for r in paired[k][1]]
        model = fit([r for k in rows + rows_found for r in k] + PAIR_TIMES * taught, own, label)
        surer = max(threshold, surer_threshold(called_rough[:, ~target].ravel()))
        kept = float((called_rough[:, target] >= surer).mean())
        print(f"   heard roughly: threshold {surer:.2f}, {kept:.2f} of those there found")
        tables[label] = weights_of(model, threshold) | {"threshold_rough": surer}
    return tables


def rough_rows(answer: dict[str, Any]) -> tuple[Rows, Rows]:
    """As a rough recogniser would hand it over: without stops, and with words misheard."""
    return rows_of(answer, found=True, bare=True), rows_of(answer, found=True, noisy=True)


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
