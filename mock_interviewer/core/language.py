"""Everything that depends on the language a candidate speaks, as data.

The rules of the rubric are the same in every language; the words are not. A language is two kinds
of tables: learned weights (a phrase, what it speaks for, how strongly) and groups of phrase
patterns (regular expressions that a reader of the language can check). They live as files under
`languages/<code>/` and reach the core as this value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from mock_interviewer.core.sieve import Sieve, compiled

if TYPE_CHECKING:
    from mock_interviewer.core.second_opinion import SecondReader

MOST_WORDS = 5000
"""Kept for each set of groups; more than one person uses."""
SEARCHED = ("stages", "gate", "agency", "evidence", "evidence_shape", "quantities")
"""The tables that every unit of an answer is searched for."""
Weights = Mapping[str, Mapping[str, float]]
"""label -> phrase or feature -> weight."""


class WordKinds(dict[str, frozenset[str]]):
    """Word -> the groups of which one expression is this whole word.

    People say the same few hundred words again and again, so the answers are kept.
    """

    def __init__(self, patterns: Mapping[str, re.Pattern[str]]) -> None:
        super().__init__()
        self._patterns = patterns

    def __missing__(self, word: str) -> frozenset[str]:
        if len(self) >= MOST_WORDS:
            self.clear()
        kinds = frozenset(g for g, pattern in self._patterns.items() if pattern.fullmatch(word))
        self[word] = kinds
        return kinds


@dataclass(frozen=True, eq=False)
class Language:
    """One language's tables; two are the same only if they are one, so that models can be kept."""

    code: str
    weights: Mapping[str, Weights] = field(default_factory=dict)
    """table name ('stages') -> label ('situation') -> phrase -> weight: `<table>.tsv`."""
    phrases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """table name ('agency') -> group ('asked_by_somebody') -> regular expressions: `<table>.toml`.
    """
    second_reader: SecondReader | None = None
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
        return Sieve({table: self.phrases.get(table, {}) for table in SEARCHED})

    def patterns_for(self, table: str, text: str) -> dict[str, re.Pattern[str]]:
        """The groups of a SEARCHED table that may match a text, each with what to search for.

        A group that is left out cannot match (core/sieve.py).
        """
        return self._sieve.patterns_for(table, text)

    @cached_property
    def _word_kinds(self) -> dict[tuple[str, ...], WordKinds]:
        return {}

    def kinds_of_words(self, table: str, *groups: str) -> WordKinds:
        """Word -> those of the groups (of all, if none is named) of which it is a whole word."""
        key = (table, *groups)
        if key not in self._word_kinds:
            chosen = groups or tuple(self.phrases[table])
            self._word_kinds[key] = WordKinds({g: self.pattern(table, g) for g in chosen})
        return self._word_kinds[key]

    def sentence(self, table: str, key: str) -> str:
        """A sentence that people read, from a table whose entries are one-sentence groups."""
        return self.phrases[table][key][0]
