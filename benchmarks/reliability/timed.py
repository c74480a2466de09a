"""A microphone without a sound card: blocks of 50 ms by the clock, each sample told by its place.

The samples count up, so that a recording shows by itself whether one is missing or twice there.
How many have been given so far is kept in memory that outlives the process.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
import time
from collections.abc import Callable
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from mock_interviewer.adapters.audio_files import RATE_HZ
from mock_interviewer.adapters.sound_child import HEAD

BLOCK = RATE_HZ // 20
_LONGEST_RAMP = 30_000
_SAID = struct.Struct("<qH")
Int16 = npt.NDArray[np.int16]


def ramp(first: int, count: int) -> Int16:
    """The samples from a place on: 1 to 30,000 over and over."""
    return (np.arange(first, first + count) % _LONGEST_RAMP + 1).astype(np.int16)


def is_unbroken(samples: Int16) -> bool:
    """True if each sample is the one after the one before it."""
    steps = np.diff(samples.astype(np.int64)) - 1
    return not np.any(np.mod(steps, _LONGEST_RAMP))


class Said:
    """What is being said into which file: survives the death of who writes it."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 4096)

    def begin(self, path: str) -> None:
        """A recording begins; empty where nothing is recorded."""
        name = path.encode()
        self._memory[_SAID.size : _SAID.size + len(name)] = name
        self._memory[: _SAID.size] = _SAID.pack(0, len(name))

    def give(self, frames: int) -> None:
        """So many more were given to the program."""
        before, length = _SAID.unpack(self._memory[: _SAID.size])
        self._memory[: _SAID.size] = _SAID.pack(before + frames, length)

    @property
    def path(self) -> str:
        _, length = _SAID.unpack(self._memory[: _SAID.size])
        return bytes(self._memory[_SAID.size : _SAID.size + length]).decode()

    @property
    def seconds(self) -> float:
        frames, _ = _SAID.unpack(self._memory[: _SAID.size])
        return float(frames) / RATE_HZ


class TimedProcess:
    """Stands where a sound_child would: the same pipe, fed by a thread of this process.

    speed: how many times faster than the clock; sound(first, count) gives the samples;
    late_s(first) says how long a block is held back, for good where that is infinite; jump_s(first)
    how far its clock has jumped by then, while the sound did not.
    """

    def __init__(
        self,
        task: str,
        device: str | None,
        said: Said | None = None,
        speed: float = 1.0,
        sound: Callable[[int, int], Int16] = ramp,
        late_s: Callable[[int], float] = lambda first: 0.0,
        jump_s: Callable[[int], float] = lambda first: 0.0,
    ) -> None:
        out, into = os.pipe()
        self.stdout: IO[bytes] = os.fdopen(out, "rb")
        self._in: IO[bytes] = os.fdopen(into, "wb", buffering=0)
        self._said, self._speed, self._sound, self._late_s = said, speed, sound, late_s
        self._jump_s = jump_s
        self._ended = threading.Event()
        self.pid = os.getpid()

    def opened(self, deadline_s: float = 0.0) -> dict[str, Any]:
        threading.Thread(target=self._give, daemon=True).start()
        return {"device": "timed", "rate_hz": RATE_HZ, "channels": 1}

    def _give(self) -> None:
        began_at, given = time.monotonic(), 0
        try:
            while not self._ended.is_set():
                samples, late_s = self._sound(given, BLOCK), self._late_s(given)
                given += BLOCK
                due_at = began_at + late_s + given / RATE_HZ / self._speed
                self._ended.wait(min(3600.0, max(0.0, due_at - time.monotonic())))
                if late_s == float("inf"):
                    continue
                # as its own clock has it
                arrived_at = began_at + late_s + given / RATE_HZ + self._jump_s(given)
                pcm = samples.astype("<i2").tobytes()
                self._in.write(HEAD.pack(arrived_at, 0, len(pcm)) + pcm)
                if self._said is not None:
                    self._said.give(len(samples))
        except OSError:
            pass
        finally:
            self._in.close()

    def end(self) -> None:
        self._ended.set()

    def close_pipes(self) -> None:
        self.stdout.close()
