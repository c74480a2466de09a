"""A long day in one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from reliability.frame import NotHere, Options, Tried

NAME = "soak"
PROMISE = "Eight hours of interviews in one process leave nothing behind but the sessions"
HOW = (
    "recorded sound and a clock as fast as the machine can: memory under 5 % more in the last "
    "tenth than in the second, no file and no thread left open, every session whole"
)
PLACE = 440
HOURS = 8.0
MOST_GROWTH = 0.05


def run(options: Options) -> Tried:
    """The day in a process of its own, because memory is looked at. Raises NotHere."""
    if not os.path.isdir("/proc/self/fd"):
        raise NotHere("memory and open files are read from /proc, which is not there")
    command = [sys.executable, "-m", "reliability.long_day", str(options.folder)]
    done = subprocess.run(
        [*command, str(HOURS * options.share)],
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    told = json.loads(done.stdout)
    (before_mb, after_mb) = told["memory_mb"]
    growth = after_mb / before_mb - 1
    lost = [*told["damaged"], *told["lines"]]
    if growth > MOST_GROWTH:
        lost.append(f"memory grew by {growth:.1%}")
    lost += [f"{name} left open" for name in ("files", "threads") if told[name][1] > told[name][0]]
    for line in lost:
        print(line, file=sys.stderr)
    return Tried(
        told["interviews"],
        len(lost),
        (
            f"{told['hours']:g} h, {told['recorded_h']:g} h of them recorded",
            f"memory {before_mb:g} MB, then {after_mb:g} MB",
            f"open files {told['files'][1]}",
            f"threads {told['threads'][1]}",
        ),
    )
