"""How fast somebody speaks in the course of an answer: windows of half a minute, a step of ten.

Articulation rate: words over the seconds of speech in the window, where the voice detector's
stretches are at hand; over the whole window otherwise. A window with under five seconds of speech
says nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from mock_interviewer.core.speech_regions import Region, overlap_s
from mock_interviewer.core.transcript import Transcript

WINDOW_S = 30.0
STEP_S = 10.0
LEAST_SPEECH_S = 5.0


@dataclass(frozen=True)
class PaceAt:
    """Words a minute around a moment."""

    at_s: float
    words_per_minute: float


def pace_over_time(transcript: Transcript, regions: Sequence[Region] | None) -> tuple[PaceAt, ...]:
    """The pace in the course of an answer; empty without times."""
    if not transcript.is_timed or transcript.duration_s is None:
        return ()
    starts = [word.start_s or 0.0 for word in transcript.words]
    found, start_s = [], 0.0
    while start_s + min(WINDOW_S, transcript.duration_s) <= transcript.duration_s + 1e-9:
        end_s = start_s + WINDOW_S
        count = bisect_left(starts, end_s) - bisect_left(starts, start_s)
        spoken_s = min(WINDOW_S, transcript.duration_s - start_s)
        if regions is not None:
            spoken_s = overlap_s(start_s, end_s, regions)
        if spoken_s >= LEAST_SPEECH_S:
            middle_s = start_s + min(WINDOW_S, transcript.duration_s) / 2
            found.append(PaceAt(middle_s, round(60 * count / spoken_s, 1)))
        start_s += STEP_S
    return tuple(found)
