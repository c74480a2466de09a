"""What is heard while somebody speaks: folds over the voice detector's frames and blocks of sound.

Each state is a value; each step gives a new one, so the same sound gives the same figures whether
it comes in one piece or in hundreds. Nothing here grows but the list of stretches of speech.

Sound systems report no faults; they show in the blocks and in their times. A block may come late
but never early, so the earliest one of a window tells how far behind the clock the sound is: if
that has grown since the window before, sound is missing for good, however busy the machine was.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from mock_interviewer.core.speech_regions import (
    SHORTEST_SILENCE_S,
    SHORTEST_SPEECH_S,
    SILENCE_THRESHOLD,
    SPEECH_THRESHOLD,
    Regions,
)

SILENCE_DBFS = -120.0
"""What is shown as the level of exact zeros."""
ZEROS_S = 1.0
"""So long nothing but exact zeros, and the sound is switched off: air is never so still."""
NO_BLOCK_S = 1.0
"""So long no block, and the microphone has stopped."""
FIRST_BLOCK_S = 5.0
"""Opening takes up to 1.5 s; after this nothing will come."""
WINDOW_S = 2.5
MISSING_S = 0.15
"""More lateness than this from one window to the next is sound that was lost."""
FULL_SCALE = 32_700
"""Of 32,767."""
CLIPPED_SHARE = 0.002
"""Share of samples at full scale that can be heard as crackling."""
QUIET_DBFS = -45.0
QUIET_AFTER_S = 2.0
"""So much speech is needed before it is called too quiet."""


class FaultKind(StrEnum):
    """What can be wrong with what comes from a microphone."""

    NO_SOUND = "no_sound"
    STOPPED = "stopped"
    ZEROS = "zeros"
    GAPS = "gaps"
    CLIPPING = "clipping"
    QUIET = "quiet"
    DISK = "disk"


@dataclass(frozen=True)
class Fault:
    """One plain line about what is wrong and what to do."""

    kind: FaultKind
    line: str
    at_s: float
    """Seconds of the recording at which it was noticed; 0 where nothing is recorded."""


@dataclass(frozen=True)
class Gap:
    """Sound that never arrived."""

    at_s: float
    """Seconds of the recording by which it was noticed."""
    missing_s: float


LINES = {
    FaultKind.NO_SOUND: (
        "The microphone opens but gives no sound; plug it in again, or choose another with "
        "--device."
    ),
    FaultKind.STOPPED: (
        "The microphone stopped giving sound; what was said until then is kept. "
        "Plug it in again, or choose another with --device."
    ),
    FaultKind.ZEROS: (
        "The microphone gives pure silence: it is muted, or this program may not use it; unmute "
        "it, and allow the terminal to use the microphone in the system's settings."
    ),
    FaultKind.GAPS: (
        "Some of the sound is being lost; close programs that keep this computer busy."
    ),
    FaultKind.CLIPPING: (
        "The microphone is too loud and crackles; turn its level down or move back a little."
    ),
    FaultKind.QUIET: "Your voice is very quiet; turn the microphone's level up or move closer.",
    FaultKind.DISK: (
        "The recording cannot be written any further; what was said until then is kept. "
        "Free some disk space."
    ),
}


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
    for probability in probabilities:
        at_s = frames * heard.frame_s
        frames += 1
        if probability >= SPEECH_THRESHOLD:
            silent_since_s = None
            if start_s is None:
                start_s = at_s
        elif start_s is not None and probability < SILENCE_THRESHOLD:
            if silent_since_s is None:
                silent_since_s = at_s
            if at_s + heard.frame_s - silent_since_s >= SHORTEST_SILENCE_S - 1e-9:
                if _is_word(start_s, silent_since_s):
                    found = (*found, (round(start_s, 3), round(silent_since_s, 3)))
                start_s = silent_since_s = None
    return VoiceHeard(heard.frame_s, frames, found, start_s, silent_since_s)


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


def dbfs(samples: npt.NDArray[np.int16]) -> float:
    """The level (root mean square) of 16-bit samples in decibels under full scale.

    >>> dbfs(np.zeros(4, np.int16)), round(dbfs(np.full(4, 16_384, np.int16)), 1)
    (-120.0, -6.0)
    """
    return _decibels(_power(samples), len(samples))


def _power(samples: npt.NDArray[np.int16]) -> float:
    """The sum of squares, full scale 1."""
    return float(np.sum(np.square(samples.astype(np.float64) / 32_768)))


def _decibels(power: float, frames: int) -> float:
    return max(SILENCE_DBFS, 10 * math.log10(power / frames)) if power > 0 else SILENCE_DBFS


@dataclass(frozen=True)
class SoundHeard:
    """How the sound itself is: level, zeros, clipping, arrival; and which faults are there now."""

    rate_hz: int
    level_dbfs: float = SILENCE_DBFS
    zeros_s: float = 0.0
    """How long there have been nothing but exact zeros."""
    frames: int = 0
    window_started_at: float | None = None
    lateness_s: float = math.inf
    """Of the window's earliest block: its arrival less the length of all sound until then."""
    last_lateness_s: float | None = None
    """The same of the window before."""
    missing_s: float = 0.0
    """How much is missing according to the window that has just ended; 0 between windows."""
    clipped: int = 0
    """Samples at full scale in this window."""
    spoken_frames: int = 0
    spoken_power: float = 0.0
    """Sum of squares, full scale 1, while somebody spoke."""
    present: frozenset[FaultKind] = frozenset()

    @property
    def spoken_dbfs(self) -> float | None:
        """The level of the voice; None before there is enough of it."""
        if self.spoken_frames < QUIET_AFTER_S * self.rate_hz:
            return None
        return _decibels(self.spoken_power, self.spoken_frames)


def hear_block(
    heard: SoundHeard, samples: npt.NDArray[np.int16], arrived_at: float, *, is_speech: bool
) -> SoundHeard:
    """What is known after one more block, shape (n,), that arrived at a time of a steady clock."""
    if not len(samples):
        return heard
    power = _power(samples)
    frames = heard.frames + len(samples)
    started_at = heard.window_started_at
    heard = replace(
        heard,
        level_dbfs=_decibels(power, len(samples)),
        zeros_s=0.0 if power > 0 else heard.zeros_s + len(samples) / heard.rate_hz,
        frames=frames,
        window_started_at=arrived_at if started_at is None else started_at,
        lateness_s=min(heard.lateness_s, arrived_at - frames / heard.rate_hz),
        missing_s=0.0,
        clipped=heard.clipped + int(np.count_nonzero(np.abs(samples / 1.0) >= FULL_SCALE)),
        spoken_frames=heard.spoken_frames + (len(samples) if is_speech else 0),
        spoken_power=heard.spoken_power + (power if is_speech else 0.0),
    )
    heard = _judged(heard)
    is_over = arrived_at - (heard.window_started_at or 0.0) >= WINDOW_S
    return _next_window(heard, arrived_at) if is_over else heard


def _judged(heard: SoundHeard) -> SoundHeard:
    """The faults that show in every block."""
    spoken = heard.spoken_dbfs
    now = {
        FaultKind.ZEROS: heard.zeros_s >= ZEROS_S,
        FaultKind.QUIET: spoken is not None and spoken < QUIET_DBFS,
    }
    kept = heard.present - now.keys()
    if heard.clipped > CLIPPED_SHARE * WINDOW_S * heard.rate_hz:
        kept |= {FaultKind.CLIPPING}
    return replace(heard, present=kept | {kind for kind, is_there in now.items() if is_there})


def _next_window(heard: SoundHeard, arrived_at: float) -> SoundHeard:
    """The faults that a whole window shows, and the start of the next one."""
    before_s = heard.last_lateness_s
    missing_s = 0.0 if before_s is None else heard.lateness_s - before_s
    is_whole = missing_s <= MISSING_S
    present = set(heard.present)
    if heard.clipped <= CLIPPED_SHARE * WINDOW_S * heard.rate_hz:
        present.discard(FaultKind.CLIPPING)
    if is_whole:
        present.discard(FaultKind.GAPS)
    else:
        present.add(FaultKind.GAPS)
    return replace(
        heard,
        window_started_at=arrived_at,
        lateness_s=math.inf,
        last_lateness_s=heard.lateness_s,
        missing_s=0.0 if is_whole else missing_s,
        clipped=0,
        present=frozenset(present),
    )


def new_faults(before: SoundHeard, now: SoundHeard, at_s: float) -> tuple[Fault, ...]:
    """The faults that were not there a block ago, in plain words."""
    return tuple(fault(kind, at_s) for kind in FaultKind if kind in now.present - before.present)


def fault(kind: FaultKind, at_s: float) -> Fault:
    """A fault of this kind in plain words."""
    return Fault(kind, LINES[kind], at_s)
