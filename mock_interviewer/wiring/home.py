"""The person's home folder: what is written there, for its owner only, and when."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from typing import Any

from mock_interviewer.adapters import under_way
from mock_interviewer.adapters.session_folders import (
    SessionFolder,
    SessionFolders,
    plain_disk_errors,
)
from mock_interviewer.settings import Home


def keep_private() -> None:
    """What this process writes is for its owner only."""
    os.umask(0o077)


class SystemClock:
    """The machine's clock."""

    def now_at(self) -> datetime:
        return datetime.now(UTC)


def sessions(home: Home) -> SessionFolders:
    """The person's sessions."""
    return SessionFolders(home.sessions)


def new_session(home: Home) -> SessionFolder:
    """A fresh session folder."""
    keep_private()
    session = sessions(home).begin(SystemClock().now_at(), secrets.randbits(20))
    with plain_disk_errors(home.path):
        under_way.mark(session.path)
    return session


def keep_practice(home: Home, kind: str, what: dict[str, Any]) -> None:
    """One line more in practice.jsonl. Raises HomeFault."""
    from mock_interviewer.adapters import practice_log

    keep_private()
    at = SystemClock().now_at().isoformat(timespec="seconds")
    practice_log.append(home.path, {"at": at, "kind": kind, **what})


def tested_patterns(home: Home) -> dict[str, bool]:
    """Every pattern that was tested to the end, and whether its last test found it strong."""
    from mock_interviewer.adapters import practice_log

    tests = practice_log.entries(home.path, "test")
    return {str(told.get("pattern")): told.get("strong") is True for told in tests}


def is_first_time(home: Home, what: str) -> bool:
    """True once for each home: the mark that it happened is left behind."""
    keep_private()
    mark = home.path / f".{what}"
    if mark.exists():
        return False
    with plain_disk_errors(home.path):
        home.path.mkdir(parents=True, exist_ok=True)
        mark.touch()
    return True


def try_home(home: Home) -> None:
    """Write a file into the home folder and remove it. Raises HomeFault."""
    keep_private()
    with plain_disk_errors(home.path):
        home.path.mkdir(parents=True, exist_ok=True)
        mark = home.path / f".try-{secrets.token_hex(4)}"
        mark.write_text("")
        mark.unlink()
