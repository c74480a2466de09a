"""Kills at random moments of interviews at a timed microphone."""

from __future__ import annotations

from reliability.frame import Options, Tried
from reliability.lanes import killed

NAME = "kills_timed"
PLACE = 110
PROMISE = (
    "A kill at any moment costs at most 1.0 s of the answer; every session opens, no earlier one "
    "is touched, history says the same, and the next start offers the answer"
)
HOW = (
    "SIGKILL at a random moment of interviews in a row (timed source; recording, JSON, SQLite and "
    "finishing of answers that broke off)"
)
TRIES, LANES = 1_000, 10


def run(options: Options) -> Tried:
    """Several homes at once."""
    tries = options.times(TRIES)
    recording, faults = killed(options.folder, tries, options.seed, min(LANES, tries))
    return Tried(tries, len(faults), (f"{recording} of them while somebody spoke",))
