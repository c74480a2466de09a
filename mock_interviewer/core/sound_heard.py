"""How the sound itself is while somebody speaks: a fold over blocks, and the faults that show.

The state is a value and each step gives a new one; nothing here grows with the answer.

Sound systems report no faults; they show in the blocks and in their times. A block may come late
but never early, so the earliest one of the last moments tells how far behind the clock the sound
is: if that has grown since the moments before, sound is missing for good, however busy the machine
was. The moments are longer than the bursts in which sound systems deliver, and short enough for
whoever lost sound to hear of it within two seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

SILENCE_DBFS = -120.0
"""What is shown as the level of exact zeros."""
ZEROS_S = 1.0
"""So long nothing but exact zeros, and the sound is switched off: air is never so still."""
NO_BLOCK_S = 1.0
"""So long no block, and the microphone has stopped."""
FIRST_BLOCK_S = 5.0
"""Opening takes up to 1.5 s; after this nothing will come."""
STOOD_STILL_S = 3.0
"""So long nothing at all went on in the program: the lid was closed, or the machine was held."""
NOTHING_YET_S = 1.6
"""So long into an answer without any sound, and the person is told."""
WINDOW_S = 2.5
PART_S, PARTS = 0.4, 3
"""How late sound is, is looked at over so many parts of so many seconds."""
MISSING_S = 0.15
"""More lateness than this from one look to the next is sound that was lost."""
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
    RESUMED = "resumed"
    """None, but the end of one."""
    NO_OTHER = "no_other"
    STOOD_STILL = "stood_still"


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
        "The microphone opens but gives no sound; plug it in again, take the next one, or choose "
        "another with --device."
    ),
    FaultKind.STOPPED: (
        "The microphone stopped giving sound; what was said until then is kept. "
        "Plug it in again and go on, or take the next microphone."
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
    FaultKind.RESUMED: "Sound is coming in; go on with your answer.",
    FaultKind.NO_OTHER: "There is no other microphone; plug one in and try again.",
    FaultKind.STOOD_STILL: (
        "The computer was asleep or stood still; what was said before is kept. Say again what you "
        "said meanwhile, and go on."
    ),
}


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
    part_started_at: float = 0.0
    lateness_s: float = math.inf
    """Of the part's earliest block: its arrival less the length of all sound until then."""
    latenesses_s: tuple[float, ...] = ()
    """The same of the last parts, the newest last."""
    last_lateness_s: float | None = None
    """The least of the last parts, at the last look."""
    missing_s: float = 0.0
    """How much is missing according to the part that has just ended; 0 between looks."""
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
        part_started_at=arrived_at if started_at is None else heard.part_started_at,
        lateness_s=min(heard.lateness_s, arrived_at - frames / heard.rate_hz),
        missing_s=0.0,
        clipped=heard.clipped + int(np.count_nonzero(np.abs(samples / 1.0) >= FULL_SCALE)),
        spoken_frames=heard.spoken_frames + (len(samples) if is_speech else 0),
        spoken_power=heard.spoken_power + (power if is_speech else 0.0),
    )
    heard = _judged(heard)
    if arrived_at - heard.part_started_at >= PART_S:
        heard = _next_part(heard, arrived_at)
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


def _next_part(heard: SoundHeard, arrived_at: float) -> SoundHeard:
    """Whether sound was lost, as far as the last parts show, and the start of the next one."""
    parts = (*heard.latenesses_s, heard.lateness_s)[-PARTS:]
    lateness_s = min(parts)
    before_s = heard.last_lateness_s
    missing_s = 0.0 if before_s is None else lateness_s - before_s
    is_whole = missing_s <= MISSING_S
    present = heard.present - {FaultKind.GAPS} if is_whole else heard.present | {FaultKind.GAPS}
    return replace(
        heard,
        part_started_at=arrived_at,
        lateness_s=math.inf,
        latenesses_s=parts,
        last_lateness_s=lateness_s if len(parts) == PARTS else None,
        missing_s=0.0 if is_whole else missing_s,
        present=present,
    )


def _next_window(heard: SoundHeard, arrived_at: float) -> SoundHeard:
    """The faults that a whole window shows, and the start of the next one."""
    present = heard.present
    if heard.clipped <= CLIPPED_SHARE * WINDOW_S * heard.rate_hz:
        present = present - {FaultKind.CLIPPING}
    return replace(heard, window_started_at=arrived_at, clipped=0, present=present)


def new_faults(before: SoundHeard, now: SoundHeard, at_s: float) -> tuple[Fault, ...]:
    """The faults that were not there a block ago, in plain words."""
    return tuple(fault(kind, at_s) for kind in FaultKind if kind in now.present - before.present)


def fault(kind: FaultKind, at_s: float) -> Fault:
    """A fault of this kind in plain words."""
    return Fault(kind, LINES[kind], at_s)
