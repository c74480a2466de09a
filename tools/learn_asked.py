"""Learn what a question asks for: languages/<code>/asked.tsv from labelled questions.

A question is labelled by its pack, or by the answer of the corpus that was given to it. The weights
are a logistic regression's; small ones are left out, which changes no choice that was looked at.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

import labelled
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from mock_interviewer.adapters.pack_files import load_packs
from mock_interviewer.core.guessing import BIAS, question_features
from mock_interviewer.core.rubric import Kind, Principle

STRENGTH = 10.0
KEEP = 0.1
FEWEST_QUESTIONS = 2
"""A feature of fewer says nothing."""
NOWHERE = Path("/nowhere")


def questions() -> dict[str, str]:
    """Text -> principle: the packs' questions in all their wordings, and the corpus's."""
    packs = load_packs(NOWHERE, labelled.language().code)
    found = {q.text: q.principle.value for q in packs.questions if q.kind is Kind.STORY}
    for pattern in packs.patterns:
        found |= dict.fromkeys(pattern.variants, pattern.question.principle.value)
    return found | {a["question"]: a["principle"] for a in labelled.labelled_answers()}


def learn(taught: Mapping[str, str], without: Collection[str] = ()) -> dict[str, dict[str, float]]:
    """The weights of every principle; questions in `without` are held out."""
    texts = [text for text in taught if text not in without]
    found = [question_features(text, labelled.language()) for text in texts]
    often = Counter(name for features in found for name in features)
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(
        [{n: a for n, a in each.items() if often[n] >= FEWEST_QUESTIONS} for each in found]
    )
    model = LogisticRegression(C=STRENGTH, max_iter=2000, tol=1e-3)
    model.fit(matrix, [taught[text] for text in texts])
    names = vectorizer.get_feature_names_out()
    tables = {}
    for number, principle in enumerate(model.classes_):
        named = zip(names, model.coef_[number], strict=True)
        kept = {name: float(weight) for name, weight in named if abs(weight) >= KEEP}
        tables[str(principle)] = {BIAS: float(model.intercept_[number])} | kept
    return {principle.value: tables[principle.value] for principle in Principle}


def main() -> None:
    """Learn from all labelled questions, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    labelled.language_option(parser)
    labelled.speak(parser.parse_args().language)
    labelled.write_tables(learn(questions()), labelled.table_path("asked"))


if __name__ == "__main__":
    main()
