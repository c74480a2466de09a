"""Try the promises and keep what came of it."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

import pytest

from reliability.frame import NotHere, Options, Part, Tried, all_parts
from reliability.kept import keep, table, write_table


def main() -> int:
    """The exit status: 1 if anything was lost or a part broke down."""
    parser = argparse.ArgumentParser(prog="reliability")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
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
    unknown = [name for name in options.only if name not in names]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(sorted(names))}")
    is_sound = True
    if not options.table:
        chosen = [part for part in parts if not options.only or part.NAME in options.only]
        # a list, so that one part that loses something does not spare the others
        is_sound = all([tried_and_kept(part, options.share, options.seed) for part in chosen])
    if options.share == 1.0:
        write_table(parts)
    print(table(parts))
    return 0 if is_sound else 1


def tried_and_kept(part: Part, share: float, seed: int) -> bool:
    """True if nothing was lost; a part that this machine cannot try is told and left out."""
    print(f"{part.NAME} ...", file=sys.stderr, flush=True)
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
        try:
            tried: Tried = part.run(Options(Path(folder), share, seed))
        except (NotHere, pytest.skip.Exception) as reason:
            print(f"{part.NAME}: not tried, {reason}", file=sys.stderr)
            return True
        except Exception:  # the others are tried all the same
            traceback.print_exc()
            return False
    took_s = time.monotonic() - began_s
    told = f"{part.NAME}: {tried.tried} tried, {tried.lost} lost, {took_s:.0f} s"
    print(told, *tried.notes, sep="; ", file=sys.stderr, flush=True)
    if share == 1.0:
        keep(part, tried, took_s)
    return tried.lost == 0


if __name__ == "__main__":
    sys.exit(main())
