"""Which groups of expressions can match a text at all, told from its words alone.

A language has some two hundred groups of expressions and a sentence matches a dozen of them; to
search for each would be most of the work of reading. So the pieces of which every match must hold
one are derived from the expressions, once (core/expression_pieces.py); what a word is a piece of is
kept for each word; and a text is searched only for what its words let through. The sieve may let
through what does not match; it never holds back what does. Texts and expressions are in lower case:
to search ignoring case takes two to three times as long.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mock_interviewer.core.expression_pieces import (
    GAP,
    pieces_needed,
    possible_pieces,
    runs_of,
    stays_within_a_word,
)

MOST_WORDS = 10000
"""Kept; more than one person uses."""
MOST_TEXTS = 2000
"""Kept; more than an hour's talk has units."""
PAYS_FROM = 150
"""Texts: those of some two answers. To derive the pieces takes longer than to do without them
while one answer is read.
"""
EVERYTHING = -1
"""All bits."""
NOTHING = "(?!)"
"""An expression that matches nowhere."""


def compiled(expressions: Sequence[str], flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """Some expressions as one, ignoring case; of none, one that matches nowhere."""
    joined = "|".join(f"(?:{one})" for one in expressions)
    return re.compile(joined or NOTHING, flags)


@dataclass
class _Group:
    """Expressions that count as one; each has a bit, beginning with first_bit."""

    name: str
    expressions: tuple[str, ...]
    first_bit: int
    kept: dict[int, re.Pattern[str]] = field(default_factory=dict)
    """Bits -> what pattern() gave for them."""

    def __post_init__(self) -> None:
        self.bits = self.first_bit * ((1 << len(self.expressions)) - 1)

    def pattern(self, bits: int) -> re.Pattern[str]:
        """The one expression with this bit, or all with the group's bits; compiled once."""
        if bits not in self.kept:
            at = (bits // self.first_bit).bit_length() - 1
            chosen = self.expressions if bits == self.bits else self.expressions[at : at + 1]
            self.kept[bits] = compiled(chosen, flags=0)
        return self.kept[bits]


class _WordCounts(dict[str, dict[str, int]]):
    """Word -> the groups that match within it, and how often.

    Only of groups whose matches never reach beyond a word: of these a text holds what its words do.
    """

    def __init__(self, groups: Sequence[_Group]) -> None:
        super().__init__()
        self._patterns = {
            group.name: group.pattern(group.bits)
            for group in groups
            if all(map(stays_within_a_word, group.expressions))
        }
        self.names = frozenset(self._patterns)

    def __missing__(self, word: str) -> dict[str, int]:
        if len(self) >= MOST_WORDS:
            self.clear()
        counts = {}
        for name, pattern in self._patterns.items():
            found = pattern.findall(word)
            if found:
                counts[name] = len(found)
        self[word] = counts
        return counts


class Sieve:
    """Some tables of groups of expressions, to be searched for in many texts, all in lower case."""

    def __init__(
        self, tables: Mapping[str, Mapping[str, Sequence[str]]], *, pays_from: int = PAYS_FROM
    ) -> None:
        """The first pays_from texts are searched for everything."""
        self._groups: dict[str, list[_Group]] = {}
        bit = 1
        for table, groups in tables.items():
            self._groups[table] = []
            for name, expressions in groups.items():
                self._groups[table].append(_Group(name, tuple(expressions), bit))
                bit <<= len(expressions)
        self._bits_of_table = {
            table: sum(group.bits for group in groups) for table, groups in self._groups.items()
        }
        self._group_at = [
            group for groups in self._groups.values() for group in groups for _ in group.expressions
        ]
        """The group of every expression."""
        self._word_counts: dict[str, _WordCounts] = {}
        self._pays_from = pays_from
        self._is_derived = False
        self._always = 0
        """The bits of the expressions of which nothing is known."""
        self._pieces: dict[str, int] = {}
        """Piece -> the bits of the expressions that it lets through."""
        self._beginnings: dict[str, tuple[str, ...]] = {}
        """First letter -> the pieces that have a GAP after them only."""
        self._ends: tuple[str, ...] = ()
        self._within: list[tuple[str, int]] = []
        """The pieces that have a GAP before their text, and those with one on both sides."""
        self._pairs: dict[str, dict[str, int]] = {}
        """Of the pieces of two runs: first -> second -> the bits that they let through."""
        self._words: dict[str, tuple[int, str, Mapping[str, int]]] = {}
        self._runs: dict[str, int] = {}
        self._texts: dict[str, int] = {}
        self._chosen: dict[str, dict[int, Mapping[str, re.Pattern[str]]]] = {
            table: {} for table in tables
        }
        """Table -> the bits of what may match -> what to search for: many texts let through the
        same."""

    def patterns_for(self, table: str, text: str) -> Mapping[str, re.Pattern[str]]:
        """The table's groups that may match the text, each with what to search for.

        Of a group with several expressions a pattern may lack some that cannot match.
        """
        passed = self._passed(text) & self._bits_of_table[table]
        chosen = self._chosen[table]
        patterns = chosen.get(passed)
        if patterns is None:
            if len(chosen) >= MOST_TEXTS:
                chosen.clear()
            patterns = chosen[passed] = self._let_through(passed)
        return patterns

    def _let_through(self, passed: int) -> Mapping[str, re.Pattern[str]]:
        """The groups of the expressions with these bits, each with those that are its own."""
        patterns, group_at = {}, self._group_at
        while passed:
            group = group_at[(passed & -passed).bit_length() - 1]
            bits = passed & group.bits
            passed ^= bits
            if bits & (bits - 1):
                bits = group.bits
            patterns[group.name] = group.kept.get(bits) or group.pattern(bits)
        return patterns

    def _of_words(self, table: str) -> _WordCounts:
        if table not in self._word_counts:
            self._word_counts[table] = _WordCounts(self._groups[table])
        return self._word_counts[table]

    def counts(self, table: str, text: str) -> dict[str, int]:
        """How often the table's groups match the text; groups that do not may be left out."""
        of_words = self._of_words(table)
        counts = {
            name: len(pattern.findall(text))
            for name, pattern in self.patterns_for(table, text).items()
            if name not in of_words.names
        }
        for word in text.split():
            for name, count in of_words[word].items():
                counts[name] = counts.get(name, 0) + count
        return counts

    def _passed(self, text: str) -> int:
        """The bits of the expressions that may match the text; kept, for every table asks."""
        passed = self._texts.get(text)
        if passed is None:
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            passed = self._texts[text] = self._bits_of(text)
        return passed

    def _bits_of(self, text: str) -> int:
        if not self._is_derived:
            if len(self._texts) < self._pays_from:
                return EVERYTHING
            self._derive()
        bits, words = self._always, self._words
        after: Mapping[str, int] = {}
        for word in text.split():
            of_word, first, then = words.get(word) or self._learn(word)
            if of_word:
                bits |= of_word
            if first in after:
                bits |= after[first]
            after = then
        return bits

    def _derive(self) -> None:
        """Find the pieces of all expressions; the texts so far tell which pieces are rare."""
        share_of = _shares_in(tuple(self._texts))
        found: dict[str, int] = {}
        always = 0
        for group in (group for groups in self._groups.values() for group in groups):
            for at, expression in enumerate(group.expressions):
                bit = group.first_bit << at
                pieces = pieces_needed(expression, share_of)
                if pieces is None:
                    always |= bit
                for piece in pieces or ():
                    found[piece] = found.get(piece, 0) | bit
        self._pieces, self._always = found, always
        for piece, of_piece in found.items():
            first, blank, second = piece.partition(" ")
            if blank:
                self._pairs.setdefault(first, {})[second] = of_piece
        partial = [(piece.strip(GAP), piece[0] == GAP, piece[-1] == GAP) for piece in found]
        for text in (text for text, before, after in partial if after > before):
            self._beginnings[text[0]] = (*self._beginnings.get(text[0], ()), text)
        self._ends = tuple(text for text, before, after in partial if before > after)
        self._within = [
            (text, found[GAP + text + GAP]) for text, before, after in partial if before and after
        ]
        self._texts.clear()
        self._is_derived = True

    def _learn(self, word: str) -> tuple[int, str, Mapping[str, int]]:
        """What the word lets through by itself, its first run, and what does after its last one."""
        if len(self._words) >= MOST_WORDS:
            self._words.clear()
            self._runs.clear()
        runs = runs_of(word)
        bits = 0
        for run in runs:
            if run not in self._runs:
                self._runs[run] = self._bits_of_run(run)
            bits |= self._runs[run]
        self._words[word] = bits, runs[0], self._pairs.get(runs[-1], {})
        return self._words[word]

    def _bits_of_run(self, run: str) -> int:
        bits = self._pieces.get(run, 0)
        if run.startswith(self._beginnings.get(run[:1], ())) or run.endswith(self._ends):
            for piece in possible_pieces(run):
                bits |= self._pieces.get(piece, 0)
        for text, of_piece in self._within:
            if text in run:
                bits |= of_piece
        return bits


def _shares_in(texts: Collection[str]) -> Callable[[str], float]:
    """A guess at the share of texts that hold a piece, from those of some texts that do."""
    seen: Counter[str] = Counter()
    for text in texts:
        runs = runs_of(text)
        found = {piece for run in set(runs) for piece in possible_pieces(run)}
        seen.update(found.union(f"{a} {b}" for a, b in pairwise(runs)))

    def share_of(piece: str) -> float:
        """Those never seen are the rarer the longer they are; parts of words are commoner."""
        return (seen[piece] + 2.0 ** (piece.count(GAP) - len(piece))) / (len(texts) + 1)

    return share_of
