"""Where somebody speaks: stretches of speech in seconds, and what follows from them alone.

A voice detector gives a probability for every frame; a stretch starts where it reaches the
threshold and ends where it stays below a lower one for a while (hysteresis), so that the closure of
a plosive does not end a word. Stretches are sorted and do not overlap. They carry every time that
is shown to a person, because recognisers bend word times around pauses.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

Region = tuple[float, float]
"""Start and end in seconds."""
Regions = tuple[Region, ...]

SPEECH_THRESHOLD = 0.5
SILENCE_THRESHOLD = 0.35
"""Between the two a frame belongs to whatever came before it."""
SHORTEST_SILENCE_S = 0.2
"""A shorter gap is part of the speech around it (a pause is 0.25 s or more)."""
SHORTEST_SPEECH_S = 0.1
"""A shorter stretch is a click, not a word."""


def regions_of(
    probabilities: Sequence[float],
    frame_s: float,
    duration_s: float,
    shortest_silence_s: float = SHORTEST_SILENCE_S,
    shortest_speech_s: float = SHORTEST_SPEECH_S,
) -> Regions:
    """Stretches of speech from one probability a frame; the last may end with the recording.

    >>> regions_of([0.1, 0.9, 0.9, 0.1, 0.1, 0.9, 0.9, 0.4], 0.1, 0.8, 0.2, 0.1)
    ((0.1, 0.3), (0.5, 0.8))
    """
    found: list[Region] = []
    start: float | None = None
    silent_since: float | None = None
    for index, probability in enumerate(probabilities):
        at_s = index * frame_s
        if probability >= SPEECH_THRESHOLD:
            silent_since = None
            if start is None:
                start = at_s
        elif start is not None and probability < SILENCE_THRESHOLD:
            if silent_since is None:
                silent_since = at_s
            if at_s + frame_s - silent_since >= shortest_silence_s - 1e-9:
                found.append((start, silent_since))
                start = silent_since = None
    if start is not None:
        found.append((start, duration_s if silent_since is None else silent_since))
    return tuple(
        (round(start, 3), round(min(end, duration_s), 3))
        for start, end in found
        if min(end, duration_s) - start >= shortest_speech_s - 1e-9
    )


def speech_seconds(regions: Sequence[Region]) -> float:
    """How long somebody speaks in all."""
    return sum(end - start for start, end in regions)


def cut_to(
    longest_s: float, regions: Sequence[Region], probabilities: Sequence[float], frame_s: float
) -> Regions:
    """Stretches longer than longest_s cut where speech is least likely, in their later half.

    >>> cut_to(1.0, [(0.0, 1.4)], [0.9] * 7 + [0.6] + [0.9] * 6, 0.1)
    ((0.0, 0.7), (0.7, 1.4))
    """
    found: list[Region] = []
    for start, end in regions:
        while end - start > longest_s + 1e-9:
            first = round((start + longest_s / 2) / frame_s)
            last = min(round((start + longest_s) / frame_s), len(probabilities) - 1)
            weakest = min(range(first, last), key=lambda frame: probabilities[frame])
            found.append((start, round(weakest * frame_s, 3)))
            start = found[-1][1]
        found.append((start, end))
    return tuple(found)


def padded(regions: Sequence[Region], pad_s: float, duration_s: float) -> Regions:
    """The stretches with a little of the silence around them, never more than half of it.

    >>> padded([(1.0, 2.0), (2.1, 3.0)], 0.2, 3.1)
    ((0.8, 2.05), (2.05, 3.1))
    """
    found: list[Region] = []
    for index, (start, end) in enumerate(regions):
        before = start - regions[index - 1][1] if index else 2 * start
        after = regions[index + 1][0] - end if index + 1 < len(regions) else 2 * (duration_s - end)
        found.append(
            (
                round(start - min(pad_s, before / 2), 3),
                round(end + min(pad_s, max(0.0, after / 2)), 3),
            )
        )
    return tuple(found)


def grouped(regions: Sequence[Region], longest_s: float, longest_gap_s: float) -> Regions:
    """Neighbouring stretches joined over gaps up to longest_gap_s into ones of at most longest_s.

    A single stretch longer than longest_s stays whole.

    >>> grouped([(0.0, 2.0), (2.3, 4.0), (9.0, 10.0)], 28.0, 1.0)
    ((0.0, 4.0), (9.0, 10.0))
    """
    joined: list[Region] = []
    for start, end in regions:
        if joined and start - joined[-1][1] <= longest_gap_s and end - joined[-1][0] <= longest_s:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def overlap_s(start_s: float, end_s: float, regions: Sequence[Region]) -> float:
    """Seconds of speech between two times."""
    first = max(0, bisect_right(regions, (start_s, float("inf"))) - 1)
    total = 0.0
    for start, end in regions[first:]:
        if start >= end_s:
            break
        total += max(0.0, min(end, end_s) - max(start, start_s))
    return total


def clamped(start_s: float, end_s: float, regions: Sequence[Region]) -> Region:
    """A word's times moved into the stretch of speech that it overlaps most, if it overlaps any.

    >>> clamped(1.0, 3.0, [(0.0, 1.2), (2.0, 4.0)])
    (2.0, 3.0)
    >>> clamped(5.0, 5.5, [(0.0, 1.2)])
    (5.0, 5.5)
    """
    first = max(0, bisect_right(regions, (start_s, float("inf"))) - 1)
    best, most = (start_s, end_s), 0.0
    for start, end in regions[first:]:
        if start >= end_s:
            break
        inside = (max(start, start_s), min(end, end_s))
        if inside[1] - inside[0] > most:
            best, most = inside, inside[1] - inside[0]
    return best
