"""The loudspeaker: plays a recording through a stream of our own.

It can be stopped at once, and when it ended is known to the sample: from the clock time at which
the sound card plays the last one. The stream lives in a process of its own (sound_child).
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np

from mock_interviewer.adapters.sound_process import SoundProcess
from mock_interviewer.errors import DeviceFault
from mock_interviewer.ports import Audio

STUCK_S = 5.0
"""So long without progress, and the loudspeaker is gone; starting takes up to 1.5 s."""
_POLL_S = 0.05
_CUT_SHORT_S = 0.3
_GONE = "The loudspeaker stopped; plug it in again, or choose another."


class Playing:
    """One recording on its way out; as a context manager it stops at the block's end."""

    def __init__(self, process: SoundProcess, duration_s: float) -> None:
        self.duration_s = duration_s
        self.fault: str | None = None
        """One plain line if the loudspeaker went away in the middle."""
        self._process = process
        self._started_at: float | None = None
        self._ended_at: float | None = None
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._played_s = 0.0
        self._opened_at = self._last_progress_at = time.monotonic()
        threading.Thread(target=self._follow, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    @property
    def started_at(self) -> float | None:
        """The time.monotonic() of the first sample heard; None before it."""
        return self._started_at

    @property
    def ended_at(self) -> float | None:
        """The time.monotonic() of the last sample heard; None while it plays."""
        return self._ended_at if self.is_over else None

    @property
    def position_s(self) -> float:
        """How much was heard."""
        if self._started_at is None:
            return 0.0
        until = self._ended_at if self._ended_at is not None else time.monotonic()
        return min(max(0.0, until - self._started_at), self.duration_s)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Until it is over; False if it still plays after timeout_s. Raises DeviceFault."""
        is_over = self._over.wait(timeout_s)
        if self.fault is not None:
            raise DeviceFault(self.fault)
        return is_over

    def stop(self) -> None:
        """Silence at once; a second time does nothing."""
        if not self.is_over:  # else it is about to end by itself, behind the last syllable
            self._finish(time.monotonic(), None)
            self._process.end()

    def __enter__(self) -> Playing:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _follow(self) -> None:
        """Read what the process tells until it says no more."""
        with contextlib.suppress(OSError, ValueError):
            for line in self._process.stdout:
                self._learn(json.loads(line))
        self._process.close_pipes()
        self._process.end()
        self._finish(time.monotonic(), _GONE)

    def _learn(self, told: dict[str, Any]) -> None:
        if told["started_at"] is not None:
            self._started_at = told["started_at"]
        if told["played_s"] > self._played_s:
            self._played_s, self._last_progress_at = told["played_s"], time.monotonic()
        ended_at = told["ended_at"]
        if ended_at is not None:
            self._over.wait(max(0.0, ended_at - time.monotonic()))
            was_cut = ended_at - self._opened_at < self.duration_s - _CUT_SHORT_S
            self._finish(ended_at, _GONE if was_cut else None)

    def _watch(self) -> None:
        """See when nothing moves any more."""
        while not self._over.wait(_POLL_S):
            if time.monotonic() - self._last_progress_at > STUCK_S:
                self._finish(time.monotonic(), _GONE)
                self._process.end()

    def _finish(self, ended_at: float, fault: str | None) -> None:
        with self._lock:
            if not self._over.is_set():
                self._ended_at, self.fault = ended_at, fault
                self._over.set()


@dataclass(frozen=True)
class SoundPlayer:
    """A loudspeaker by name or part of it; None is the system's choice."""

    device: str | None = None

    def play(self, audio: Audio) -> Playing:
        """Start playing; returns when the loudspeaker is open. Raises DeviceFault, UnknownName."""
        pcm = np.clip(np.round(audio.samples * 32_768), -32_768, 32_767).astype("<i2").tobytes()
        process = SoundProcess("play", self.device)
        order = {"rate_hz": audio.rate_hz, "frames": len(audio.samples)}
        with contextlib.suppress(OSError):  # it died: `opened` says why
            process.stdin.write(json.dumps(order).encode() + b"\n" + pcm)
            process.stdin.flush()
        process.opened()
        return Playing(process, audio.duration_s)
