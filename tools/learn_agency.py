"""Learn who starts, decides and does: weights for the detectors of core/agency.py.

    python tools/learn_agency.py            cross-validate on corpus/train, then write agency.tsv
    python tools/learn_agency.py --look     the same, and every mistake of the cross-validation

A unit that carries a labelled quote is positive; every other unit is negative. An answer is called
by its likeliest unit. Sentences of corpus/own/agency.jsonl (each with its stage, and the label or
null) join the training in every fold and are never tested on.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "corpus"))
sys.path.insert(0, str(ROOT))

import timed  # noqa: E402

from mock_interviewer.adapters.language_files import LANGUAGES_DIR, load_language  # noqa: E402
from mock_interviewer.core.rubric import Disqualifier, Stage  # noqa: E402
from mock_interviewer.core.telltales import features, read, read_units  # noqa: E402
from mock_interviewer.core.transcript import StagedUnit, Transcript, Word  # noqa: E402

FOLDS, STRENGTH, KEEP = 6, 0.6, 0.02


def spoken(
    answer: dict[str, Any], bare: bool = False, noisy: bool = False
) -> tuple[Transcript, list[StagedUnit]]:
    """A labelled answer as a transcript with its true units."""
    heard = timed.heard(answer, bare, noisy)
    words = [Word(w["word"].strip(), w["start"], w["end"], w["probability"]) for w in heard]
    transcript = Transcript(tuple(words), words[-1].end_s)
    units = []
    for index, unit in enumerate(answer["units"]):
        inside = [k for k, w in enumerate(heard) if w["unit"] == index]
        if inside:
            first, end = inside[0], inside[-1] + 1
            text = transcript.text_of(first, end)
            start_s, end_s = words[first].start_s, words[end - 1].end_s
            units.append(
                StagedUnit(first, end, text, start_s, end_s, Stage(unit["stage"]), confidence=1.0)
            )
    return transcript, units


def answers(folder: str) -> list[dict[str, Any]]:
    paths = sorted((ROOT / "corpus" / folder).glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def rows_of(answer: dict[str, Any]) -> list[tuple[dict[str, int], set[str]]]:
    """Every unit's features and the disqualifiers it is quoted for."""
    transcript, units = spoken(answer)
    readings = read_units(transcript, units, load_language())
    rows = []
    for index, unit in enumerate(answer["units"]):
        labels = {
            name
            for name, quote in answer["disqualifiers"].items()
            if quote and (quote in unit["text"] or unit["text"] in quote)
        }
        rows.append((dict.fromkeys(features(readings, index), 1), labels))
    return rows


def own_rows() -> list[tuple[dict[str, int], set[str]]]:
    path = ROOT / "corpus" / "own" / "agency.jsonl"
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        row = json.loads(line)
        texts = row["units"] if "units" in row else [row["text"]]
        language = load_language()
        readings = [
            read(t.split(), [True] * len(t.split()), Stage(row["stage"]), language) for t in texts
        ]
        found = {f for f in features(readings, 0) if not f.startswith("s:own_after")}
        found = {f for f in found if not f.startswith("s:only_others")}
        rows.append((dict.fromkeys(found, 1), {row["label"]} if row["label"] else set()))
    return rows


def fit(
    rows: list[tuple[dict[str, int], set[str]]], label: str, own: int
) -> tuple[DictVectorizer, LogisticRegression]:
    often: dict[str, int] = {}
    for found, _ in rows:
        for name in found:
            often[name] = often.get(name, 0) + 1
    kept = [{n: 1 for n in found if often[n] >= 3 or n[0] != "w"} for found, _ in rows]
    target = np.array([label in labels for _, labels in rows])
    weight = np.where(target, 4.0, 1.0)
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=STRENGTH, max_iter=500)
    matrix = vectorizer.fit_transform(kept)
    # groups and shapes are few and general: they may weigh more than single word sequences
    matrix = matrix.multiply(scales(vectorizer)).tocsr()
    model.fit(matrix, target, sample_weight=weight)
    return vectorizer, model


def scales(vectorizer: DictVectorizer) -> Any:
    return np.array(
        [[0.35 if n[0] == "w" else 1.5 if n[0] == "p" else 1.0 for n in vectorizer.feature_names_]]
    )


def scored(vectorizer: DictVectorizer, model: LogisticRegression, rows: Any) -> np.ndarray:
    matrix = vectorizer.transform([f for f, _ in rows]).multiply(scales(vectorizer)).tocsr()
    return np.asarray(model.predict_proba(matrix)[:, 1])


def best_threshold(called: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    best = (0.0, 0.5)
    for threshold in np.arange(0.1, 0.95, 0.02):
        guess = called >= threshold
        right = int((guess & target).sum())
        f1 = 2 * right / max(1, int(guess.sum() + target.sum()))
        best = max(best, (f1, float(threshold)))
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--look", action="store_true")
    options = parser.parse_args()
    train = answers("train")
    rows = [rows_of(answer) for answer in train]
    own = own_rows()
    lines = ["label\tphrase\tweight"]
    for label in [d.value for d in Disqualifier]:
        target = np.array([bool(a["disqualifiers"][label]) for a in train])
        called, at = np.zeros(len(train)), [0] * len(train)
        for fitted, tested in KFold(FOLDS, shuffle=True, random_state=1).split(train):
            model = fit([r for k in fitted for r in rows[k]] + own, label, len(own))
            for k in tested:
                chances = scored(*model, rows[k])
                called[k], at[k] = chances.max(), int(chances.argmax())
        f1, threshold = best_threshold(called, target)
        quoted = [
            label in rows[k][at[k]][1] for k in np.flatnonzero(target & (called >= threshold))
        ]
        print(f"{label}: f1 {f1:.3f} at {threshold:.2f}, quoted rightly {np.mean(quoted):.2f}")
        if options.look:
            for k in np.flatnonzero((called >= threshold) != target):
                text = train[k]["units"][at[k]]["text"]
                print(
                    f"   {train[k]['id']} {'MISSED' if target[k] else 'false'} {called[k]:.2f} {text}"
                )
                if target[k]:
                    print(f"        {train[k]['disqualifiers'][label]}")
        vectorizer, model = fit([r for k in rows for r in k] + own, label, len(own))
        lines.append(f"{label}\tbias\t{model.intercept_[0]:.3f}")
        lines.append(f"{label}\tthreshold\t{threshold:.3f}")
        weights = model.coef_[0] * scales(vectorizer)[0]
        for name, value in sorted(zip(vectorizer.feature_names_, weights, strict=True)):
            if abs(value) >= KEEP:
                lines.append(f"{label}\t{name}\t{value:.3f}")
    target_file = LANGUAGES_DIR / "en" / "agency.tsv"
    target_file.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
