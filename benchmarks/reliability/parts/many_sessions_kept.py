"""Ten thousand sessions: everything that looks through them takes time in proportion."""

from __future__ import annotations

import time
from collections.abc import Callable

from many_sessions import make_many

from mock_interviewer import wiring
from mock_interviewer.adapters import under_way
from mock_interviewer.settings import Home
from mock_interviewer.wiring import past, unfinished
from reliability.frame import Options, Tried

NAME = "many_sessions"
PLACE = 320
PROMISE = "With ten thousand sessions nothing is lost and nothing gets slower beyond proportion"
HOW = "history made, looked at again, and searched for what broke off; against a thousand sessions"
FEW, MANY = 1_000, 10_000
MOST_RATIO = 1.6


def run(options: Options) -> Tried:
    """The same looks at both."""
    many = max(FEW * 2, options.times(MANY))
    looks: dict[str, Callable[[Home], object]] = {
        "made": past.history,
        "again": past.history,
        "start": _start,
    }
    spent_s: dict[int, dict[str, float]] = {}
    faults = []
    for count in (FEW, many):
        home = Home(options.folder / str(count))
        make_many(home, count)
        under_way.mark(home.sessions / wiring.sessions(home).names()[count // 2])
        spent_s[count] = {}
        for name, look in looks.items():
            began_s = time.process_time()
            look(home)
            spent_s[count][name] = time.process_time() - began_s
        known = len(past.history(home).answers)
        if known != count:
            faults.append(f"history knows {known} of {count}")
    notes = []
    for name in looks:
        few_s, many_s = spent_s[FEW][name], spent_s[many][name]
        notes.append(f"{name} {few_s:.2f} s and {many_s:.2f} s")
        if many_s / max(few_s, 0.01) > MOST_RATIO * many / FEW:
            faults.append(f"{name} is beyond proportion")
    return Tried(len(looks) * 2, len(faults), (*notes, *faults))


def _start(home: Home) -> None:
    """What an interview looks at before it begins."""
    unfinished.unfinished(home)
    wiring.did_last_break_off(home)
    wiring.unfinished_session(home)
