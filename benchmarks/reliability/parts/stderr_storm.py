"""The sound system prints without end while somebody speaks."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random

import soundfile
from processes import memory_mb
from sound_rig import sound_rig

from mock_interviewer.adapters import sound_stream
from mock_interviewer.adapters.microphone import Microphone
from mock_interviewer.adapters.sound_process import SoundProcess
from reliability.frame import Options, Tried
from reliability.noise import is_of, noise, playing_on
from reliability.waiting import until

NAME = "stderr_storm"
PLACE = 220
PROMISE = (
    "The sound system may print gigabytes while somebody speaks: nothing is lost, and neither the "
    "memory nor the disk fills up"
)
HOW = (
    "recorders over PulseAudio in which a thread writes 1 GB of PortAudio's error lines to stderr "
    "from a random moment on"
)
TRIES, AT_ONCE = 20, 2
STORM_BYTES = 1_000_000_000
MOST_BEFORE_S, LONGER_S = 1.5, 1.0
"""So long at most is recorded before the storm, and so long after it."""
PATIENCE_S = 60.0
TOLD = "told"
MOST_MISSING_S, MOST_GROWN_MB, MOST_BESIDE_BYTES = 1.0, 50.0, 100_000
STORM = Path(__file__).parent.parent / "storm"


def run(options: Options) -> Tried:
    """Some at once on one sound card."""
    vars(sound_stream)["SoundProcess"] = SoundProcess  # whatever a part before put there
    tries, dice = options.times(TRIES), options.dice()
    seeds = [dice.randrange(1 << 30) for _ in range(tries)]
    size = STORM_BYTES if options.share == 1.0 else STORM_BYTES // 50
    sound = noise(options.seed)
    with (
        sound_rig(options.folder / "rig") as rig,
        playing_on(rig, sound, options.folder),
        _stormy(options.folder, size),
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        if tries > 1:  # what is loaded once is loaded
            _stormed(options.folder / "first.wav", 0)
        before_mb = memory_mb(os.getpid())
        paths = [options.folder / f"{number}.wav" for number in range(tries)]
        found = list(pool.map(_stormed, paths, seeds))
        grown_mb = memory_mb(os.getpid()) - before_mb
    faults = [
        fault or f"{path.name} is not what was played"
        for path, fault in zip(paths, found, strict=True)
        if fault or not is_of(soundfile.read(path)[0], sound)
    ]
    if grown_mb > MOST_GROWN_MB:
        faults.append(f"memory grew by {grown_mb:.0f} MB")
    beside = sum(path.stat().st_size for path in (options.folder / TOLD).iterdir())
    if beside > MOST_BESIDE_BYTES:
        faults.append(f"{beside} bytes were kept of it")
    print(*faults, sep="\n", file=sys.stderr)
    notes = (f"{size * tries / 1e9:.3g} GB printed", f"memory grew by {max(0, grown_mb):.0f} MB")
    return Tried(tries, len(faults), notes)


@contextmanager
def _stormy(folder: Path, size: int) -> Iterator[None]:
    """Every recorder that is started meanwhile prints so many bytes."""
    told = folder / TOLD
    told.mkdir()
    path = os.pathsep.join((str(STORM), *filter(None, [os.environ.get("PYTHONPATH")])))
    before = {name: os.environ.get(name) for name in ("PYTHONPATH", "STORM")}
    os.environ.update({"PYTHONPATH": path, "STORM": f"{size}:{told}"})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _stormed(path: Path, seed: int) -> str:
    """What is wrong with one recording (nothing: empty)."""
    with Microphone() as microphone:
        if not microphone.wait_until_live(PATIENCE_S):
            return f"{path.name}: no sound came"
        over = path.parent / TOLD / str(microphone._process.pid)
        began_at = time.monotonic()
        microphone.begin(path, began_at)
        time.sleep(Random(seed).uniform(0.0, MOST_BEFORE_S))
        over.with_suffix(".go").touch()
        if until(over.exists, PATIENCE_S) is None:
            return f"{path.name}: the storm never ended"
        time.sleep(LONGER_S)
        said_s = time.monotonic() - began_at
        take = microphone.end()
    samples, rate_hz = soundfile.read(path)
    missing_s = said_s - len(samples) / rate_hz
    if missing_s > MOST_MISSING_S or take.faults:
        told = ", ".join(fault.kind.value for fault in take.faults)
        return f"{path.name}: {missing_s:.2f} s are missing ({told or 'nothing told'})"
    return ""
