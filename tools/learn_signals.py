"""Learn what an answer shows: weights for the detectors of core/evidence.py.

    python tools/learn_signals.py            cross-validate, then write signals.tsv
    python tools/learn_signals.py --look     the same, and every mistake of the cross-validation

A unit that carries a labelled quote is positive; every other unit of its stage is negative, but in
an answer that has the signal only weakly so, since a signal may be shown twice and is quoted once.
An answer is called by its likeliest unit. Sentences of corpus/own/signals.jsonl (each with its
stage, and the labels it shows) join the training of every fold and are never tested on.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

import timed  # noqa: E402
from labelled import (  # noqa: E402
    labelled_answers,
    language,
    language_option,
    most_told,
    sentences_in,
    speak,
    spoken,
    table_path,
    twins_of,
    words_quoted,
    write_tables,
)

from mock_interviewer.core.detectors import read_units, stage_features  # noqa: E402
from mock_interviewer.core.rubric import STAGE_OF_SIGNAL, Disqualifier, Signal, Stage  # noqa: E402
from mock_interviewer.core.transcript import StagedUnit, Transcript, Unit, Word  # noqa: E402
from mock_interviewer.core.units import units_of  # noqa: E402

LEARNED: dict[str, Stage] = {
    signal.value: stage
    for signal, stage in STAGE_OF_SIGNAL.items()
    if signal not in (Signal.INDIVIDUAL_ACTIONS,)
} | {"vague_result": Stage.RESULT, "generic_reflection": Stage.REFLECTION}
FOLDS, KEEP = 6, 0.045
SCALES = {"w": 0.35, "p": 1.0, "s": 0.6, "n": 0.3, "a": 0.4}
STRENGTH = 0.5


class Row(NamedTuple):
    """One unit of one answer, for one signal."""

    answer: int
    features: set[str]
    is_quoted: bool
    text: str
    is_as_labelled: bool
    is_twin: bool = False
    """Taught by a minimal pair on the answer."""


def quote_in(answer: dict[str, Any], label: str) -> str | None:
    quote = {**answer["signals"], **answer["weaknesses"], **answer["disqualifiers"]}[label]
    return str(quote) if quote else None


class Told(NamedTuple):
    """One answer as it may reach the detectors, with the words that each label quotes."""

    answer: int
    transcript: Transcript
    units: list[StagedUnit]
    quoted: dict[str, set[int]]
    is_as_labelled: bool


def told_variants(number: int, answer: dict[str, Any]) -> list[Told]:
    """The answer in its labelled units, and in the program's own, with and without punctuation."""
    transcript, units = spoken(answer)
    texts = [word.text for word in transcript.words]
    asked = [*LEARNED, *(d.value for d in Disqualifier)]
    quoted = {label: set(words_quoted(transcript, quote_in(answer, label))) for label in asked}
    stages = [Stage(answer["units"][w["unit"]]["stage"]) for w in timed.words_of(answer)]
    found = [Told(number, transcript, units, quoted, True)]
    for strip in (False, True):
        plain = [re.sub(r"[^\w'$%]", "", t.lower()) if strip else t for t in texts]
        kept = [k for k, text in enumerate(plain) if text]
        words = tuple(replace(transcript.words[k], text=plain[k]) for k in kept)
        heard = Transcript(words, transcript.duration_s)
        marks = {
            label: {at for at, k in enumerate(kept) if k in indexes}
            for label, indexes in quoted.items()
        }
        told = [stages[k] for k in kept]
        own = [staged_by_words(unit, told) for unit in units_of(heard, language())]
        found.append(Told(number, heard, own, marks, False))
    return found


def staged_by_words(unit: Unit, stages: Sequence[Stage]) -> StagedUnit:
    """The unit with the stage that most of its words have."""
    most = most_told(stages[unit.first_word : unit.end_word])
    times = unit.start_s, unit.end_s
    return StagedUnit(unit.first_word, unit.end_word, unit.text, *times, most, 1.0)


def rows_for(told: Sequence[Told], readings: Sequence[Any], label: str) -> list[Row]:
    """The units of the label's stage, in every answer."""
    rows = []
    for variant, read in zip(told, readings, strict=True):
        quoted = variant.quoted[label]
        for k, found in stage_features(read, LEARNED[label]).items():
            unit = variant.units[k]
            inside = len(quoted & set(range(unit.first_word, unit.end_word)))
            length = unit.end_word - unit.first_word
            is_quoted = inside > 0 and (inside >= 0.5 * len(quoted) or inside >= 0.6 * length)
            rows.append(Row(variant.answer, found, is_quoted, unit.text, variant.is_as_labelled))
    return rows


def own_rows(label: str) -> list[Row]:
    rows = []
    for row in sentences_in("signals.jsonl"):
        stage = Stage(row["stage"])
        if stage is not LEARNED[label]:
            continue
        words = tuple(Word(w) for w in row["text"].split())
        unit = StagedUnit(0, len(words), row["text"], None, None, stage, 1.0)
        readings = read_units(Transcript(words), [unit], language())
        found = {f for f in stage_features(readings, stage)[0] if f[0] in "wp"}
        rows.append(Row(-1, found, label in row["labels"], row["text"], True))
    return rows


def twin_rows(train: Sequence[dict[str, Any]], label: str) -> list[Row]:
    """The changed units of the minimal pairs of a label: what brings it, and what takes it away."""
    number = {answer["id"]: k for k, answer in enumerate(train)}
    rows = []
    for twin in twins_of(train):
        if twin.label != label:
            continue
        transcript, units = spoken(twin.answer)
        found = stage_features(read_units(transcript, units, language()), LEARNED[label])
        for k in twin.teaching(units, [LEARNED[label]]):
            base, text = number[twin.base], units[k].text
            rows.append(Row(base, found[k], twin.is_present, text, True, is_twin=True))
    return rows


class Detector:
    """One label's linear detector while it is being learned."""

    def __init__(self, rows: Sequence[Row], positive: set[int]) -> None:
        often: dict[str, int] = {}
        for row in rows:
            for name in row.features:
                often[name] = often.get(name, 0) + 1
        self.kept = {n for n, count in often.items() if count >= (3 if n[0] == "w" else 2)}
        self.vectorizer = DictVectorizer()
        matrix = self.vectorizer.fit_transform([self._chosen(row) for row in rows])
        target = np.array([row.is_quoted for row in rows])
        weight = np.array(
            [
                1.0 if row.is_quoted or row.is_twin else 0.15 if row.answer in positive else 0.5
                for row in rows
            ]
        )
        self.model = LogisticRegression(C=STRENGTH, max_iter=1000)
        self.model.fit(self._scaled(matrix), target, sample_weight=weight)

    def _chosen(self, row: Row) -> dict[str, int]:
        return {n: 1 for n in row.features if n in self.kept}

    def _scales(self) -> np.ndarray:
        return np.array([[SCALES[n[0]] for n in self.vectorizer.feature_names_]])

    def _scaled(self, matrix: Any) -> csr_matrix:
        return matrix.multiply(self._scales()).tocsr()

    def chances(self, rows: Sequence[Row]) -> np.ndarray:
        matrix = self.vectorizer.transform([self._chosen(row) for row in rows])
        return np.asarray(self.model.predict_proba(self._scaled(matrix))[:, 1])

    def weights(self) -> dict[str, float]:
        values = self.model.coef_[0] * self._scales()[0]
        named = dict(zip(self.vectorizer.feature_names_, values, strict=True))
        return {"bias": float(self.model.intercept_[0])} | named


def agreement(target: np.ndarray, guess: np.ndarray) -> float:
    """Cohen's kappa."""
    seen = float((target == guess).mean())
    chance = float(target.mean() * guess.mean() + (1 - target.mean()) * (1 - guess.mean()))
    return (seen - chance) / (1 - chance) if chance < 1 else 0.0


def best_threshold(called: np.ndarray, target: np.ndarray) -> float:
    """The upper of the best thresholds, by kappa smoothed: what is unsure is not shown."""
    tried = np.arange(0.04, 0.97, 0.01)
    kappas = np.array([agreement(target, called >= t) for t in tried])
    smooth = np.convolve(np.pad(kappas, 4, mode="edge"), np.ones(9) / 9, mode="valid")
    return float(np.quantile(tried[smooth >= smooth.max() - 0.005], 0.8))


def cross_validated(
    train: Sequence[dict[str, Any]], rows: Sequence[Row], label: str, seed: int
) -> tuple[np.ndarray, dict[int, Row]]:
    """Every answer's likeliest unit by a detector that has not seen the answer.

    Row 0 of the chances: in its labelled units; row 1: in the program's own.
    """
    positive = {k for k, answer in enumerate(train) if quote_in(answer, label)}
    own, taught = own_rows(label), twin_rows(train, label)
    called = np.zeros((2, len(train)))
    at: dict[int, Row] = {}
    for fitted, _ in KFold(FOLDS, shuffle=True, random_state=seed).split(range(len(train))):
        inside = set(fitted.tolist())
        fitted_rows = [r for r in [*rows, *taught] if r.answer in inside]
        detector = Detector(fitted_rows + own, positive)
        tested = [r for r in rows if r.answer not in inside]
        for row, chance in zip(tested, detector.chances(tested), strict=True):
            how = 0 if row.is_as_labelled else 1
            if chance > called[how, row.answer]:
                called[how, row.answer] = chance
                if how == 0:
                    at[row.answer] = row
    return called, at


def learn(
    train: Sequence[dict[str, Any]],
    labels: Sequence[str] = tuple(LEARNED),
    look: Sequence[str] | None = None,
) -> dict[str, dict[str, float]]:
    """Every label's table of weights, its threshold chosen by cross-validation, which it prints.

    look: the labels whose mistakes are printed too; empty for all.
    """
    told = [variant for k, answer in enumerate(train) for variant in told_variants(k, answer)]
    readings = [read_units(t.transcript, t.units, language()) for t in told]
    tables: dict[str, dict[str, float]] = {}
    kappas = []
    for label in labels:
        rows = rows_for(told, readings, label)
        target = np.array([bool(quote_in(answer, label)) for answer in train])
        called, at = cross_validated(train, rows, label, 1)
        threshold = best_threshold(called.ravel(), np.tile(target, 2))
        found = [agreement(target, chances >= threshold) for chances in called]
        hits = [at[k].is_quoted for k in at if target[k] and called[0, int(k)] >= threshold]
        kappas.append(found)
        print(
            f"{label}: kappa {found[0]:.3f}, in own units {found[1]:.3f}, at {threshold:.2f}, "
            f"quoted {np.mean(hits):.2f}",
            flush=True,
        )
        if look is not None and (not look or label in look):
            show_mistakes(train, label, called[0], target, threshold, at)
        positive = {k for k, answer in enumerate(train) if quote_in(answer, label)}
        every = [*rows, *twin_rows(train, label), *own_rows(label)]
        weights = Detector(every, positive).weights() | {"threshold": threshold}
        tables[label] = {n: v for n, v in sorted(weights.items()) if abs(v) >= KEEP}
    print(f"mean {np.mean(kappas, axis=0).round(3)}")
    return tables


def show_mistakes(
    train: Sequence[dict[str, Any]],
    label: str,
    called: np.ndarray,
    target: np.ndarray,
    threshold: float,
    at: dict[int, Row],
) -> None:
    """Every answer that the cross-validation called wrongly."""
    for k in np.flatnonzero((called >= threshold) != target).tolist():
        kind = "MISSED" if target[k] else "false"
        text = at[k].text if k in at else "-"
        print(f"   {train[k]['id']} {kind} {called[k]:.2f} {text}")
        if target[k]:
            print(f"        {quote_in(train[k], label)}")


def main() -> None:
    """Learn from the labelled answers, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--look", nargs="*", metavar="LABEL", help="show the mistakes")
    parser.add_argument("--only", nargs="*", metavar="LABEL", help="learn these and write nothing")
    language_option(parser)
    options = parser.parse_args()
    speak(options.language)
    tables = learn(labelled_answers(), options.only or tuple(LEARNED), options.look)
    if not options.only:
        write_tables(tables, table_path("signals"))


if __name__ == "__main__":
    main()
