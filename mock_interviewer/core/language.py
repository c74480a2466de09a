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

MOST_WORDS = 5000
"""Kept for each group; more than one person uses."""
NOTHING = "(?!)"
"""An expression that matches nowhere."""
Weights = Mapping[str, Mapping[str, float]]
"""label -> phrase or feature -> weight."""


@dataclass(frozen=True, eq=False)
class Language:
    """One language's tables; two are the same only if they are one, so that models can be kept."""

    code: str
    weights: Mapping[str, Weights] = field(default_factory=dict)
    """table name ('stages') -> label ('situation') -> phrase -> weight: `<table>.tsv`."""
    phrases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """table name ('agency') -> group ('asked_by_somebody') -> regular expressions: `<table>.toml`.
    """

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
            joined = "|".join(f"(?:{expression})" for expression in self.phrases[table][group])
            self._compiled[key] = re.compile(joined or NOTHING, re.IGNORECASE)
        return self._compiled[key]

    @cached_property
    def _words(self) -> dict[tuple[str, str], dict[str, bool]]:
        return {}

    def is_word_of(self, table: str, group: str, word: str) -> bool:
        """True if one of the group's expressions is this whole word.

        People say the same few hundred words again and again, so the answers are kept.
        """
        known = self._words.setdefault((table, group), {})
        is_one = known.get(word)
        if is_one is None:
            if len(known) >= MOST_WORDS:
                known.clear()
            is_one = known[word] = self.pattern(table, group).fullmatch(word) is not None
        return is_one

    def sentence(self, table: str, key: str) -> str:
        """A sentence that people read, from a table whose entries are one-sentence groups."""
        return self.phrases[table][key][0]
