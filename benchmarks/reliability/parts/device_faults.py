"""What a microphone can do to an answer, by the clock: each fault at a random moment."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from random import Random

import numpy as np
import soundfile

from mock_interviewer.adapters import sound_stream
from mock_interviewer.adapters.audio_files import RATE_HZ
from mock_interviewer.adapters.microphone import Microphone
from mock_interviewer.core.sound_heard import Fault, FaultKind
from reliability.frame import Options, Tried
from reliability.timed import Int16, TimedProcess, is_unbroken, ramp

NAME = "device_faults"
PLACE = 200
PROMISE = (
    "Whatever a microphone does, what was said is kept, one line tells it within 2 s, and the same "
    "answer goes on: by itself, or with the next microphone"
)
HOW = (
    "timed source that at a random moment falls silent, gives exact zeros, loses 0.5 s, clips, or "
    "never gives a block"
)
TRIES, AT_ONCE = 100, 10
TOLD_WITHIN_S, PATIENCE_S, MORE_S = 2.0, 20.0, 0.4
GAP_S = 0.5
KINDS = {
    "stall": FaultKind.STOPPED,
    "zeros": FaultKind.ZEROS,
    "gap": FaultKind.GAPS,
    "clip": FaultKind.CLIPPING,
    "never": FaultKind.NO_SOUND,
}
"""What the source does, and what is told of it."""


class FaultyProcess(TimedProcess):
    """The device's name says what it does: 'zeros-12-2.5' from 2.5 s on; opened again, it is well.

    The next device after it is well too.
    """

    opened_before: set[str] = set()  # noqa: RUF012

    def __init__(self, task: str, device: str | None) -> None:
        name = device or ""
        is_ill = task == "record" and name not in self.opened_before and "-" in name
        self.opened_before.add(name)
        self._kind, self._at = ("well", 0)
        if is_ill:
            kind, _, at_s = name.split("-")
            self._kind, self._at = kind, round(float(at_s) * RATE_HZ)
        self._name = name
        super().__init__(task, device, sound=self._give_sound, late_s=self._hold_back)

    def opened(self, deadline_s: float = 0.0) -> dict[str, object]:
        return super().opened(deadline_s) | {"device": self._name}

    def _give_sound(self, first: int, frames: int) -> Int16:
        if self._kind == "zeros" and first >= self._at:
            return np.zeros(frames, np.int16)
        if self._kind == "clip" and first >= self._at:
            return np.full(frames, 32_767, np.int16)
        return ramp(first, frames)

    def _hold_back(self, first: int) -> float:
        if self._kind == "never" or (self._kind == "stall" and first >= self._at):
            return float("inf")
        return GAP_S if self._kind == "gap" and first >= self._at else 0.0


def run(options: Options) -> Tried:
    """Several microphones at once, for most of it is waiting."""
    vars(sound_stream)["SoundProcess"] = FaultyProcess
    tries, dice = options.times(TRIES), options.dice()
    kinds = [list(KINDS)[number % len(KINDS)] for number in range(tries)]
    seeds = [dice.randrange(1 << 30) for _ in kinds]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = zip(kinds, seeds, count(), strict=False)
        found = list(pool.map(lambda job: _tried(options.folder, *job), jobs))
    faults = [fault for fault, _ in found if fault]
    print(*faults, sep="\n", file=sys.stderr)
    late_s = max(told_s for _, told_s in found)
    return Tried(tries, len(faults), (f"told after {late_s:.1f} s at the latest",))


def _tried(folder: Path, kind: str, seed: int, number: int) -> tuple[str, float]:
    """What went wrong (nothing: empty), and how long it took to be told."""
    at_s = round(Random(seed).uniform(3.0, 5.0), 2)  # as long as lateness takes to be known
    told: dict[FaultKind, float] = {}
    heard = threading.Event()

    def hear(fault: Fault) -> None:
        told.setdefault(fault.kind, time.monotonic())
        heard.set()

    path = folder / f"{number}.wav"
    with Microphone(f"{kind}-{number}-{at_s}", hear) as microphone:
        opened_at = time.monotonic()
        microphone.begin(path, opened_at)
        expected = KINDS[kind]
        if not _until(lambda: expected in told):
            return f"{kind}: nothing was told", PATIENCE_S
        ill_at = opened_at + (0.0 if kind == "never" else at_s)
        told_s = told[expected] - ill_at
        kept_s = microphone.recorded_s
        if kind in ("zeros", "clip"):
            microphone.change()
        if kind != "gap" and not _until(lambda: FaultKind.RESUMED in told):
            return f"{kind}: the sound never came back", told_s
        if not _until(lambda: microphone.recorded_s > kept_s + MORE_S):
            return f"{kind}: the answer did not go on", told_s
        take = microphone.end()
    samples, _ = soundfile.read(take.path, dtype="int16")
    before = samples[: round((at_s - 0.2) * RATE_HZ)] if kind != "never" else samples[:1]
    if len(before) < 1 or not is_unbroken(np.asarray(before)):
        return f"{kind}: what was said before is not whole", told_s
    if told_s > TOLD_WITHIN_S:
        return f"{kind}: told only after {told_s:.2f} s", told_s
    return "", told_s


def _until(is_so: object) -> bool:
    until = time.monotonic() + PATIENCE_S
    while not is_so():  # type: ignore[operator]
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
