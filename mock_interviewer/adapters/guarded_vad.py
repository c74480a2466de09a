"""The voice detector beside the recording: should it hang or fail, the recording never does.

The network runs in a thread of its own. Mostly its answer is there at once; one that is late by
LATE_S, or fails, is given up and a second network is started for what was not answered. If that
goes the same way, loudness decides from there on: rough, and enough to go on with.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from mock_interviewer.adapters.vad import FRAME_SAMPLES, VadStream
from mock_interviewer.ports import Samples

Probabilities = npt.NDArray[np.float32]
LATE_S = 5.0
MOST_STARTS = 2
_AT_ONCE_S = 0.05
"""So long a block waits for its answer, which takes a hundredth of that."""
LOUD_OVER_FLOOR_DB, QUIETEST_DB = 12.0, -50.0
LOUD, SOFT = 0.9, 0.1


class _Worker:
    """One network in its thread."""

    def __init__(self, network: Callable[[], VadStream]) -> None:
        self._asked: queue.Queue[Samples | None] = queue.Queue()
        self.told: queue.Queue[Probabilities | None] = queue.Queue()
        """An answer for each thing asked; None where the network failed."""
        threading.Thread(target=self._work, args=(network,), daemon=True).start()

    def ask(self, samples: Samples | None) -> None:
        """None asks for what is left at the end."""
        self._asked.put(samples)

    def _work(self, network: Callable[[], VadStream]) -> None:
        try:
            stream = network()
            while (samples := self._asked.get()) is not None:
                self.told.put(stream.push(samples))
            self.told.put(stream.finish())
        except Exception:  # no memory, a damaged network: whatever it is, it cannot go on
            self.told.put(None)


class GuardedVad:
    """Fed piece by piece like VadStream; always gives an answer for every frame in the end."""

    def __init__(self, network: Callable[[], VadStream] = VadStream) -> None:
        self._network = network
        self._worker: _Worker | None = _Worker(network)
        self._starts = 1
        self._open: deque[Samples | None] = deque()
        """What was asked and not answered."""
        self._late_from = time.monotonic()
        self._samples = self._frames = 0
        """Given in, and answered for."""
        self._loud: list[float] = []
        self._rest = np.zeros(0, np.float32)
        self._floor_db = 0.0

    def push(self, samples: Samples) -> Probabilities:
        """The probabilities that are known now, 32 ms each."""
        self._samples += len(samples)
        self._loud += self._loudness(samples)
        return self._ask(samples, _AT_ONCE_S)

    def finish(self) -> Probabilities:
        """Those of all frames that were not given yet, the last one filled up with silence."""
        if len(self._rest):
            self._loud += self._loudness(np.zeros(FRAME_SAMPLES - len(self._rest), np.float32))
        found = [self._ask(None, LATE_S)]
        while self._open:
            found.append(self._collected(LATE_S))
        frames = -(-self._samples // FRAME_SAMPLES)
        found.append(np.asarray(self._loud[self._frames : frames], np.float32))
        self._worker = None
        return np.concatenate(found)

    def _ask(self, samples: Samples | None, wait_s: float) -> Probabilities:
        if self._worker is None:
            return self._by_loudness()
        if not self._open:
            self._late_from = time.monotonic()
        self._open.append(samples)
        self._worker.ask(samples)
        return self._collected(wait_s)

    def _collected(self, wait_s: float) -> Probabilities:
        """What the network has answered; a new network, or loudness, if it does not."""
        found: list[Probabilities] = []
        until = time.monotonic() + wait_s
        while self._open and self._worker is not None:
            try:
                told = self._worker.told.get(timeout=max(0.0, until - time.monotonic()) or 1e-4)
            except queue.Empty:
                if time.monotonic() - self._late_from > LATE_S:
                    self._start_again()
                break
            if told is None:
                self._start_again()
                continue
            self._open.popleft()
            self._late_from = time.monotonic()
            self._frames += len(told)
            found.append(told)
        if self._worker is None:
            found.append(self._by_loudness())
        return np.concatenate(found) if found else np.zeros(0, np.float32)

    def _start_again(self) -> None:
        if self._starts == MOST_STARTS:
            self._worker = None
            self._open.clear()
            return
        self._starts += 1
        self._late_from = time.monotonic()
        self._worker = _Worker(self._network)
        for samples in self._open:
            self._worker.ask(samples)

    def _by_loudness(self) -> Probabilities:
        known = np.asarray(self._loud[self._frames :], np.float32)
        self._frames += len(known)
        return known

    def _loudness(self, samples: Samples) -> list[float]:
        """A guess for each whole frame: speech is louder than what is quietest so far."""
        whole = np.concatenate((self._rest, samples))
        count = len(whole) // FRAME_SAMPLES
        self._rest = whole[count * FRAME_SAMPLES :]
        found = []
        for frame in whole[: count * FRAME_SAMPLES].reshape(count, FRAME_SAMPLES):
            level_db = 10 * np.log10(float(np.mean(np.square(frame))) + 1e-12)
            self._floor_db = min(self._floor_db, level_db)
            threshold_db = max(QUIETEST_DB, self._floor_db + LOUD_OVER_FLOOR_DB)
            found.append(LOUD if level_db > threshold_db else SOFT)
        return found
