"""Speech as its words alone: in lower case, without punctuation, fillers, stammers and repetitions.

What is read for evidence is read so, because a recogniser may print none of the marks and a nervous
speaker many of the sounds. Where each plain word stands among the spoken ones is kept, so that
whatever is found in it can be quoted. A word that was not heard well becomes UNHEARD and can be no
part of any evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from mock_interviewer.core.known_phrases import SEQUENCE
from mock_interviewer.core.language import Language
from mock_interviewer.core.transcript import Transcript, Unit, straight

TABLE = "actors"
"""The table whose groups say what kind of word each is."""
UNHEARD = "_"
STOPS = (".", ",", ";", ":", "!", "?")


@dataclass(frozen=True)
class PlainSpeech:
    """Words in lower case without punctuation, fillers, stammers and repetitions."""

    words: tuple[str, ...]
    text: str
    """The words with single blanks between."""
    at: tuple[int, ...]
    """Which of the words as spoken each of them is."""
    opens: tuple[bool, ...]
    """Whether a clause may begin here: after a comma, a stop, or a joining word."""
    named: tuple[bool, ...] = ()
    """Whether it was written with a capital, as names are."""
    kinds: tuple[frozenset[str], ...] = ()
    """The groups of TABLE that each word is of."""
    keeps_actor: bool = True
    """Whether a bare verb keeps the actor before it; where verbs tell who acts it has its own."""

    def times(self, pattern: re.Pattern[str]) -> int:
        """How often a pattern matches, matches with an unheard word left out."""
        if UNHEARD not in self.words:
            return len(pattern.findall(self.text))
        return sum(UNHEARD not in match.group().split() for match in pattern.finditer(self.text))

    def counts(self, table: str, language: Language) -> Mapping[str, int]:
        """How often a table's groups match, likewise; groups that do not may be left out."""
        if UNHEARD not in self.words:
            return language.counts(table, self.text)
        patterns = language.patterns_for(table, self.text)
        return {group: self.times(pattern) for group, pattern in patterns.items()}

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The spoken words [first, end) that the characters [start, end) of `text` touch."""
        first, stop = self.plain_span(start, end)
        return self.at[first], self.at[stop - 1] + 1

    def plain_span(self, start: int, end: int) -> tuple[int, int]:
        """The plain words [first, end) that the characters [start, end) of `text` touch."""
        text = self.text
        return text.count(" ", 0, start), text.count(" ", 0, max(start, end - 1)) + 1


class _SpokenWord(NamedTuple):
    plain: str
    """In lower case without its punctuation and stammer; empty where it is nothing but noise."""
    kinds: frozenset[str]
    has_stop: bool
    """Whether a stop follows it."""
    joins: bool
    is_named: bool
    """Written with a capital, as names are."""


@lru_cache(maxsize=8192)
def _read(spoken: str, language: Language) -> _SpokenWord:
    lower = straight(spoken.lower())
    word = language.pattern("letters", "no_letter").sub("", lower).strip("'-")
    word = language.pattern("letters", "stammer").sub("", word)
    kinds = language.kinds_of_words(TABLE)[word] if word else frozenset[str]()
    return _SpokenWord(
        "" if "fillers" in kinds else word,
        kinds,
        spoken.endswith(STOPS),
        "joining_words" in kinds,
        spoken[:1].isupper() and len(word) > 2,
    )


def plain_speech(
    words: Sequence[str], language: Language, clear: Sequence[bool] | None = None
) -> PlainSpeech:
    """The spoken words without their noise; those not clear become UNHEARD."""
    plain: list[str] = []
    at: list[int] = []
    opens: list[bool] = []
    named: list[bool] = []
    kinds: list[frozenset[str]] = []
    unheard = language.kinds_of_words(TABLE)[UNHEARD]
    fresh = True
    before = ""
    for index, spoken in enumerate(words):
        word, kinds_of_word, stop, joins, is_named = _read(spoken, language)
        if not word:
            fresh = fresh or stop
            continue
        if clear is not None and not clear[index]:
            word, kinds_of_word, joins, is_named = UNHEARD, unheard, False, False
        elif before == word:
            at[-1] = index  # 'the the': the last one counts
            fresh = stop
            continue
        plain.append(word)
        at.append(index)
        opens.append(fresh or joins)
        named.append(is_named)
        kinds.append(kinds_of_word)
        fresh = stop or joins
        before = word
    return PlainSpeech(
        tuple(plain),
        " ".join(plain),
        tuple(at),
        tuple(opens),
        tuple(named),
        tuple(kinds),
        keeps_actor=not language.phrases[TABLE]["self_verbs"],
    )


@lru_cache(maxsize=2)
def speech_of(
    transcript: Transcript, units: tuple[Unit, ...], language: Language
) -> tuple[PlainSpeech, ...]:
    """Every unit of an answer as plain speech: several detectors ask for it, it is read once."""
    return tuple(
        plain_speech([word.text for word in words], language, [word.is_clear for word in words])
        for words in (transcript.words[unit.first_word : unit.end_word] for unit in units)
    )


def sequences(words: Sequence[str]) -> list[str]:
    """Word sequences of one to three words, none with an unheard word, as features: 'w:it was'."""
    runs = list(words)
    runs += [f"{a} {b}" for a, b in pairwise(words)]
    runs += [f"{a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False)]
    return [SEQUENCE + run for run in runs if UNHEARD not in run.split(" ")]
