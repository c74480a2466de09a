"""Try the promises and keep what came of it."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from reliability.frame import NotHere, Options, Part, Tried, all_parts
from reliability.kept import keep, table, write_table

LEAST_PRIORITY = 10


def main() -> int:
    """The exit status: 1 if anything was lost or a part broke down."""
    parser = argparse.ArgumentParser(prog="reliability")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME[,NAME]")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="name the parts, try nothing")
    parser.add_argument("--table", action="store_true", help="make the table anew, try nothing")
    options = parser.parse_args()
    parts = all_parts()
    if options.list:
        for part in parts:
            print(f"{part.NAME:24} {part.PROMISE}")
        return 0
    names = {part.NAME for part in parts}
    only = [name for given in options.only for name in given.split(",") if name]
    unknown = [name for name in only if name not in names]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(sorted(names))}")
    is_sound = True
    if not options.table:
        chosen = [part for part in parts if not only or part.NAME in only]
        beside = [part for part in chosen if len(chosen) > 1 and hasattr(part, "GOES_BESIDE")]
        with started(beside, options.share, options.seed) as processes:
            # a list, so that one part that loses something does not spare the others
            is_sound = all(
                [
                    tried_and_kept(part, options.share, options.seed)
                    for part in chosen
                    if part not in beside
                ]
            )
            is_sound = all([process.wait() == 0 for process in processes]) and is_sound
    if options.share == 1.0:
        write_table(parts)
    print(table(parts))
    return 0 if is_sound else 1


@contextmanager
def started(
    parts: Sequence[Part], share: float, seed: int
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Each in a process of its own, after everybody else; none of them outlives the block."""
    command = [sys.executable, "-m", "reliability", "--share", str(share), "--seed", str(seed)]
    processes = [
        subprocess.Popen(
            [*command, "--only", part.NAME],
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # so that what it has started can be ended with it
            preexec_fn=partial(os.nice, LEAST_PRIORITY),
        )
        for part in parts
    ]
    try:
        yield processes
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def tried_and_kept(part: Part, share: float, seed: int) -> bool:
    """True if nothing was lost; a part that this machine cannot try is told and left out."""
    print(f"{part.NAME} ...", file=sys.stderr, flush=True)
    began_s, began_cpu_s = time.monotonic(), processor_s()
    with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
        try:
            tried: Tried = part.run(Options(Path(folder), share, seed))
        except (NotHere, pytest.skip.Exception) as reason:
            print(f"{part.NAME}: not tried, {reason}", file=sys.stderr)
            return True
        except Exception:  # the others are tried all the same
            traceback.print_exc()
            return False
    took_s, cpu_s = time.monotonic() - began_s, processor_s() - began_cpu_s
    told = f"{part.NAME}: {tried.tried} tried, {tried.lost} lost, {took_s:.0f} s, {cpu_s:.0f} s CPU"
    print(told, *tried.notes, sep="; ", file=sys.stderr, flush=True)
    if share == 1.0:
        keep(part, tried, took_s, cpu_s)
    return tried.lost == 0


def processor_s() -> float:
    """Of this process and of those that it has waited for."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    sys.exit(main())
