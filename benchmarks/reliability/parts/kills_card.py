"""Kills at random moments of real interviews over a virtual sound card."""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import numpy as np
import soundfile
from sound_rig import SoundRig, sound_rig
from terminal import Terminal

from mock_interviewer import wiring
from mock_interviewer.settings import Home
from mock_interviewer.wiring import past, unfinished
from reliability.frame import Options, Tried
from reliability.lanes import MOST_MISSING_S, found_wrong_files, stamps
from reliability.noise import is_of, noise, playing_on

NAME = "kills_card"
PLACE = 100
PROMISE = "The program is killed while somebody speaks: at most 1.0 s is missing, the rest is there"
HOW = (
    "SIGKILL at a random moment of 'interview' in a terminal, over PulseAudio null sinks; then the "
    "next start, which offers the answer"
)
TRIES, AT_ONCE = 60, 3
FIRST_SOUND_S = 60.0


def run(options: Options) -> Tried:
    """Some at once, each in a home of its own, on one sound card."""
    sound = noise(options.seed)
    tries, dice = options.times(TRIES), options.dice()
    seeds = [dice.randrange(1 << 30) for _ in range(tries)]
    with (
        sound_rig(options.folder / "rig") as rig,
        playing_on(rig, sound, options.folder),
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        found = list(
            pool.map(
                lambda n: _killed(rig, options.folder / f"home{n}", seeds[n], sound),
                range(tries),
            )
        )
    faults = [fault for fault, _ in found if fault]
    print(*faults, sep="\n", file=sys.stderr)
    missing = sorted(missing_s for _, missing_s in found)
    notes = (f"missing: median {missing[len(missing) // 2]:.2f} s, most {missing[-1]:.2f} s",)
    return Tried(tries, len(faults), notes)


def _killed(rig: SoundRig, folder: Path, seed: int, sound: np.ndarray) -> tuple[str, float]:
    """What is wrong after one kill (nothing: empty), and how many seconds are missing."""
    dice, home = Random(seed), Home(folder)
    wiring.new_session(home).write_state({"questions": []})  # an earlier one
    before = stamps(home)
    terminal = Terminal(
        rig, folder, "missed-deadline", "--silent", "--engine", "sphinx", "--probes", "0"
    )
    try:
        recording, began_at = _first_sound(terminal, folder)
        lives_s = dice.uniform(0.2, 4.0)
        while (left_s := began_at + lives_s - time.monotonic()) > 0:
            terminal.look(min(0.05, left_s))
    finally:
        spoken_s = time.monotonic() - began_at
        os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
        os.close(terminal.master)
    time.sleep(0.5)  # children that outlive it must not
    samples, rate_hz = soundfile.read(recording, dtype="float64")
    missing_s = max(0.0, spoken_s - len(samples) / rate_hz)
    faults = []
    if missing_s > MOST_MISSING_S:
        faults.append(f"{recording}: {missing_s:.2f} s are missing")
    if not is_of(samples, sound):
        faults.append(f"{recording} is not what was played")
    if [answer.recording for answer in unfinished.unfinished(home)] != [recording]:
        faults.append(f"{recording} was not offered")
    faults += found_wrong_files(home, before)
    past.history(home)
    return "; ".join(faults), missing_s


def _first_sound(terminal: Terminal, folder: Path) -> tuple[Path, float]:
    """The recording as soon as there is something in it."""
    until = time.monotonic() + FIRST_SOUND_S
    while time.monotonic() < until:
        terminal.look(0.02)
        for path in folder.glob("sessions/*/q1-*/take1.wav"):
            if path.stat().st_size > 44:
                return path, time.monotonic()
    raise AssertionError(f"nothing was recorded:\n{terminal.shown[-2000:]}")
