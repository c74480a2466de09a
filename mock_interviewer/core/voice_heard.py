"""Where somebody speaks, while they speak: a fold over the voice detector's frames.

The state is a value and each step gives a new one, so the same sound gives the same stretches
whether it comes in one piece or in hundreds. Nothing here grows but the list of stretches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mock_interviewer.core.speech_regions import (
    SHORTEST_SILENCE_S,
    SHORTEST_SPEECH_S,
    SILENCE_THRESHOLD,
    SPEECH_THRESHOLD,
    Regions,
)

DIP_EVERY_S = 4.0
"""A stretch that goes on without a pause gets one place to cut it in each so many seconds."""


@dataclass(frozen=True)
class VoiceHeard:
    """Where somebody spoke so far; `speech_regions.regions_of`, frame by frame."""

    frame_s: float
    frames: int = 0
    found: Regions = ()
    """Stretches that are over, in seconds."""
    start_s: float | None = None
    """Of the stretch under way."""
    silent_since_s: float | None = None
    """Within the stretch under way: where it may turn out to have ended."""
    dips: tuple[float, ...] = ()
    """Where the stretch under way is weakest, one place in each DIP_EVERY_S."""
    weakest: tuple[float, float] = (2.0, 0.0)
    """Of the DIP_EVERY_S under way: the lowest probability, and when."""

    @property
    def heard_s(self) -> float:
        return self.frames * self.frame_s

    @property
    def is_speaking(self) -> bool:
        return self.start_s is not None and self.silent_since_s is None

    @property
    def silence_s(self) -> float:
        """Seconds since the last speech; since the start where there was none."""
        if self.start_s is not None:
            return 0.0 if self.silent_since_s is None else self.heard_s - self.silent_since_s
        return self.heard_s - (self.found[-1][1] if self.found else 0.0)

    @property
    def onset_s(self) -> float | None:
        """Where the first speech starts; None while there is none long enough to be a word."""
        regions = self.found[:1] or self.regions(self.heard_s)[:1]
        return regions[0][0] if regions else None

    def regions(self, duration_s: float) -> Regions:
        """All stretches of speech of a recording that is over and lasted duration_s."""
        found = list(self.found)
        if self.start_s is not None:
            end_s = duration_s if self.silent_since_s is None else self.silent_since_s
            found.append((self.start_s, end_s))
        return tuple(
            (round(start, 3), round(min(end, duration_s), 3))
            for start, end in found
            if _is_word(start, min(end, duration_s))
        )


def hear(heard: VoiceHeard, probabilities: Iterable[float]) -> VoiceHeard:
    """What is known after some more frames.

    >>> so_far = hear(VoiceHeard(0.1), [0.1, 0.9, 0.9])
    >>> so_far.is_speaking, so_far.onset_s
    (True, 0.1)
    >>> hear(so_far, [0.1, 0.1]).regions(0.5)
    ((0.1, 0.3),)
    """
    frames, found = heard.frames, heard.found
    start_s, silent_since_s = heard.start_s, heard.silent_since_s
    dips, weakest = heard.dips, heard.weakest
    for probability in probabilities:
        at_s = frames * heard.frame_s
        frames += 1
        if probability >= SPEECH_THRESHOLD:
            silent_since_s = None
            if start_s is None:
                start_s, dips, weakest = at_s, (), _NO_DIP
        elif start_s is not None and probability < SILENCE_THRESHOLD:
            if silent_since_s is None:
                silent_since_s = at_s
            if at_s + heard.frame_s - silent_since_s >= SHORTEST_SILENCE_S - 1e-9:
                if _is_word(start_s, silent_since_s):
                    found = (*found, (round(start_s, 3), round(silent_since_s, 3)))
                start_s = silent_since_s = None
        if start_s is not None:
            weakest = min(weakest, (probability, at_s))
            if at_s - start_s >= DIP_EVERY_S * (len(dips) + 1):
                dips, weakest = (*dips, round(weakest[1], 3)), _NO_DIP
    return VoiceHeard(heard.frame_s, frames, found, start_s, silent_since_s, dips, weakest)


_NO_DIP = (2.0, 0.0)


def _is_word(start_s: float, end_s: float) -> bool:
    return end_s - start_s >= SHORTEST_SPEECH_S - 1e-9


def thinking_s(onset_s: float | None, lead_s: float | None) -> float | None:
    """From the question's end to the first word; None without a question or a word.

    lead_s: from the question's end to the recording's first sample. What was left out by a pause is
    not in the recording and so not in the thinking time.

    >>> thinking_s(2.0, 0.15)
    2.15
    """
    return None if onset_s is None or lead_s is None else round(max(0.0, lead_s + onset_s), 3)
