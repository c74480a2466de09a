"""Learn what a question asks for: languages/<code>/asked.tsv from labelled questions.

A question is labelled by its pack, by the answer of the corpus that was given to it, or by hand in
corpus/own/questions.jsonl. The weights are a logistic regression's in which every principle counts
alike, however many questions it has: who asks tonight asks for any of them. Small weights are left
out, which changes no choice that was looked at.

    python tools/learn_asked.py --measure      how often the principle is right, and learns nothing
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path
from random import Random

import labelled
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from mock_interviewer.adapters.pack_files import load_packs
from mock_interviewer.core.guessing import BIAS, question_features, shares_of
from mock_interviewer.core.rubric import Kind, Principle

STRENGTH = 5.0
KEEP = 0.15
FOLDS = 6
NOWHERE = Path("/nowhere")


def questions() -> dict[str, str]:
    """Text -> principle: the packs' questions in all their wordings, and the corpus's."""
    packs = load_packs(NOWHERE, labelled.language().code)
    found = {q.text: q.principle.value for q in packs.questions if q.kind is Kind.STORY}
    for pattern in packs.patterns:
        found |= dict.fromkeys(pattern.variants, pattern.question.principle.value)
    found |= asked_in("questions")
    return found | {a["question"]: a["principle"] for a in labelled.labelled_answers()}


def asked_in(name: str) -> dict[str, str]:
    """Text -> principle: questions written down beside the corpus, none if there is no such file.

    `questions` teaches; `questions-kept` is only ever measured by.
    """
    rows = labelled.lines_of(labelled.own_corpus() / f"{name}.jsonl")
    return {row["question"]: row["principle"] for row in rows}


def learn(taught: Mapping[str, str], without: Collection[str] = ()) -> dict[str, dict[str, float]]:
    """The weights of every principle; questions in `without` are held out."""
    texts = [text for text in taught if text not in without]
    found = [question_features(text, labelled.language()) for text in texts]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(found)
    model = LogisticRegression(C=STRENGTH, max_iter=2000, tol=1e-3, class_weight="balanced")
    model.fit(matrix, [taught[text] for text in texts])
    names = vectorizer.get_feature_names_out()
    tables = {}
    for number, principle in enumerate(model.classes_):
        named = zip(names, model.coef_[number], strict=True)
        kept = {name: float(weight) for name, weight in named if abs(weight) >= KEEP}
        tables[str(principle)] = {BIAS: float(model.intercept_[number])} | kept
    return {principle.value: tables[principle.value] for principle in Principle}


def families() -> dict[str, str]:
    """Question of the packs -> the one it is a wording of, or itself."""
    packs = load_packs(NOWHERE, labelled.language().code)
    found = {q.text: q.text for q in packs.questions}
    for pattern in packs.patterns:
        found |= dict.fromkeys(pattern.variants, pattern.question.text)
    return found


def is_right(text: str, principle: str, weights: Mapping[str, Mapping[str, float]]) -> bool:
    """True if the likeliest principle is the question's."""
    shares = shares_of(text, labelled.language(), weights)
    return max(shares, key=lambda one: shares[one]).value == principle


def measured() -> dict[str, tuple[int, int]]:
    """Where questions come from -> how many get their principle, of how many.

    Those that teach are judged by weights learned without them and without their other wordings.
    """
    taught, family, own = questions(), families(), asked_in("questions")
    groups = sorted({family.get(text, text) for text in taught})
    Random(3).shuffle(groups)
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    found: dict[str, list[bool]] = defaultdict(list)
    for number in range(FOLDS):
        held = {text for text in taught if fold[family.get(text, text)] == number}
        weights = learn(taught, held)
        for text in held:
            source = "packs" if text in family else "own" if text in own else "answers"
            found[source].append(is_right(text, taught[text], weights))
    weights = learn(taught)
    for text, principle in asked_in("questions-kept").items():
        found["never seen"].append(is_right(text, principle, weights))
    return {source: (sum(rights), len(rights)) for source, rights in found.items()}


def main() -> None:
    """Learn from all labelled questions, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--measure", action="store_true")
    labelled.language_option(parser)
    options = parser.parse_args()
    labelled.speak(options.language)
    if options.measure:
        for source, (right, total) in measured().items():
            print(f"{source:12} {right} of {total} ({right / total:.3f})")
        return
    labelled.write_tables(learn(questions()), labelled.table_path("asked"))


if __name__ == "__main__":
    main()
