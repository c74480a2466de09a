"""What a question in the person's own words asks for: its kind and its principle.

Whoever types a question tonight should not have to know the rubric's names. Phrases speak for a
principle (languages/<code>/asked.toml), strongly or as a hint; the most wins, and where nothing
speaks it is taken for what the rubric takes a question without a principle for: ownership. It is a
guess from a few words, so whoever shows it says what it rests on and how to overrule it.

For choosing among stories one principle is too little: `shares_of` says how likely each of them is.
It is a softmax over learned weights of stems, of pairs of stems and of the phrases above
(languages/<code>/asked.tsv, made by tools/learn_asked.py); a language without the table is judged
by the phrases alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import exp, sqrt

from mock_interviewer.core.language import Language, Weights
from mock_interviewer.core.rubric import Kind, Principle
from mock_interviewer.core.searching import stems_of
from mock_interviewer.core.transcript import straight

TABLE = "asked"
STRONG, HINT = 2, 1
BIAS = "bias"
_PAIR_WORTH, _GAP_WORTH = 0.7, 0.3
"""Of two stems side by side, and of two with one between them; a single one is worth 1."""
_MOST_SAID = 2
"""A phrase group counts no more often than this."""


@dataclass(frozen=True)
class Guess:
    """A kind and a principle, and the question's words they rest on."""

    kind: Kind
    principle: Principle
    because: tuple[str, ...]
    """Empty where nothing in the question spoke for anything."""


def guess_of(question: str, language: Language) -> Guess:
    """What the question asks for."""
    plain = straight(question)
    for kind in (Kind.SELF_INTRODUCTION, Kind.MOTIVATION):
        found = language.pattern(TABLE, kind.value).search(plain)
        if found:
            return Guess(kind, Principle.OWNERSHIP, (_words_of(found, question),))
    points: dict[Principle, int] = {}
    words: dict[Principle, list[str]] = {}
    for principle in Principle:
        for group, worth in ((principle.value, STRONG), (f"{principle.value}_hint", HINT)):
            found_here = language.pattern(TABLE, group).finditer(plain)
            said = [_words_of(match, question) for match in found_here]
            points[principle] = points.get(principle, 0) + worth * len(said)
            words.setdefault(principle, []).extend(said)
    best = max(Principle, key=lambda principle: points[principle])
    return Guess(Kind.STORY, best, tuple(words[best]))


def _words_of(match: re.Match[str], question: str) -> str:
    """What matched, as it stands in the question."""
    return question[match.start() : match.end()].strip()


def question_features(question: str, language: Language) -> dict[str, float]:
    """What a question is weighed by: feature -> amount, the words' amounts of length 1 together."""
    stems = ["^", *stems_of(question), "$"]
    words = dict.fromkeys(stems, 1.0)
    words |= {f"{one} {two}": _PAIR_WORTH for one, two in pairwise(stems)}
    words |= {f"{one} _ {two}": _GAP_WORTH for one, two in zip(stems, stems[2:], strict=False)}
    length = sqrt(sum(amount * amount for amount in words.values()))
    found = {f"w {name}": amount / length for name, amount in words.items()}
    for group, said in _groups_said(question, language).items():
        if said:
            found[f"p {group}"] = min(said, _MOST_SAID) * (0.25 if group.endswith("_hint") else 0.5)
    return found


def _groups_said(question: str, language: Language) -> dict[str, int]:
    groups = [name for p in Principle for name in (p.value, f"{p.value}_hint")]
    plain = straight(question)
    return {group: len(language.pattern(TABLE, group).findall(plain)) for group in groups}


def shares_of(
    question: str, language: Language, table: Weights | None = None
) -> dict[Principle, float]:
    """How likely the question asks for each principle; together 1.

    table: weights in place of the language's own.
    """
    weights = language.weights.get(TABLE) if table is None else table
    if not weights:
        said = _groups_said(question, language)
        return _softmax(
            {p: float(STRONG * said[p.value] + HINT * said[f"{p.value}_hint"]) for p in Principle}
        )
    features = question_features(question, language)
    return _softmax(
        {
            p: sum(
                (weights[p.value].get(name, 0.0) * amount for name, amount in features.items()),
                weights[p.value].get(BIAS, 0.0),
            )
            for p in Principle
        }
    )


def _softmax(scores: Mapping[Principle, float]) -> dict[Principle, float]:
    highest = max(scores.values())
    raised = {principle: exp(score - highest) for principle, score in scores.items()}
    total = sum(raised.values())
    return {principle: value / total for principle, value in raised.items()}
