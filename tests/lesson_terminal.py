"""The program in a terminal of the test's own: keys go in, and what is shown comes out."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 60.0
"""A busy machine is slow; nothing here depends on how slow."""


@dataclass
class Terminal:
    process: subprocess.Popen[bytes]
    leader: int
    shown: str = ""
    """All so far, without its colours."""
    _read_to: int = 0

    def press(self, keys: str) -> None:
        os.write(self.leader, keys.encode())

    def until(self, *wanted: str) -> str:
        """Read on until one of these is shown, and return it; the next look begins behind it."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = {
                at: each for each in wanted if (at := self.shown.find(each, self._read_to)) >= 0
            }
            if found:
                at = min(found)
                self._read_to = at + len(found[at])
                return found[at]
            assert time.monotonic() < deadline, f"{wanted} not in {self.shown[self._read_to :]}"
            ready, _, _ = select.select([self.leader], [], [], 0.5)
            if ready:
                read = os.read(self.leader, 4096).decode(errors="replace")
                self.shown += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", read)


@contextmanager
def terminal(home: Path, *arguments: str, **environment: str) -> Iterator[Terminal]:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mock_interviewer.cli.main", *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=os.environ
        | {"MOCK_INTERVIEWER_HOME": str(home), "TERM": "xterm", "COLUMNS": "100"}
        | environment,
        start_new_session=True,
    )
    os.close(follower)
    try:
        yield Terminal(process, leader)
    finally:
        process.kill()
        process.wait()
        os.close(leader)
