"""How an answer was spoken: pace, pauses, thinking time, fillers. Shown, never judged.

Two rates are told apart: words a minute over the whole answer, and over the speech alone
(articulation). Pauses are roughly log-normal, so their median and 90th percentile are given, not a
mean; gaps under a quarter of a second belong to articulation (Campione and Veronis 2002). Where
stretches of speech are at hand (from a voice detector), everything timed comes from them, because
recognisers bend word times around pauses; else from the words. Recognisers leave fillers out, so
what is counted in the text is 'at least'; hums found in the sound (core.hums), or where only the
stretches of speech are known, voice that no word accounts for, are 'maybe'. A marker such as 'like'
counts only where it fills: the verb is none. Repeated words are never counted. Every figure carries
its seconds. None means 'not measured', never zero.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from mock_interviewer.core.language import Language
from mock_interviewer.core.speech_regions import Region, speech_seconds
from mock_interviewer.core.transcript import Transcript, Word

TABLE = "delivery"
PAUSE_S = 0.25
"""A shorter gap is no pause."""
WINDOW_S = 30.0
"""The pace is also given for so many seconds at a time."""
UNCLAIMED_S = 0.2
"""Voice of this length that no word covers may be a filler."""
_WORD_SLACK_S = 0.1
"""How far a word's times may be off at either end before sound beside it counts as unclaimed."""
_LONGEST_FILLER_S = 1.5
"""Longer unclaimed voice is speech that the recogniser missed, not a filler."""
_SHORTEST_FOR_A_RATE_S = 1.0
_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True)
class Filler:
    """One filler that stands in the text."""

    text: str
    """In lower case, without punctuation: 'um', 'like', 'you know'."""
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True)
class Fillers:
    """um, uh, er, like: as far as they can be known."""

    at_least: int
    """Those that stand in the text: sounds, and markers that only fill."""
    maybe: int | None
    """Hums that no word covers; None without the recording."""
    heard: tuple[Filler, ...] = ()
    maybe_at: tuple[Region, ...] = ()
    """Where the 'maybe' are."""


@dataclass(frozen=True)
class Pauses:
    """Silences of PAUSE_S and more between the first word and the last."""

    count: int
    median_s: float | None
    p90_s: float | None
    longest_s: float | None
    at: tuple[Region, ...] = ()
    """Where they are, in order."""


@dataclass(frozen=True)
class Window:
    """The pace of WINDOW_S seconds; a rate is None where next to nothing was said."""

    start_s: float
    end_s: float
    words_per_minute: float | None
    articulation_wpm: float | None


@dataclass(frozen=True)
class Delivery:
    """What can be measured of how an answer was spoken; None is 'not measured'."""

    words_per_minute: float | None
    """Words over the time from the first word to the last, pauses included."""
    articulation_wpm: float | None
    """Words over the time in which there was speech."""
    thinking_s: float | None
    """From the end of the question to the first word."""
    fillers: Fillers
    pauses: Pauses | None
    windows: tuple[Window, ...] = ()
    """Those in which a word begins, in order; empty without times."""


def measure_delivery(
    transcript: Transcript,
    language: Language,
    *,
    speech_regions: Sequence[Region] | None = None,
    hums: Sequence[Region] | None = None,
    question_end_s: float = 0.0,
) -> Delivery:
    """Pace, thinking time, pauses and fillers of an answer.

    speech_regions: where somebody speaks, in seconds, sorted and apart; None without the recording.
    hums: what core.hums found in the recording; None where nobody looked.
    question_end_s: when the question had been asked, on the transcript's clock.
    """
    words = [word for word in transcript.words if _has_letters(word.text)]
    heard = _answer_regions(speech_regions, question_end_s)
    spoken = heard if heard is not None else _word_regions(transcript)
    maybe_at: Sequence[Region] | None = hums
    if hums is None and heard is not None and transcript.is_timed:
        maybe_at = unclaimed_voice(transcript, heard)
    in_text = fillers_in(transcript, language)
    fillers = Fillers(
        at_least=len(in_text),
        maybe=None if maybe_at is None else len(maybe_at),
        heard=in_text,
        maybe_at=tuple(maybe_at or ()),
    )
    if not spoken:
        return Delivery(None, None, None, fillers, None)
    return Delivery(
        words_per_minute=_per_minute(len(words), spoken[-1][1] - spoken[0][0]),
        articulation_wpm=_per_minute(len(words), speech_seconds(spoken)),
        thinking_s=round(max(0.0, spoken[0][0] - question_end_s), 2),
        fillers=fillers,
        pauses=pauses_between(spoken),
        windows=pace_windows(words, spoken) if transcript.is_timed else (),
    )


@lru_cache(maxsize=8192)
def _has_letters(word: str) -> bool:
    return word[:1].isalnum() or any(letter.isalnum() for letter in word)


def pace_windows(words: Sequence[Word], spoken: Sequence[Region]) -> tuple[Window, ...]:
    """The pace of each WINDOW_S from the first word on; a rest under a third of it is left out.

    A word belongs to the window in which it begins, and a window in which none does has no pace and
    is left out too: what this costs grows with the words, not with the seconds. The doubt: a
    recogniser's word times are bent around pauses, so a word at an edge may count next door; the
    speech is the voice detector's.
    """
    if not spoken:
        return ()
    begin_s, end_s = spoken[0][0], spoken[-1][1]
    count = int((end_s - begin_s) / WINDOW_S + 2 / 3)
    begun = Counter([int(((word.start_s or 0.0) - begin_s) / WINDOW_S) for word in words])
    starts, ends = [start for start, _ in spoken], [end for _, end in spoken]
    windows = []
    for at in sorted(at for at in begun if 0 <= at < count):
        first_s = begin_s + at * WINDOW_S
        last_s = min(first_s + WINDOW_S, end_s)
        within = spoken[bisect_right(ends, first_s) : bisect_left(starts, last_s)]
        speech_s = sum(min(end, last_s) - max(start, first_s) for start, end in within)
        windows.append(
            Window(
                round(first_s, 2),
                round(last_s, 2),
                _per_minute(begun[at], last_s - first_s),
                _per_minute(begun[at], speech_s),
            )
        )
    return tuple(windows)


def pauses_between(regions: Sequence[Region]) -> Pauses:
    """The pauses between stretches of speech.

    >>> pauses_between([(0.0, 1.0), (1.1, 2.0), (2.5, 3.0), (5.0, 6.0)])
    Pauses(count=2, median_s=1.25, p90_s=1.85, longest_s=2.0, at=((2.0, 2.5), (3.0, 5.0)))
    """
    at = tuple(
        (earlier[1], later[0])
        for earlier, later in pairwise(regions)
        if later[0] - earlier[1] >= PAUSE_S - 1e-9
    )
    gaps = sorted(end - start for start, end in at)
    if not gaps:
        return Pauses(0, None, None, None)
    return Pauses(
        count=len(gaps),
        median_s=round(_quantile(gaps, 0.5), 2),
        p90_s=round(_quantile(gaps, 0.9), 2),
        longest_s=round(gaps[-1], 2),
        at=at,
    )


def unclaimed_voice(transcript: Transcript, regions: Sequence[Region]) -> tuple[Region, ...]:
    """Stretches of speech, UNCLAIMED_S to about a second and a half, that no word covers.

    Needs a timed transcript. An 'um' that the recogniser left out looks like this; so does a word
    that it missed, which is why these are only 'maybe'. Linear in words and regions.
    """
    covered: list[Region] = []
    for word in sorted(transcript.words, key=lambda word: word.start_s or 0.0):
        start, end = (word.start_s or 0.0) - _WORD_SLACK_S, (word.end_s or 0.0) + _WORD_SLACK_S
        if covered and start <= covered[-1][1]:
            covered[-1] = (covered[-1][0], max(covered[-1][1], end))
        else:
            covered.append((start, end))
    found: list[Region] = []
    at = 0
    for start, end in regions:
        while at < len(covered) and covered[at][1] <= start:
            at += 1
        free_from, index = start, at
        while index < len(covered) and covered[index][0] < end:
            found.append((free_from, covered[index][0]))
            free_from = covered[index][1]
            index += 1
        found.append((free_from, end))
    return tuple(
        (start, end) for start, end in found if UNCLAIMED_S <= end - start <= _LONGEST_FILLER_S
    )


def _answer_regions(regions: Sequence[Region] | None, question_end_s: float) -> list[Region] | None:
    """The stretches after the question, None if there are none to go by."""
    if regions is None:
        return None
    after = [(max(start, question_end_s), end) for start, end in regions if end > question_end_s]
    return after or None


def _word_regions(transcript: Transcript) -> list[Region]:
    """Stretches of words with less than a pause between them; empty without times."""
    if not transcript.is_timed:
        return []
    regions: list[Region] = []
    began, until = 0.0, -math.inf
    for word in transcript.words:
        start, end = word.start_s or 0.0, word.end_s or 0.0
        if start - until >= PAUSE_S - 1e-9:
            if until > -math.inf:
                regions.append((began, until))
            began, until = start, end
        elif end > until:
            until = end
    return [*regions, (began, until)] if until > -math.inf else regions


def fillers_in(transcript: Transcript, language: Language) -> tuple[Filler, ...]:
    """The fillers that stand in the text, in order."""
    texts = [word.text.lower() for word in transcript.words]
    found = {
        at: _filler(transcript, at, at + 1)
        for at, text in enumerate(texts)
        if _is_sound(text, language)
    }
    text = " ".join(texts)
    patterns = language.patterns_for(TABLE, text)
    asides = [aside for pattern in patterns.values() for aside in pattern.finditer(text)]
    starts = accumulate([len(text) + 1 for text in texts], initial=0) if asides else ()
    first_at = {start: first for first, start in enumerate(starts)}
    for aside in asides:
        first = first_at.get(aside.start())
        if first is not None and first not in found:
            found[first] = _filler(transcript, first, first + len(aside[0].split()))
    return tuple(found[at] for at in sorted(found))


def _filler(transcript: Transcript, first: int, end: int) -> Filler:
    words = transcript.words[first:end]
    text = " ".join(_bare(word.text.lower()) for word in words)
    return Filler(text, words[0].start_s, words[-1].end_s)


@lru_cache(maxsize=8192)
def _is_sound(word: str, language: Language) -> bool:
    return bool(language.kinds_of_words(TABLE)[_bare(word)])


def _bare(word: str) -> str:
    """A word without the signs at its edges."""
    return _EDGES.sub("", word)


def _per_minute(count: int, seconds: float) -> float | None:
    return round(60 * count / seconds, 1) if count and seconds >= _SHORTEST_FOR_A_RATE_S else None


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Linear between the neighbours, as numpy's default."""
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
