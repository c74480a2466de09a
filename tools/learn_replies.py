"""Learn to judge replies to probes: weights for core/judging.py, from corpus/own/replies.jsonl.

python tools/learn_replies.py [--look]      cross-validate by story, then write replies.tsv and,
where an encoder judges along, replies_encoder.tsv
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tools"))

import agency_rows  # noqa: E402
import learn_agency  # noqa: E402
from labelled import (  # noqa: E402
    labelled_answers,
    language_option,
    lines_of,
    own_corpus,
    speak,
    table_path,
    write_tables,
)
from labelled import language as spoken_language  # noqa: E402

from mock_interviewer.adapters.language_files import load_language  # noqa: E402
from mock_interviewer.core.judging import read_reply, reply_features  # noqa: E402
from mock_interviewer.core.language import Language  # noqa: E402
from mock_interviewer.core.rubric import Disqualifier, Tests  # noqa: E402
from mock_interviewer.core.second_opinion import judges_along  # noqa: E402

FOLDS, STRENGTH, KEEP = 8, 0.7, 0.01


def features_of(row: dict[str, Any], language: Language) -> dict[str, float]:
    sentences = read_reply(row["reply"], language)
    return reply_features(row["story"], row["probe"], Tests(row["tests"]), sentences, language)


def honest_features(
    rows: list[dict[str, Any]], answers: Sequence[dict[str, Any]], language: Language
) -> list[dict[str, float]]:
    """Every reply's features, by agency detectors that have not seen the replies to its story.

    Else the detectors would be surer of these replies than of any new one, and be trusted too much.
    """
    known = [agency_rows.rows_of(a, found) for a in answers for found in (False, True)]
    known_rows = [row for answer in known for row in answer]
    found: list[dict[str, float]] = [{} for _ in rows]
    told = [row["story"] for row in rows]
    for _, tested in GroupKFold(min(FOLDS, len(set(told)))).split(rows, groups=told):
        stories = {rows[k]["story"] for k in tested}
        own = agency_rows.own_rows() + agency_rows.reply_rows(without=stories)
        detectors = {
            label: learn_agency.weights_of(
                learn_agency.fit(known_rows, own, label),
                language.weights["agency"][label]["threshold"],
            )
            for label in [d.value for d in Disqualifier]
        }
        unseen = replace(language, weights={**language.weights, "agency": detectors})
        for k in tested:
            found[k] = features_of(rows[k], unseen)
    return found


def fitted(found: list[dict[str, float]], whys: list[str]) -> tuple[DictVectorizer, Any]:
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(found)
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(matrix, whys)
    return vectorizer, model


def learn(
    rows: list[dict[str, Any]],
    answers: Sequence[dict[str, Any]],
    language: Language,
    look: bool = False,
) -> dict[str, dict[str, float]]:
    """The weights of every reason; how well they do on stories unseen is printed."""
    found, whys = honest_features(rows, answers, language), [row["why"] for row in rows]
    called = np.empty(len(rows), dtype=object)
    stories = [row["story"] for row in rows]
    for fit, test in GroupKFold(min(FOLDS, len(set(stories)))).split(rows, groups=stories):
        vectorizer, model = fitted([found[k] for k in fit], [whys[k] for k in fit])
        called[test] = model.predict(vectorizer.transform([found[k] for k in test]))
    quality = np.mean([(c == "solid") == (w == "solid") for c, w in zip(called, whys, strict=True)])
    why = np.mean([c == w for c, w in zip(called, whys, strict=True)])
    print(f"cross-validated on {len(rows)} replies: quality {quality:.3f}, why {why:.3f}")
    if look:
        for row, guess in zip(rows, called, strict=True):
            if guess != row["why"]:
                print(f"   {row['why']} -> {guess} [{row['tests']}] {row['reply'][:150]}")
    vectorizer, model = fitted(found, whys)
    tables: dict[str, dict[str, float]] = {}
    for label, weights, bias in zip(model.classes_, model.coef_, model.intercept_, strict=True):
        named = zip(vectorizer.feature_names_, weights, strict=True)
        tables[label] = {"bias": float(bias)} | {
            name: float(weight) for name, weight in named if abs(weight) >= KEEP and name != "bias"
        }
    return tables


def main() -> None:
    """Learn from the replies, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--look", action="store_true")
    language_option(parser)
    options = parser.parse_args()
    speak(options.language)
    rows = lines_of(own_corpus() / "replies.jsonl")
    answers, plain = labelled_answers(), spoken_language()
    write_tables(learn(rows, answers, plain, options.look), table_path("replies"))
    # the encoder never learned from replies, so it may be asked about them
    along = load_language(plain.code, with_encoder=True)
    if judges_along(along):
        write_tables(learn(rows, answers, along, options.look), table_path("replies_encoder"))


if __name__ == "__main__":
    main()
