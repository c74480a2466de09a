"""Free memory goes back to the system."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mock_interviewer.settings import Home
from mock_interviewer.wiring import unfinished

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"),
    reason="only glibc can be told to give memory back",
)


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def test_what_was_freed_below_something_that_lives_goes_back_after_an_answer(
    tmp_path: Path,
) -> None:
    with unfinished.sole_use(Home(tmp_path)):
        before_mb = resident_mb()
        pieces = [np.ones(100_000, np.uint8) for _ in range(600)]
        kept = pieces[::60]
        pieces.clear()
        assert resident_mb() > before_mb + 40
    assert resident_mb() < before_mb + 10
    assert all(piece.all() for piece in kept)


LARGE = """
import sys
from mock_interviewer.adapters.spare_memory import spare
from test_spare_memory import resident_mb
if sys.argv[1] == "spare":
    spare()
before_mb = resident_mb()
for _ in range(2):
    pairs = [(b"x" * (2 << 20), b"y" * 100_000) for _ in range(20)]
    small = [each for _, each in pairs]
    pairs.clear()
print(resident_mb() - before_mb)
"""


def test_something_large_goes_back_at_once() -> None:
    """The C library learns from the first round to keep what the second one frees.

    How much it keeps by itself (37 MB as a rule) hangs on what was freed while the program started.
    """
    grown_mb = {
        told: float(
            subprocess.run(
                [sys.executable, "-c", LARGE, told],
                env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for told in ("spare", "nothing")
    }
    assert grown_mb["spare"] < 10
    assert grown_mb["spare"] < grown_mb["nothing"] + 1
