"""What a question in the person's own words asks for: its kind and its principle.

Whoever types a question tonight should not have to know the rubric's names. Phrases speak for a
principle (languages/<code>/asked.toml), strongly or as a hint; the most wins, and where nothing
speaks it is taken for what the rubric takes a question without a principle for: ownership. It is a
guess from a few words, so whoever shows it says what it rests on and how to overrule it.
"""

from __future__ import annotations

from dataclasses import dataclass

from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import Kind, Principle

TABLE = "asked"
STRONG, HINT = 2, 1


@dataclass(frozen=True)
class Guess:
    """A kind and a principle, and the question's words they rest on."""

    kind: Kind
    principle: Principle
    because: tuple[str, ...]
    """Empty where nothing in the question spoke for anything."""


def guess_of(question: str, language: Language) -> Guess:
    """What the question asks for."""
    for kind in (Kind.SELF_INTRODUCTION, Kind.MOTIVATION):
        found = language.pattern(TABLE, kind.value).search(question)
        if found:
            return Guess(kind, Principle.OWNERSHIP, (found.group().strip(),))
    points: dict[Principle, int] = {}
    words: dict[Principle, list[str]] = {}
    for principle in Principle:
        for group, worth in ((principle.value, STRONG), (f"{principle.value}_hint", HINT)):
            said = [m.group().strip() for m in language.pattern(TABLE, group).finditer(question)]
            points[principle] = points.get(principle, 0) + worth * len(said)
            words.setdefault(principle, []).extend(said)
    best = max(Principle, key=lambda principle: points[principle])
    return Guess(Kind.STORY, best, tuple(words[best]))
