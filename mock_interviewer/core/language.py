"""Everything that depends on the language a candidate speaks, as data.

The rules of the rubric are the same in every language; the words are not. A language is two kinds
of tables: learned weights (a phrase, what it speaks for, how strongly) and groups of phrase
patterns (regular expressions that a reader of the language can check). They live as files under
`languages/<code>/` and reach the core as this value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from mock_interviewer.core.sieve import Sieve, compiled
from mock_interviewer.core.weight_rows import WeighedFeatures

if TYPE_CHECKING:
    from mock_interviewer.core.second_opinion import Encoder

MOST_WORDS = 5000
"""Kept for each set of groups; more than one person uses."""
SEARCHED = ("stages", "gate", "agency", "evidence", "evidence_shape", "quantities", "delivery")
"""The tables that an answer or every unit of it is searched for; all in lower case."""
OF_WORDS: Mapping[str, tuple[str, ...]] = {
    "actors": (),
    "agency": ("bosses", "numbers"),
    "delivery": ("fillers",),
    "endings": ("always_open", "open"),
    "evidence_shape": ("i", "we", "you", "they"),
}
"""Table -> those of its groups, or all, that are kinds of words and are not searched for."""
_WORDS = re.compile(r"([\w' -]+?)(?:(\w)\?)?")
"""A part of an expression that is a word ('boss') or, with and without its last letter, two
('guys?').
"""
_SIGNS = re.compile(r"\\.|.")
NO_KINDS: frozenset[str] = frozenset()
Weights = Mapping[str, Mapping[str, float]]
"""label -> phrase or feature -> weight."""


class WordKinds(dict[str, frozenset[str]]):
    """Word, in lower case -> the groups of which one expression is this whole word.

    People say the same few hundred words again and again, so the answers are kept. What in an
    expression only lists words is looked up, which is much quicker than to match each.
    """

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        listed: dict[str, set[str]] = {}
        self._patterns: list[tuple[str, re.Pattern[str]]] = []
        for group, expressions in groups.items():
            others = []
            for part in (part for one in expressions for part in _alternatives(one)):
                words = _WORDS.fullmatch(part.lower())
                if words is None:
                    others.append(part)
                    continue
                for word in (words[1], words[1] + (words[2] or "")):
                    listed.setdefault(word, set()).add(group)
            if others:
                self._patterns.append((group, compiled(others)))
        self._listed = {word: frozenset(kinds) for word, kinds in listed.items()}

    def __missing__(self, word: str) -> frozenset[str]:
        if len(self) >= MOST_WORDS:
            self.clear()
        matched = [group for group, one in self._patterns if one.fullmatch(word)]
        kinds = self[word] = self._listed.get(word, NO_KINDS).union(matched)
        return kinds


def _alternatives(expression: str) -> list[str]:
    """What stands between the bars that are in no brackets.

    >>> _alternatives("chief|(?:a|b)ed|guys?")
    ['chief', '(?:a|b)ed', 'guys?']
    """
    parts, depth = [""], 0
    for sign in _SIGNS.findall(expression):
        depth += (sign in "([") - (sign in ")]")
        if sign == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


@dataclass(frozen=True, eq=False)
class Language:
    """One language's tables; two are the same only if they are one, so that models can be kept."""

    code: str
    weights: Mapping[str, Weights] = field(default_factory=dict)
    """table name ('stages') -> label ('situation') -> phrase -> weight: `<table>.tsv`."""
    phrases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """table name ('agency') -> group ('asked_by_somebody') -> regular expressions: `<table>.toml`.
    """
    encoder: Encoder | None = None
    """Who else can be asked what a sentence tells; None where the tables judge alone."""

    @cached_property
    def _compiled(self) -> dict[tuple[str, str], re.Pattern[str]]:
        return {}

    def pattern(self, table: str, group: str) -> re.Pattern[str]:
        """The group's expressions as one, ignoring case; compiled at the first call.

        A group without expressions matches nothing. Raises KeyError for a table or group that the
        language does not have.
        """
        key = (table, group)
        if key not in self._compiled:
            self._compiled[key] = compiled(self.phrases[table][group])
        return self._compiled[key]

    @cached_property
    def _sieve(self) -> Sieve:
        return Sieve(
            {
                table: {
                    group: expressions
                    for group, expressions in self.phrases.get(table, {}).items()
                    if group not in OF_WORDS.get(table, ())
                }
                for table in SEARCHED
            }
        )

    def patterns_for(self, table: str, text: str) -> Mapping[str, re.Pattern[str]]:
        """The groups of a SEARCHED table that may match a lower-case text, with what to search for.

        A group that is left out cannot match (core/sieve.py).
        """
        return self._sieve.patterns_for(table, text)

    def counts(self, table: str, text: str) -> dict[str, int]:
        """How often the groups of a SEARCHED table match a lower-case text, none left at zero."""
        return self._sieve.counts(table, text)

    @cached_property
    def _weighed(self) -> dict[tuple[str, tuple[str, ...]], WeighedFeatures]:
        return {}

    def weighed(self, table: str, labels: tuple[str, ...]) -> WeighedFeatures:
        """What some labels' detectors weigh, a column each; put together at the first call."""
        key = (table, labels)
        if key not in self._weighed:
            columns = [self.weights[table][label] for label in labels]
            self._weighed[key] = WeighedFeatures.of_columns(columns)
        return self._weighed[key]

    @cached_property
    def _word_kinds(self) -> dict[str, WordKinds]:
        return {}

    def kinds_of_words(self, table: str) -> WordKinds:
        """Word -> the table's groups OF_WORDS of which it is one."""
        if table not in self._word_kinds:
            groups = self.phrases[table]
            self._word_kinds[table] = WordKinds({g: groups[g] for g in OF_WORDS[table] or groups})
        return self._word_kinds[table]

    def sentence(self, table: str, key: str) -> str:
        """A sentence that people read, from a table whose entries are one-sentence groups."""
        return self.phrases[table][key][0]
