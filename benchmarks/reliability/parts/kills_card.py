"""Kills at random moments of real interviews over a virtual sound card."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import numpy as np
import soundfile
from sound_rig import SoundRig, best_match, sound_rig
from terminal import Terminal

from mock_interviewer import wiring
from mock_interviewer.settings import Home
from mock_interviewer.wiring import past, unfinished
from reliability.frame import Options, Tried
from reliability.lanes import MOST_MISSING_S, found_wrong_files, stamps

NAME = "kills_card"
PLACE = 100
PROMISE = "The program is killed while somebody speaks: at most 1.0 s is missing, the rest is there"
HOW = (
    "SIGKILL at a random moment of 'interview' in a terminal, over PulseAudio null sinks; then the "
    "next start, which offers the answer"
)
TRIES, AT_ONCE = 60, 3
RATE_HZ = 16_000
NOISE_S = 20.0
FIRST_SOUND_S = 60.0
LEAST_LIKENESS = 0.9
PIECE = RATE_HZ // 5


def run(options: Options) -> Tried:
    """Some at once, each in a home of its own, on one sound card."""
    white = np.random.default_rng(options.seed).normal(0, 0.3, round(NOISE_S * RATE_HZ))
    noise = np.convolve(white, np.ones(16) / 16, mode="same")  # survives another rate
    path = options.folder / "noise.wav"
    soundfile.write(path, noise, RATE_HZ)
    tries, dice = options.times(TRIES), options.dice()
    seeds = [dice.randrange(1 << 30) for _ in range(tries)]
    with sound_rig(options.folder / "rig") as rig:
        ended = threading.Event()
        player = threading.Thread(target=_play_on, args=(rig, path, ended))
        player.start()
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                found = list(
                    pool.map(
                        lambda n: _killed(rig, options.folder / f"home{n}", seeds[n], noise),
                        range(tries),
                    )
                )
        finally:
            ended.set()
            player.join()
    faults = [fault for fault, _ in found if fault]
    print(*faults, sep="\n", file=sys.stderr)
    missing = sorted(missing_s for _, missing_s in found)
    notes = (f"missing: median {missing[len(missing) // 2]:.2f} s, most {missing[-1]:.2f} s",)
    return Tried(tries, len(faults), notes)


def _play_on(rig: SoundRig, path: Path, ended: threading.Event) -> None:
    """The same noise again and again, so that what was recorded is found in it."""
    while not ended.is_set():
        with rig.saying(path) as player:
            while player.poll() is None and not ended.wait(0.1):
                pass


def _killed(rig: SoundRig, folder: Path, seed: int, noise: np.ndarray) -> tuple[str, float]:
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
    if not _is_of(samples, noise):
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


def _is_of(samples: np.ndarray, noise: np.ndarray) -> bool:
    """True if what was recorded is what was played, as far as most fifths of a second tell.

    Between two times the noise is played there is a moment of nothing.
    """
    twice = np.concatenate((noise, noise))
    pieces = [samples[at : at + PIECE] for at in range(0, len(samples) - PIECE, PIECE)][-15:]
    alike = [best_match(twice, piece)[1] > LEAST_LIKENESS for piece in pieces if np.any(piece)]
    return not alike or 2 * sum(alike) > len(alike)
