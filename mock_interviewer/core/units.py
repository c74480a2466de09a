"""Units from words: the sentences and clauses that a stage is decided for.

A unit ends where the recogniser wrote a full stop, and a longer one is cut at commas before a
clause opening. Many recognisers write no punctuation at all and people speak on without stopping,
so pauses and clause openings ('and then I', 'so we', 'but the') cut a run-on. Units cover every
word and have at most 30 words. Linear in the number of words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from mock_interviewer.core.language import Language
from mock_interviewer.core.transcript import Transcript, Unit, Word

LONGEST_WORDS = 30
SHORTEST_WORDS = 4
"""A cut inside a sentence leaves at least so many words on both sides."""
COMFORTABLE_WORDS = 22
"""A sentence of up to so many words stays whole."""
SENTENCE_PAUSE_S = 0.45
"""Where there is no punctuation, a pause of this length may end a sentence."""

_SENTENCE_END = re.compile(r"[.?!…][\"'”’)\]]*$")
_CLAUSE_END = re.compile(r"[,;:—–-][\"'”’)\]]*$")
_PUNCTUATED_SHARE = 1 / 60
"""With fewer full stops per word than this, the recogniser wrote none that can be relied on."""


def units_of(transcript: Transcript, language: Language) -> tuple[Unit, ...]:
    """The transcript cut into units, in order, every word in exactly one of them."""
    words = transcript.words
    if not words:
        return ()
    opens = _Openings(words, language)
    ends = _sentence_ends(words, language)
    if len(ends) < _PUNCTUATED_SHARE * len(words):
        ends = _ends_by_pauses(transcript, opens)
    bounds: list[int] = []
    first = 0
    for end in [*(end for end in ends if end < len(words)), len(words)]:
        bounds += _cut(transcript, first, end, opens)
        first = end
    return tuple(_unit(transcript, a, b) for a, b in zip([0, *bounds], bounds, strict=False))


def _unit(transcript: Transcript, first: int, end: int) -> Unit:
    words = transcript.words
    return Unit(
        first, end, transcript.text_of(first, end), words[first].start_s, words[end - 1].end_s
    )


def _sentence_ends(words: Sequence[Word], language: Language) -> list[int]:
    """Word indices before which a sentence ended."""
    abbreviation = language.pattern("units", "abbreviation")
    return [
        at + 1
        for at, word in enumerate(words)
        if not word.text[-1:].isalnum()
        and _SENTENCE_END.search(word.text)
        and not abbreviation.fullmatch(word.text)
        and not (at + 1 < len(words) and words[at + 1].text[:1].islower() and word.text[-1] == ".")
    ]


class _Openings(dict[int, float]):
    """For every word how well a clause opens with it: 0 not at all, 1 a new sentence's opening.

    Looked up where it matters only: most sentences are short enough to stay whole.
    """

    def __init__(self, words: Sequence[Word], language: Language) -> None:
        super().__init__()
        self._plain = [_plain(word.text) for word in words]
        self._strong = language.pattern("units", "strong_opening")
        self._weak = language.pattern("units", "weak_opening")

    def __missing__(self, at: int) -> float:
        ahead = " ".join(self._plain[at : at + 4]) + " "
        is_strong, is_weak = self._strong.match(ahead), self._weak.match(ahead)
        self[at] = 1.0 if is_strong else 0.5 if is_weak else 0.0
        return self[at]


@lru_cache(maxsize=8192)
def _plain(word: str) -> str:
    return re.sub(r"[^\w']", "", word.lower())


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
            ends.append(at)
            first = at
    return ends


def _cut(transcript: Transcript, first: int, end: int, opens: Mapping[int, float]) -> list[int]:
    """Ends of the units that the sentence [first, end) is cut into; its own end is the last."""
    if end - first <= COMFORTABLE_WORDS:
        return [end]
    ends = []
    while end - first > COMFORTABLE_WORDS:
        last = min(first + LONGEST_WORDS, end - SHORTEST_WORDS)
        candidates = range(first + SHORTEST_WORDS, last + 1)
        best = max(candidates, key=lambda at: _cut_worth(transcript, first, at, opens))
        if _cut_worth(transcript, first, best, opens) < 1.0 and end - first <= LONGEST_WORDS:
            break
        ends.append(best)
        first = best
    return [*ends, end]


def _cut_worth(transcript: Transcript, first: int, at: int, opens: Mapping[int, float]) -> float:
    """How good a cut before a word is: a comma, an opening, a pause, and a comfortable length."""
    before = transcript.words[at - 1].text
    comma = 0.8 if not before[-1:].isalnum() and _CLAUSE_END.search(before) else 0.0
    pause = min(1.0, _pause_before(transcript, at))
    length = -0.03 * abs(at - first - COMFORTABLE_WORDS * 0.75)
    return comma + opens[at] + pause + length
