"""The history of all sessions in one SQLite file: a cache, made again whenever it is in doubt.

For each session it keeps what history needs, and a fingerprint of the folder: the times at which
session.json and the folders of the answers were last changed. A session whose fingerprint differs
is read again, one that is gone is forgotten; a file that is missing, damaged or of another version
is thrown away. A thousand sessions that did not change cost a thousand looks at a folder, no more.
SQLite does not notice a byte that changed inside a value, so every row carries a checksum; one that
does not agree is read again. While another program writes the file, it is done without.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from mock_interviewer.adapters.session_folders import plain_disk_errors

INDEX_VERSION = 4
FILE = "index.sqlite"
Entry = list[dict[str, Any]]


def fingerprint(session: Path) -> str:
    """Changes whenever an answer, a correction or the state of a session does."""
    times = []
    with os.scandir(session) as entries:
        for entry in entries:
            if entry.name == "session.json" or entry.name.startswith("q"):
                times.append(f"{entry.name}:{entry.stat().st_mtime_ns}")
    return "|".join(sorted(times))


def indexed(
    home: Path, sessions: Sequence[Path], read: Callable[[Path], Entry]
) -> dict[str, Entry]:
    """What `read` says of every session, by name; only of changed ones is it asked anew."""
    path = home / FILE
    try:
        return _indexed(path, sessions, read)
    except (sqlite3.Error, ValueError) as error:  # a damaged name is no UTF-8, and not its error
        try:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                _throw_away(path)
                return _indexed(path, sessions, read)
        except (sqlite3.Error, ValueError, OSError):
            pass
        return {session.name: read(session) for session in sessions}


def forget(home: Path, name: str) -> None:
    """Leave nothing of a session in the file; where that fails, leave no file. Raises HomeFault."""
    path = home / FILE
    if not path.exists():
        return
    try:
        with closing(_opened(path)) as base, base:
            base.execute("DELETE FROM sessions WHERE name = ?", (name,))
    except sqlite3.Error:
        with plain_disk_errors(home):
            _throw_away(path)


def _opened(path: Path) -> sqlite3.Connection:
    """The file; what is deleted from it is written over, so that no session stays behind."""
    base = sqlite3.connect(path, timeout=5.0)
    base.execute("PRAGMA secure_delete = ON")
    return base


def _throw_away(path: Path) -> None:
    """Remove the file, and the journal first: a new file must not be rolled back to an old one."""
    path.with_name(path.name + "-journal").unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _indexed(
    path: Path, sessions: Sequence[Path], read: Callable[[Path], Entry]
) -> dict[str, Entry]:
    with closing(_opened(path)) as base, base:
        if base.execute("PRAGMA user_version").fetchone()[0] != INDEX_VERSION:
            base.execute("DROP TABLE IF EXISTS sessions")
            base.execute(f"PRAGMA user_version = {INDEX_VERSION}")
        base.execute(
            "CREATE TABLE IF NOT EXISTS sessions "
            "(name TEXT PRIMARY KEY, mark TEXT, told TEXT, sum INTEGER)"
        )
        known = {row[0]: row[1:] for row in base.execute("SELECT * FROM sessions")}
        found: dict[str, Entry] = {}
        for session in sessions:
            try:
                mark = fingerprint(session)
            except OSError:  # removed meanwhile
                continue
            kept = known.pop(session.name, None)
            if kept is not None and kept[0] == mark and kept[2] == _sum(mark, kept[1]):
                found[session.name] = json.loads(kept[1])
                continue
            found[session.name] = read(session)
            told = json.dumps(found[session.name])
            base.execute(
                "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)",
                (session.name, mark, told, _sum(mark, told)),
            )
        base.executemany("DELETE FROM sessions WHERE name = ?", [(name,) for name in known])
        return found


def _sum(mark: str, told: object) -> int:
    return zlib.crc32(f"{mark}|{told}".encode(errors="replace"))
