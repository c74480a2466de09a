"""Noise that is played into the room again and again, and found in what was recorded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from sound_rig import SoundRig, best_match

RATE_HZ = 16_000
NOISE_S = 20.0
LEAST_LIKENESS = 0.9
PIECE = RATE_HZ // 5


def noise(seed: int) -> np.ndarray:
    """Twenty seconds of it, shape (n,), such as survives another rate."""
    white = np.random.default_rng(seed).normal(0, 0.3, round(NOISE_S * RATE_HZ))
    return np.convolve(white, np.ones(16) / 16, mode="same")


@contextmanager
def playing_on(rig: SoundRig, sound: np.ndarray, folder: Path) -> Iterator[None]:
    """It is heard in the room while the block lasts, with a moment of nothing between two times."""
    path = folder / "noise.wav"
    soundfile.write(path, sound, RATE_HZ)
    ended = threading.Event()

    def play_on() -> None:
        while not ended.is_set():
            with rig.saying(path) as player:
                while player.poll() is None and not ended.wait(0.1):
                    pass

    thread = threading.Thread(target=play_on)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def is_of(samples: np.ndarray, sound: np.ndarray) -> bool:
    """True if what was recorded is what was played, as far as most fifths of a second tell."""
    twice = np.concatenate((sound, sound))
    pieces = [samples[at : at + PIECE] for at in range(0, len(samples) - PIECE, PIECE)][-15:]
    alike = [best_match(twice, piece)[1] > LEAST_LIKENESS for piece in pieces if np.any(piece)]
    return not alike or 2 * sum(alike) > len(alike)
