"""One device that gives sound: its child process, the rate brought to ours, when it was spoken.

A sample's time is the earliest that the arrivals of the last seconds allow: blocks come late, never
early. A microphone may have one stream after the other within the same answer.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mock_interviewer.adapters.audio_files import RATE_HZ
from mock_interviewer.adapters.resampling import Resampler
from mock_interviewer.adapters.sound_child import HEAD
from mock_interviewer.adapters.sound_process import SoundProcess
from mock_interviewer.core.sound_heard import Fault, SoundHeard, hear_block, new_faults

Int16 = npt.NDArray[np.int16]
_ARRIVALS = 64


@dataclass(frozen=True)
class Block:
    """Samples at 16 kHz as they arrived."""

    samples: Int16
    arrived_at: float
    """By the machine's steady clock."""
    dropped: int
    """Frames that the child had to drop so far, at the device's own rate."""


class SoundStream:
    """A device by name or part of it (None: the system's choice); task as sound_child knows it."""

    def __init__(self, task: str, device: str | None) -> None:
        self.process = SoundProcess(task, device)
        self.name = ""
        self.first_block = threading.Event()
        self.is_ended = False
        self.sound = SoundHeard(RATE_HZ)
        self.opened_at = self.last_block_at = time.monotonic()
        self._arrivals: deque[float] = deque(maxlen=_ARRIVALS)
        self._frames = self._dropped = 0

    def open(self) -> None:
        """Wait until the device is open. Raises DeviceFault, UnknownName."""
        told = self.process.opened()
        self.name = str(told["device"])
        self._channels = int(told["channels"])
        self._resampler = Resampler(int(told["rate_hz"]), RATE_HZ)
        self.opened_at = self.last_block_at = time.monotonic()

    def end(self) -> None:
        """End the device's process; a second time does nothing."""
        self.is_ended = True
        self.process.end()

    def blocks(self) -> Iterator[Block]:
        """Until the pipe ends."""
        pipe = self.process.stdout
        with contextlib.suppress(OSError, ValueError):
            while len(head := pipe.read(HEAD.size)) == HEAD.size:
                arrived_at, dropped, size = HEAD.unpack(head)
                pcm = pipe.read(size)
                if len(pcm) < size:
                    break
                samples = self._ours(pcm)
                if len(samples):
                    yield Block(samples, arrived_at, dropped)
        self.is_ended = True
        self.process.close_pipes()

    def _ours(self, pcm: bytes) -> Int16:
        samples = np.frombuffer(pcm, "<i2")
        if self._channels > 1:
            samples = samples.reshape(-1, self._channels).mean(axis=1).astype(np.int16)
        return self._resampler.push(samples) if len(samples) else samples

    def hear(self, block: Block, at_s: float, *, is_speech: bool) -> list[Fault]:
        """Take in how the sound is; the faults that are new. at_s: seconds of the recording."""
        self.last_block_at = time.monotonic()
        before = self.sound
        self.sound = hear_block(before, block.samples, block.arrived_at, is_speech=is_speech)
        return list(new_faults(before, self.sound, at_s))

    def missing_s(self, block: Block) -> float:
        """How much sound was lost before this block, as far as it shows now."""
        dropped_s = (block.dropped - self._dropped) / self._resampler.from_hz
        self._dropped = block.dropped
        missing_s = max(self.sound.missing_s, dropped_s)
        if missing_s > 0:
            self._arrivals.clear()  # the frames before no longer tell the time
        return missing_s

    def started_at(self, block: Block) -> float:
        """When its first sample was spoken: as early as the last arrivals allow."""
        frames = len(block.samples)
        self._frames += frames
        self._arrivals.append(block.arrived_at - self._frames / RATE_HZ)
        return min(self._arrivals) + (self._frames - frames) / RATE_HZ
