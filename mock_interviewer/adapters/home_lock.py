"""One interview at a time in a home folder: a lock that ends with its process, however that ends.

There is one microphone, and whoever looks for answers that broke off must know that none of them is
being given at this moment. Reading, replaying and quizzes need no lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mock_interviewer.adapters.session_folders import plain_disk_errors
from mock_interviewer.errors import HomeFault

FILE = ".lock"


class HomeInUse(HomeFault):
    """Another program of ours holds an interview in this home folder."""


@contextmanager
def sole_use_of(home: Path, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the home for the length of the block. Raises HomeInUse, HomeFault."""
    from filelock import FileLock, Timeout

    with plain_disk_errors(home):
        home.mkdir(parents=True, mode=0o700, exist_ok=True)
        lock = FileLock(home / FILE, mode=0o600, thread_local=False)
        try:
            lock.acquire(timeout=wait_s, poll_interval=0.05)
        except Timeout:
            raise HomeInUse(
                f"An interview, a drill or an upload is under way in {home}; end it first, or name "
                "another folder with --home."
            ) from None
        except NotImplementedError:  # a file system without locks: better an interview than none
            pass
    try:
        yield
    finally:
        lock.release()
