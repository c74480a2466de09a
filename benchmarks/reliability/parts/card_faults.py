"""What a sound system can do to an answer: over PulseAudio, with the real recorder."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from sound_rig import SoundRig, sound_rig

from mock_interviewer.adapters import sound_stream
from mock_interviewer.adapters.microphone import Microphone
from mock_interviewer.adapters.sound_process import SoundProcess
from mock_interviewer.core.sound_heard import Fault, FaultKind
from reliability.frame import Options, Tried

NAME = "card_faults"
PLACE = 210
PROMISE = (
    "The microphone is pulled out, or the sound system dies or hands over a silent device: told "
    "within 2 s, and the same answer goes on as soon as there is sound again"
)
HOW = "PulseAudio: source removed and put back, server killed and started again, stream moved away"
TRIES = 12
TOLD_WITHIN_S, PATIENCE_S, SPOKEN_S = 2.0, 40.0, 1.5
RATE_HZ = 16_000
REMAPPED = ("module-remap-source", "master=room.monitor", "source_name=virtmic")
SILENT = ("module-null-sink", "sink_name=silent", "rate=48000")


class _Heard:
    """What the microphone told, and when."""

    def __init__(self) -> None:
        self.at: dict[FaultKind, float] = {}

    def __call__(self, fault: Fault) -> None:
        self.at.setdefault(fault.kind, time.monotonic())


def run(options: Options) -> Tried:
    """One after the other, each on a sound system of its own."""
    vars(sound_stream)["SoundProcess"] = SoundProcess  # whatever a part before put there
    noise = options.folder / "noise.wav"
    rng = np.random.default_rng(options.seed)
    soundfile.write(noise, rng.normal(0, 0.1, 60 * RATE_HZ), RATE_HZ)
    kinds: tuple[Callable[[Path, Path, Path], tuple[str, float]], ...] = (
        _source_removed,
        _server_killed,
        _moved_to_silence,
    )
    faults, late_s, tries = [], 0.0, options.times(TRIES)
    for number in range(tries):
        folder = options.folder / f"rig{number}"
        fault, told_s = kinds[number % len(kinds)](folder, noise, options.folder / f"{number}.wav")
        late_s = max(late_s, told_s)
        if fault:
            faults.append(fault)
            print(fault, file=sys.stderr)
    return Tried(tries, len(faults), (f"told after {late_s:.1f} s at the latest",))


def _pactl(rig: SoundRig, *command: str) -> str:
    asked = subprocess.run(
        ["pactl", *command], env=rig.environment, capture_output=True, text=True, timeout=10
    )
    return asked.stdout


def _module_of(rig: SoundRig, mark: str) -> str:
    lines = _pactl(rig, "list", "short", "modules").splitlines()
    return next(line.split()[0] for line in lines if mark in line)


def _source_removed(folder: Path, noise: Path, path: Path) -> tuple[str, float]:
    heard = _Heard()
    with sound_rig(folder) as rig, _speaking(rig, noise), Microphone(on_fault=heard) as microphone:
        fault = _begun(microphone, path)
        before_s, removed_at = microphone.recorded_s, time.monotonic()
        _pactl(rig, "unload-module", _module_of(rig, "source_name=virtmic"))
        # some sound systems hand the stream over to another device: then nothing is to be told
        silence = (FaultKind.STOPPED, FaultKind.ZEROS)
        _until(
            lambda: (
                any(kind in heard.at for kind in silence)
                or microphone.recorded_s > before_s + 2 * SPOKEN_S
            )
        )
        told = [heard.at[kind] for kind in silence if kind in heard.at]
        _pactl(rig, "load-module", *REMAPPED)
        if not told and microphone.recorded_s <= before_s + 2 * SPOKEN_S:
            return "source removed: nothing was told", PATIENCE_S
        told_s = min(told) - removed_at if told else 0.0
        return fault or _gone_on(microphone, "source removed", told_s), told_s


def _server_killed(folder: Path, noise: Path, path: Path) -> tuple[str, float]:
    heard = _Heard()
    with sound_rig(folder) as rig:
        with _speaking(rig, noise):
            microphone = Microphone(on_fault=heard).__enter__()
            fault = _begun(microphone, path)
        killed_at = time.monotonic()
        rig.kill()
        stopped = _until(lambda: FaultKind.STOPPED in heard.at)
    try:
        if not stopped:
            return "server killed: nothing was told", PATIENCE_S
        told_s = heard.at[FaultKind.STOPPED] - killed_at
        (folder / "s").unlink(missing_ok=True)
        with sound_rig(folder) as rig, _speaking(rig, noise):
            return fault or _gone_on(microphone, "server killed", told_s), told_s
    finally:
        microphone.close()


def _moved_to_silence(folder: Path, noise: Path, path: Path) -> tuple[str, float]:
    heard = _Heard()
    with sound_rig(folder) as rig, _speaking(rig, noise), Microphone(on_fault=heard) as microphone:
        _pactl(rig, "load-module", *SILENT)
        fault = _begun(microphone, path)
        stream = _pactl(rig, "list", "short", "source-outputs").split()[0]
        outputs = [
            line.split()[0]
            for line in _pactl(rig, "list", "short", "source-outputs").splitlines()
            if "alsa" in line.lower() or "protocol-native" in line.lower()
        ]
        moved_at = time.monotonic()
        for output in outputs or [stream]:
            _pactl(rig, "move-source-output", output, "silent.monitor")
        if not _until(lambda: FaultKind.ZEROS in heard.at or FaultKind.STOPPED in heard.at):
            return "moved to silence: nothing was told", PATIENCE_S
        told_s = min(heard.at.values()) - moved_at
        kept_s = microphone.recorded_s
        for output in outputs or [stream]:
            _pactl(rig, "move-source-output", output, "virtmic")
        if not _until(lambda: microphone.recorded_s > kept_s + SPOKEN_S):
            return "moved to silence: the answer did not go on", told_s
        return fault or _ended(microphone, "moved to silence", told_s), told_s


@contextmanager
def _speaking(rig: SoundRig, noise: Path) -> Iterator[None]:
    with rig.saying(noise):
        yield


def _begun(microphone: Microphone, path: Path) -> str:
    microphone.wait_until_live(PATIENCE_S)
    microphone.begin(path, time.monotonic())
    return "" if _until(lambda: microphone.recorded_s > SPOKEN_S) else f"{path}: nothing came"


def _gone_on(microphone: Microphone, what: str, told_s: float) -> str:
    before_s = microphone.recorded_s
    if not _until(lambda: microphone.recorded_s > before_s + SPOKEN_S):
        return f"{what}: the answer did not go on"
    return _ended(microphone, what, told_s)


def _ended(microphone: Microphone, what: str, told_s: float) -> str:
    take = microphone.end()
    samples, rate_hz = soundfile.read(take.path)
    if abs(len(samples) / rate_hz - take.duration_s) > 0.01 or take.duration_s < 2 * SPOKEN_S:
        return f"{what}: only {take.duration_s:.2f} s were kept"
    return "" if told_s <= TOLD_WITHIN_S else f"{what}: told only after {told_s:.2f} s"


def _until(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_S
    wait = threading.Event()
    while not is_so():
        if time.monotonic() > until:
            return False
        wait.wait(0.01)
    return True
