"""The lid is closed while somebody speaks, or something else holds the program."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import soundfile
from sound_rig import SoundRig, sound_rig
from terminal import Terminal

from mock_interviewer.adapters import sound_stream, standstill
from mock_interviewer.adapters.audio_files import RATE_HZ
from mock_interviewer.adapters.microphone import Microphone
from mock_interviewer.adapters.sound_process import SoundProcess
from mock_interviewer.core.sound_heard import Fault, FaultKind
from reliability.frame import Options, Tried
from reliability.noise import is_of, noise, playing_on
from reliability.timed import TimedProcess, is_unbroken
from reliability.waiting import until

NAME = "suspend"
PLACE = 230
PROMISE = (
    "The computer sleeps, is held, or its clock jumps while somebody speaks: the answer is kept, "
    "one line tells it within 2 s, and the same answer goes on"
)
HOW = (
    "SIGSTOP of the recorder for good, or of 'interview' and all its processes for 4 to 6 s, over "
    "PulseAudio; by a timed source a clock that slept for an hour, or that jumps 10 s ahead or back"
)
TRIES, AT_ONCE = 25, 5
TOLD_WITHIN_S, MORE_S = 2.0, 1.5
SLEPT_S, JUMP_S = 3600.0, 10.0
TOLD = "asleep or stood still"
FIRST_SOUND_S = 60.0


def run(options: Options) -> Tried:
    """Each kind as often as the others."""
    tries, dice = options.times(TRIES), options.dice()
    kinds = ("recorder", "program", "slept", "ahead", "back")
    of = {kind: len(range(at, tries, len(kinds))) for at, kind in enumerate(kinds)}
    found = _slept(options.folder, of["slept"], dice)
    for kind, jump_s in (("ahead", JUMP_S), ("back", -JUMP_S)):
        seeds = [dice.randrange(1 << 30) for _ in range(of[kind])]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found += pool.map(partial(_jumped, options.folder, kind, jump_s), seeds)
    sound = noise(options.seed)
    vars(sound_stream)["SoundProcess"] = SoundProcess
    with (
        sound_rig(options.folder / "rig") as rig,
        playing_on(rig, sound, options.folder),
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        held = [(_recorder_held, rig)] * of["recorder"] + [(_program_held, rig)] * of["program"]
        seeds = [dice.randrange(1 << 30) for _ in held]
        jobs = zip(held, seeds, strict=True)
        found += pool.map(lambda job: job[0][0](rig, options.folder, job[1], sound), jobs)
    faults = [fault for fault, _ in found if fault]
    print(*faults, sep="\n", file=sys.stderr)
    late_s = max(told_s for _, told_s in found)
    return Tried(tries, len(faults), (f"told after {late_s:.1f} s at the latest",))


class _Heard:
    """What the microphone told, and when."""

    def __init__(self) -> None:
        self.told: list[tuple[FaultKind, float]] = []

    def __call__(self, fault: Fault) -> None:
        self.told.append((fault.kind, time.monotonic()))

    def at(self, kind: FaultKind) -> float | None:
        return next((at for told, at in self.told if told is kind), None)


# ---- clocks, by a timed source


def _slept(folder: Path, tries: int, dice: Random) -> list[tuple[str, float]]:
    """All at one time, for there is one clock: it went on for an hour, and the sound did not."""
    vars(sound_stream)["SoundProcess"] = TimedProcess
    real, slept = standstill.with_sleep_s, threading.Event()
    vars(standstill)["with_sleep_s"] = lambda: real() + (SLEPT_S if slept.is_set() else 0.0)
    heard = [_Heard() for _ in range(tries)]
    microphones = [Microphone(on_fault=each).__enter__() for each in heard]
    try:
        for number, microphone in enumerate(microphones):
            microphone.begin(folder / f"slept{number}.wav", time.monotonic())
        time.sleep(dice.uniform(1.0, 3.0))
        slept.set()
        slept_at = time.monotonic()
        found = [
            _went_on("slept", microphone, told, slept_at, FaultKind.STOOD_STILL)
            for microphone, told in zip(microphones, heard, strict=True)
        ]
    finally:
        for microphone in microphones:
            microphone.close()
        vars(standstill)["with_sleep_s"] = real
    return found


class _Jumping(TimedProcess):
    """Its clock jumps in mid-answer, as the sound does not: the device's name says when and how."""

    def __init__(self, task: str, device: str | None) -> None:
        at_s, jump_s = (float(part) for part in (device or "0:0").split(":"))
        super().__init__(
            task, device, jump_s=lambda first: jump_s if first >= at_s * RATE_HZ else 0.0
        )


def _jumped(folder: Path, kind: str, jump_s: float, seed: int) -> tuple[str, float]:
    """Ahead it looks as if sound was missing; back like nothing at all."""
    vars(sound_stream)["SoundProcess"] = _Jumping
    at_s, heard = round(Random(seed).uniform(2.0, 4.0), 2), _Heard()
    with Microphone(f"{at_s}:{jump_s}", heard) as microphone:
        began_at = time.monotonic()
        microphone.begin(folder / f"{kind}{seed}.wav", began_at)
        if until(lambda: microphone.recorded_s > at_s) is None:
            return f"{kind}: nothing came", 0.0
        told = FaultKind.GAPS if jump_s > 0 else None
        return _went_on(kind, microphone, heard, began_at + at_s, told)


def _went_on(
    what: str, microphone: Microphone, heard: _Heard, since: float, kind: FaultKind | None
) -> tuple[str, float]:
    """What is wrong with an answer in which every sample has its place, and when it was told."""
    if kind is not None and until(lambda: heard.at(kind) is not None) is None:
        return f"{what}: nothing was told", 0.0
    before_s = microphone.recorded_s
    if until(lambda: microphone.recorded_s > before_s + MORE_S) is None:
        return f"{what}: the answer did not go on", 0.0
    take = microphone.end()
    samples, _ = soundfile.read(take.path, dtype="int16")
    if not is_unbroken(np.asarray(samples)):
        return f"{what}: samples are missing", 0.0
    if [told for told, _ in heard.told] != [kind] * (kind is not None):
        return f"{what}: told {[told.value for told, _ in heard.told]}", 0.0
    told_at = heard.at(kind) if kind is not None else None
    return _in_time(what, 0.0 if told_at is None else told_at - since)


def _in_time(what: str, told_s: float) -> tuple[str, float]:
    late = f"{what}: told only after {told_s:.2f} s"
    return late if told_s > TOLD_WITHIN_S else "", told_s


# ---- processes that are held, over PulseAudio


def _recorder_held(rig: SoundRig, folder: Path, seed: int, sound: np.ndarray) -> tuple[str, float]:
    """The recorder alone: another one takes its place."""
    what, heard, held_from_s = "recorder held", _Heard(), Random(seed).uniform(1.0, 2.0)
    path = folder / f"recorder{seed}.wav"
    with Microphone(on_fault=heard) as microphone:
        microphone.wait_until_live(FIRST_SOUND_S)
        microphone.begin(path, time.monotonic())
        if until(lambda: microphone.recorded_s > held_from_s) is None:
            return f"{what}: nothing came", 0.0
        kept_s, held_at = microphone.recorded_s, time.monotonic()
        os.kill(microphone._process.pid, signal.SIGSTOP)
        if until(lambda: heard.at(FaultKind.STOPPED) is not None) is None:
            return f"{what}: nothing was told", 0.0
        told_s = (heard.at(FaultKind.STOPPED) or 0.0) - held_at
        if until(lambda: microphone.recorded_s > kept_s + MORE_S, FIRST_SOUND_S) is None:
            return f"{what}: the answer did not go on", told_s
        microphone.end()
    samples, _ = soundfile.read(path)
    if not is_of(samples, sound):
        return f"{what}: it is not what was played", told_s
    return _in_time(what, told_s)


def _program_held(rig: SoundRig, folder: Path, seed: int, sound: np.ndarray) -> tuple[str, float]:
    """The whole program, with everything that it started."""
    what, dice, home = "program held", Random(seed), folder / f"home{seed}"
    held_from_s = dice.uniform(1.0, 2.0)
    terminal = Terminal(
        rig, home, "missed-deadline", "--silent", "--engine", "sphinx", "--probes", "0"
    )

    def size_s() -> float:
        terminal.look(0.02)
        sizes = [path.stat().st_size for path in home.glob("sessions/*/q1-*/take1.wav")]
        return (sum(sizes) - 44) / 2 / RATE_HZ

    try:
        if until(lambda: size_s() > held_from_s, FIRST_SOUND_S) is None:
            return f"{what}: nothing was recorded", 0.0
        kept_s, family = size_s(), _family(terminal.process.pid)
        with _held(family):
            time.sleep(dice.uniform(4.0, 6.0))
        shown = len(terminal.shown)
        told_s = until(lambda: TOLD in _shown(terminal)[shown:])
        if told_s is None:
            return f"{what}: nothing was told", 0.0
        if until(lambda: size_s() > kept_s + MORE_S, FIRST_SOUND_S) is None:
            return f"{what}: the answer did not go on", told_s
    finally:
        with suppress(ProcessLookupError):
            os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
        os.close(terminal.master)
    (path,) = home.glob("sessions/*/q1-*/take1.wav")
    samples, _ = soundfile.read(path)
    if len(samples) / RATE_HZ < kept_s + MORE_S or not is_of(samples, sound):
        return f"{what}: what was said is not there", told_s
    return _in_time(what, told_s)


def _shown(terminal: Terminal) -> str:
    """All that it has shown by now."""
    terminal.look(0.02)
    return terminal.shown


def _family(pid: int) -> list[int]:
    """A process and all that came of it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
    return found


@contextmanager
def _held(family: list[int]) -> Iterator[None]:
    """None of them runs while the block lasts."""
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)
