"""Whatever a file or a request says, the answer is one plain line."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from reliability.frame import Options, Tried

NAME = "bad_input"
PROMISE = "No file and no request makes it fail with a traceback, hang, or eat the memory"
HOW = (
    "each reader under hypothesis, atheris and changed valid input: at least 100,000 cases each, "
    "1 s of processor time a case, 500 MB of address space"
)
PLACE = 400

READERS = (
    "page", "packs", "vtt", "audio", "session_json", "beside_a_take", "srt", "whisper_json",
    "practice", "replies", "text", "settings",
)  # fmt: skip
"""The slow ones first, so that two at a time end together."""
CASES = 100_000
BY_HYPOTHESIS = 1_000
BY_ATHERIS = 20_000
BY_ATHERIS_OF_SLOW, BY_HYPOTHESIS_OF_SLOW = 4_000, 100
AT_ONCE = 2
MOST_S = 1500.0
"""A child takes some minutes, more where others go first."""
GOES_BESIDE = True
"""It is all processor time, and told in it."""


@dataclass(frozen=True)
class Told:
    """What a child found."""

    reader: str
    cases: int
    slowest_s: float
    peak_mb: int
    faults: tuple[str, ...]


def run(options: Options) -> Tried:
    """Every reader with every engine."""
    has_atheris = importlib.util.find_spec("atheris") is not None
    tasks: list[tuple[str, str, int]] = []
    for reader in READERS:
        by_atheris = BY_ATHERIS_OF_SLOW if reader == "page" else BY_ATHERIS
        by_atheris *= has_atheris
        by_hypothesis = BY_HYPOTHESIS_OF_SLOW if reader == "page" else BY_HYPOTHESIS
        rest = CASES - by_hypothesis - by_atheris
        for engine, count in (("changed", rest), ("atheris", by_atheris)):
            if count:
                tasks.append((reader, engine, count))
        tasks.append((reader, "hypothesis", by_hypothesis))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(
            pool.map(lambda task: told_of(task[0], task[1], options.times(task[2]), options), tasks)
        )
    faults = [f"{told.reader}: {fault}" for told in found for fault in told.faults]
    engines = "hypothesis, atheris and changes" if has_atheris else "hypothesis and changes"
    return Tried(
        sum(told.cases for told in found),
        len(faults),
        (
            *(f"{name} {sum(t.cases for t in found if t.reader == name):,}" for name in READERS),
            f"by {engines}",
            f"slowest case {max(told.slowest_s for told in found):.2f} s",
            f"most memory {max(told.peak_mb for told in found)} MB",
        ),
    )


def told_of(reader: str, engine: str, count: int, options: Options) -> Told:
    """What one engine finds in one reader, in a process of its own."""
    folder = options.folder / f"{reader}-{engine}"
    folder.mkdir()
    command = [sys.executable, "-m", "reliability.readers.child"]
    try:
        child = subprocess.run(
            [*command, reader, engine, str(count), str(options.seed), str(folder)],
            capture_output=True,
            timeout=MOST_S,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"},
            check=False,
        )
        last = child.stdout.splitlines()[-1:] or [b""]
        said = child.stderr.decode(errors="replace").splitlines()[-1:]
        end = f"ended with status {child.returncode} ({' '.join(said)[:200]})"
    except subprocess.TimeoutExpired:
        last, end = [b""], f"took more than {MOST_S:.0f} s"
    try:
        told = json.loads(last[0])
    except ValueError:
        fault = f"{engine} {end}; the case: {_case_now(folder)!r}"
        print(f"  {reader} by {fault}", file=sys.stderr, flush=True)
        return Told(reader, 0, 0.0, 0, (fault,))
    faults = tuple(
        f"{fault['what']}; a case: {base64.b64decode(fault['case'])[:300]!r}"
        for fault in told["faults"]
    )
    done = f"  {reader} by {engine}: {told['cases']:,} read, {len(faults)} faults"
    print(done, *faults, sep="\n  ", file=sys.stderr, flush=True)
    return Told(reader, told["cases"], told["slowest_s"], told["peak_mb"], faults)


def _case_now(folder: Path) -> bytes:
    """What was read when the process ended."""
    try:
        now = (folder / "now").read_bytes()
    except OSError:
        return b""
    return now[4 : 4 + int.from_bytes(now[:4], "little")][:300]
