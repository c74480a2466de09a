"""The history's SQLite file with random bytes flipped, cut off, or left with an old journal."""

from __future__ import annotations

import sys
from random import Random

from many_sessions import make_many

from mock_interviewer.core.progress import Progress
from mock_interviewer.settings import Home
from mock_interviewer.wiring import past
from reliability.frame import Options, Tried

NAME = "index_flips"
PLACE = 130
PROMISE = "Whatever happens to the history's SQLite file, history says what the sessions say"
HOW = "1 to 200 random bytes flipped, the file cut off, or an old journal beside it; then 'history'"
TRIES, SESSIONS = 400, 12


def run(options: Options) -> Tried:
    """Each time from a whole file."""
    home = Home(options.folder / "home")
    make_many(home, SESSIONS)
    right = past.history(home)
    path = home.path / "index.sqlite"
    whole, dice = path.read_bytes(), options.dice()
    lost, read_again = 0, 0
    for _ in range(options.times(TRIES)):
        path.write_bytes(_damaged(whole, dice))
        if dice.random() < 0.1:
            path.with_name(path.name + "-journal").write_bytes(dice.randbytes(3_000))
        lost += _told(home) != right
        read_again += path.read_bytes() != whole
    return Tried(options.times(TRIES), lost, (f"{read_again} times made again",))


def _told(home: Home) -> Progress | None:
    try:
        return past.history(home)
    except Exception as error:  # whatever it is, the person sees no history
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return None


def _damaged(whole: bytes, dice: Random) -> bytes:
    if dice.random() < 0.1:
        return whole[: dice.randrange(len(whole))]
    damaged = bytearray(whole)
    for _ in range(dice.randint(1, 200)):
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    return bytes(damaged)
