"""Units from words: the sentences and clauses that a stage is decided for.

A unit ends where the recogniser wrote a full stop, and a longer one is cut at commas before a
clause opening. Many recognisers write no punctuation at all and people speak on without stopping,
so pauses and clause openings ('and then I', 'so we', 'but the') cut a run-on. Units cover every
word and have at most 30 words, of a run-on 20. Linear in the number of words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from mock_interviewer.core.language import Language
from mock_interviewer.core.transcript import Transcript, Unit, Word, straight

SHORTEST_WORDS = 4
"""A cut inside a sentence leaves at least so many words on both sides."""


class Lengths(NamedTuple):
    """In words, how long what is said between two ends may be."""

    comfortable: int
    """Up to so many it stays whole."""
    longest: int


OF_SENTENCES = Lengths(22, 30)
OF_RUN_ONS = Lengths(10, 20)
"""Where nobody wrote sentences, an end that only a pause told may lie in the middle of two stages:
units of sentences' length then held 0.958 of unprepared answers' words with those of one stage,
shorter ones 0.975."""
SENTENCE_PAUSE_S = 0.45
"""Where there is no punctuation, a pause of this length may end a sentence."""

_SENTENCE_END = re.compile(r"[.?!…][\"'”’)\]]*$")
_CLAUSE_END = re.compile(r"[,;:—–-][\"'”’)\]]*$")
_NOT_LETTERS = re.compile(r"[^\w']")
_PUNCTUATED_SHARE = 1 / 60
"""With fewer full stops per word than this, the recogniser wrote none that can be relied on."""


def units_of(transcript: Transcript, language: Language) -> tuple[Unit, ...]:
    """The transcript cut into units, in order, every word in exactly one of them."""
    words = transcript.words
    if not words:
        return ()
    opens = _Openings(words, language)
    ends = _sentence_ends(words, opens, language)
    lengths = OF_SENTENCES
    if len(ends) < _PUNCTUATED_SHARE * len(words):
        ends, lengths = _ends_by_pauses(transcript, opens), OF_RUN_ONS
    bounds: list[int] = []
    first, worth = 0, _CutWorth(transcript, opens)
    for end in [*(end for end in ends if end < len(words)), len(words)]:
        bounds += _cut(first, end, worth, lengths)
        first = end
    return tuple(_unit(transcript, a, b) for a, b in zip([0, *bounds], bounds, strict=False))


def _unit(transcript: Transcript, first: int, end: int) -> Unit:
    words = transcript.words
    return Unit(
        first, end, transcript.text_of(first, end), words[first].start_s, words[end - 1].end_s
    )


def _sentence_ends(
    words: Sequence[Word], opens: Mapping[int, float], language: Language
) -> list[int]:
    """Word indices before which a sentence ended.

    A stop after 'no' or a letter abbreviates ('no. 4', 'J. Smith') unless a clause opens after it.
    """
    abbreviation = language.pattern("units", "abbreviation")
    return [
        at + 1
        for at, word in enumerate(words)
        if not word.text[-1:].isalnum()
        and _SENTENCE_END.search(word.text)
        and not (abbreviation.fullmatch(word.text) and not _opens_anew(words, at + 1, opens))
        and not (at + 1 < len(words) and words[at + 1].text[:1].islower() and word.text[-1] == ".")
    ]


def _opens_anew(words: Sequence[Word], at: int, opens: Mapping[int, float]) -> bool:
    return at < len(words) and words[at].text[:1].isupper() and opens[at] > 0


MOST_HANGING = 3
"""Words: 'and the' before a pause, at most so many belong to what comes after it."""


class _Openings(dict[int, float]):
    """For every word how well a clause opens with it: 0 not at all, 1 a new sentence's opening.

    Less than 0 where the word before it hangs in the air without it ('and', 'to', 'the').
    Looked up where it matters only: most sentences are short enough to stay whole.
    """

    def __init__(self, words: Sequence[Word], language: Language) -> None:
        super().__init__()
        self._plain = [_plain(word.text) for word in words]
        self._strong = language.pattern("units", "strong_opening")
        self._weak = language.pattern("units", "weak_opening")
        self._language = language

    def __missing__(self, at: int) -> float:
        if at and _hangs(self._plain[at - 1], self._language):
            self[at] = -1.0
            return -1.0
        ahead = " ".join(self._plain[at : at + 4]) + " "
        self[at] = 1.0 if self._strong.match(ahead) else 0.5 if self._weak.match(ahead) else 0.0
        return self[at]


@lru_cache(maxsize=8192)
def _hangs(word: str, language: Language) -> bool:
    return language.pattern("units", "hanging").fullmatch(word) is not None


@lru_cache(maxsize=8192)
def _plain(word: str) -> str:
    return _NOT_LETTERS.sub("", straight(word.lower()))


def _pause_before(transcript: Transcript, at: int) -> float:
    before, after = transcript.words[at - 1].end_s, transcript.words[at].start_s
    return 0.0 if before is None or after is None else max(0.0, after - before)


def _ends_by_pauses(transcript: Transcript, opens: Mapping[int, float]) -> list[int]:
    """Sentence ends of an unpunctuated answer: a pause, or an opening after a short one."""
    ends, first = [], 0
    for at in range(1, len(transcript.words)):
        if at - first < SHORTEST_WORDS:
            continue
        pause_s = _pause_before(transcript, at)
        if pause_s >= SENTENCE_PAUSE_S or (pause_s >= SENTENCE_PAUSE_S / 3 and opens[at] == 1.0):
            back = next((n for n in range(MOST_HANGING + 1) if opens[at - n] >= 0), None)
            if back is not None and at - back - first >= SHORTEST_WORDS:
                first = at - back
                ends.append(first)
    return ends


class _CutWorth(dict[int, float]):
    """How good a cut before a word is: after a comma, before an opening, in a pause."""

    def __init__(self, transcript: Transcript, opens: Mapping[int, float]) -> None:
        super().__init__()
        self._transcript, self._opens = transcript, opens

    def __missing__(self, at: int) -> float:
        before = self._transcript.words[at - 1].text
        comma = 0.8 if not before[-1:].isalnum() and _CLAUSE_END.search(before) else 0.0
        self[at] = comma + self._opens[at] + min(1.0, _pause_before(self._transcript, at))
        return self[at]


@lru_cache(maxsize=2)
def _worth_lost(lengths: Lengths) -> tuple[float, ...]:
    """What a cut is worth less than one at a good length, for every number of words before it."""
    best = 0.75 * lengths.comfortable
    return tuple(0.03 * abs(words - best) for words in range(lengths.longest + 1))


def _cut(first: int, end: int, worth: Mapping[int, float], lengths: Lengths) -> list[int]:
    """Ends of the units that the sentence [first, end) is cut into; its own end is the last."""
    ends = []
    while end - first > lengths.comfortable:
        last = min(first + lengths.longest, end - SHORTEST_WORDS)
        candidates = range(first + SHORTEST_WORDS, last + 1)
        lost = _worth_lost(lengths)[SHORTEST_WORDS:]
        worths = [worth[at] - less for at, less in zip(candidates, lost, strict=False)]
        best = max(worths)
        if best < 1.0 and end - first <= lengths.longest:
            break
        first = candidates[worths.index(best)]
        ends.append(first)
    return [*ends, end]
