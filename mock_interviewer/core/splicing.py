"""One stage told again, put into the answer: which seconds give way, and how the sound is joined.

A cut lies in the middle of the silence between two words, so that no word is clipped, and the new
stretch brings a little silence of its own around its speech. At each joint the old sound fades out
while the new one fades in over ten milliseconds; every sample outside a joint is the recording's
own. Words and times follow the sound: what comes after the cut moves by the difference in length.

A stage that was told in several places is told again in the longest of them and leaves the others;
a stage that was missing goes where a story has it, before the first later stage. Linear in samples
and words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mock_interviewer.core.rubric import STORY_STAGES, Stage
from mock_interviewer.core.speech_regions import Region
from mock_interviewer.core.timing import stage_spans
from mock_interviewer.core.transcript import StagedUnit, Transcript, Word

FADE_S = 0.010
"""How long one sound fades into the other at a joint."""
AROUND_SPEECH_S = 0.15
"""Silence that a new stretch keeps before its first and after its last word."""
NEAR_S = 0.6
"""A silence farther than this from the place wanted is not this place's."""
Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Cut:
    """Seconds [start_s, end_s) of an answer that give way; is_filled where the new take goes."""

    start_s: float
    end_s: float
    is_filled: bool = False


def quiet_place(at_s: float, regions: Sequence[Region], duration_s: float) -> float:
    """The middle of the silence nearest to a time; the time itself where somebody speaks on.

    >>> quiet_place(2.1, [(0.0, 2.0), (2.4, 5.0)], 6.0)
    2.2
    >>> quiet_place(4.0, [(0.0, 2.0), (2.4, 5.0)], 6.0)
    4.0
    """
    edges = [0.0, *(edge for region in regions for edge in region), duration_s]
    silences = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
    if not silences:
        return at_s
    start, end = min(silences, key=lambda gap: max(gap[0] - at_s, at_s - gap[1], 0.0))
    if max(start - at_s, at_s - end) > NEAR_S:
        return at_s
    if start == 0.0:
        return max(start, end - AROUND_SPEECH_S)
    if end == duration_s:
        return min(end, start + AROUND_SPEECH_S)
    return round((start + end) / 2, 4)


def cuts_for(
    stage: Stage, units: Sequence[StagedUnit], regions: Sequence[Region], duration_s: float
) -> tuple[Cut, ...]:
    """What gives way where a stage is told again, in order; exactly one cut is filled."""
    spans = stage_spans(units)
    told = spans[stage]
    if not told:
        later = STORY_STAGES[STORY_STAGES.index(stage) + 1 :]
        starts = [start for each in later for start, _ in spans[each][:1]]
        place = quiet_place(min(starts, default=duration_s), regions, duration_s)
        return (Cut(place, place, is_filled=True),)
    longest = max(told, key=lambda span: span[1] - span[0])
    return tuple(
        Cut(
            quiet_place(start, regions, duration_s),
            quiet_place(end, regions, duration_s),
            is_filled=(start, end) == longest,
        )
        for start, end in told
    )


def speech_part(regions: Sequence[Region], duration_s: float) -> Region:
    """The seconds of a new take that are worth keeping: its speech and a little around it."""
    if not regions:
        return (0.0, duration_s)
    return (
        max(0.0, regions[0][0] - AROUND_SPEECH_S),
        min(duration_s, regions[-1][1] + AROUND_SPEECH_S),
    )


def spliced_sound(whole: Samples, new: Samples, cuts: Sequence[Cut], rate_hz: int) -> Samples:
    """The answer with the new take in place of what gives way.

    whole and new are mono, shape (n,), at the same rate.
    """
    joined: Samples = whole[: round(cuts[0].start_s * rate_hz)]
    for number, cut in enumerate(cuts):
        if cut.is_filled:
            joined = _joined(joined, new, rate_hz)
        following = cuts[number + 1].start_s if number + 1 < len(cuts) else len(whole) / rate_hz
        rest = whole[round(cut.end_s * rate_hz) : round(following * rate_hz)]
        joined = _joined(joined, rest, rate_hz)
    return joined


def _joined(before: Samples, after: Samples, rate_hz: int) -> Samples:
    """Two sounds, the end of the first fading into the beginning of the second."""
    width = min(round(FADE_S * rate_hz), len(before), len(after))
    if not width:
        return np.concatenate((before, after))
    rise = np.linspace(0.0, 1.0, width + 2, dtype=np.float32)[1:-1]
    across = before[-width:] * (1 - rise) + after[:width] * rise
    return np.concatenate((before[:-width], across.astype(np.float32), after[width:]))


def spliced_words(
    whole: Transcript, new: Transcript, cuts: Sequence[Cut], part: Region
) -> Transcript:
    """The transcript of the spliced sound; part are the seconds of the new take that were used."""
    words: list[Word] = []
    at_s, old_s = 0.0, 0.0
    for cut in cuts:
        words += _between(whole, old_s, cut.start_s, at_s - old_s)
        at_s += cut.start_s - old_s
        if cut.is_filled:
            at_s -= FADE_S if at_s else 0.0
            words += _between(new, *part, at_s - part[0])
            at_s += part[1] - part[0]
        at_s -= FADE_S if at_s else 0.0
        old_s = cut.end_s
    duration_s = whole.duration_s or (whole.words[-1].end_s if whole.words else None) or old_s
    words += _between(whole, old_s, duration_s + 1.0, at_s - old_s)
    return replace(whole, words=tuple(words), duration_s=round(at_s + duration_s - old_s, 3))


def _between(transcript: Transcript, start_s: float, end_s: float, by_s: float) -> list[Word]:
    """The words whose middle lies between two times, moved."""
    return [
        replace(word, start_s=max(0.0, word.start_s + by_s), end_s=max(0.0, word.end_s + by_s))
        for word in transcript.words
        if word.start_s is not None
        and word.end_s is not None
        and start_s <= (word.start_s + word.end_s) / 2 < end_s
    ]


def spliced_text(
    whole: Transcript, units: Sequence[StagedUnit], stage: Stage, text: str
) -> Transcript:
    """The words of an answer without times, with typed ones in place of a stage's."""
    told = [unit for unit in units if unit.stage is stage]
    new = [Word(word) for word in text.split()]
    if told:
        place = told[0].first_word
    else:
        later = STORY_STAGES[STORY_STAGES.index(stage) + 1 :]
        starts = [unit.first_word for unit in units if unit.stage in later]
        place = min(starts, default=len(whole.words))
    gone = {at for unit in told for at in range(unit.first_word, unit.end_word)}
    before = [word for at, word in enumerate(whole.words) if at < place and at not in gone]
    after = [word for at, word in enumerate(whole.words) if at >= place and at not in gone]
    bare = [replace(word, start_s=None, end_s=None) for word in (*before, *new, *after)]
    return replace(whole, words=tuple(bare), duration_s=None)
