"""How an answer was spoken: pace, pauses, thinking time, fillers. Shown, never judged.

Two rates are told apart: words a minute over the whole answer, and over the speech alone
(articulation). Pauses are roughly log-normal, so their median and 90th percentile are given, not a
mean; gaps under a quarter of a second belong to articulation (Campione and Veronis 2002). Where
stretches of speech are at hand (from a voice detector), everything timed comes from them, because
recognisers bend word times around pauses; else from the words. Recognisers leave fillers out, so
what is counted in the text is 'at least', and sound that no word accounts for is a 'maybe'. None
means 'not measured', never zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from mock_interviewer.core.language import Language
from mock_interviewer.core.speech_regions import Region, speech_seconds
from mock_interviewer.core.transcript import Transcript

TABLE = "delivery"
PAUSE_S = 0.25
"""A shorter gap is no pause."""
UNCLAIMED_S = 0.2
"""Voice of this length that no word covers may be a filler."""
_WORD_SLACK_S = 0.1
"""How far a word's times may be off at either end before sound beside it counts as unclaimed."""
_LONGEST_FILLER_S = 1.5
"""Longer unclaimed voice is speech that the recogniser missed, not a filler."""
_SHORTEST_FOR_A_RATE_S = 1.0
_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True)
class Fillers:
    """um, uh, er: as far as they can be known."""

    at_least: int
    """Those that stand in the text: sounds, and asides between commas."""
    maybe: int | None
    """Stretches of voice that no word covers; None without the recording."""


@dataclass(frozen=True)
class Pauses:
    """Silences of PAUSE_S and more between the first word and the last."""

    count: int
    median_s: float | None
    p90_s: float | None
    longest_s: float | None


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


def measure_delivery(
    transcript: Transcript,
    language: Language,
    *,
    speech_regions: Sequence[Region] | None = None,
    question_end_s: float = 0.0,
) -> Delivery:
    """Pace, thinking time, pauses and fillers of an answer.

    speech_regions: where somebody speaks, in seconds, sorted and apart; None without the recording.
    question_end_s: when the question had been asked, on the transcript's clock.
    """
    count = sum(any(letter.isalnum() for letter in word.text) for word in transcript.words)
    heard = _answer_regions(speech_regions, question_end_s)
    spoken = heard if heard is not None else _word_regions(transcript)
    fillers = Fillers(
        at_least=_lexical_fillers(transcript, language),
        maybe=None
        if heard is None or not transcript.is_timed
        else len(unclaimed_voice(transcript, heard)),
    )
    if not spoken:
        return Delivery(None, None, None, fillers, None)
    return Delivery(
        words_per_minute=_per_minute(count, spoken[-1][1] - spoken[0][0]),
        articulation_wpm=_per_minute(count, speech_seconds(spoken)),
        thinking_s=round(max(0.0, spoken[0][0] - question_end_s), 2),
        fillers=fillers,
        pauses=pauses_between(spoken),
    )


def pauses_between(regions: Sequence[Region]) -> Pauses:
    """The pauses between stretches of speech.

    >>> pauses_between([(0.0, 1.0), (1.1, 2.0), (2.5, 3.0), (5.0, 6.0)])
    Pauses(count=2, median_s=1.25, p90_s=1.85, longest_s=2.0)
    """
    gaps = sorted(
        later[0] - earlier[1]
        for earlier, later in pairwise(regions)
        if later[0] - earlier[1] >= PAUSE_S - 1e-9
    )
    if not gaps:
        return Pauses(0, None, None, None)
    return Pauses(
        count=len(gaps),
        median_s=round(_quantile(gaps, 0.5), 2),
        p90_s=round(_quantile(gaps, 0.9), 2),
        longest_s=round(gaps[-1], 2),
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
    for word in transcript.words:
        start, end = word.start_s or 0.0, word.end_s or 0.0
        if regions and start - regions[-1][1] < PAUSE_S - 1e-9:
            regions[-1] = (regions[-1][0], max(regions[-1][1], end))
        else:
            regions.append((start, end))
    return regions


def _lexical_fillers(transcript: Transcript, language: Language) -> int:
    kinds_of = language.kinds_of_words(TABLE, "fillers")
    sounds = sum(bool(kinds_of[_bare(word.text)]) for word in transcript.words)
    asides = language.pattern(TABLE, "asides").findall(transcript.text)
    return sounds + len(asides)


@lru_cache(maxsize=8192)
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
