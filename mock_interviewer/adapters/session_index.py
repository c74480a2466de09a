"""The history of all sessions in one SQLite file: a cache, made again whenever it is in doubt.

For each session it keeps what history needs, and a fingerprint of the folder: the times at which
session.json and the folders of the answers were last changed. A session whose fingerprint differs
is read again, one that is gone is forgotten; a file that is missing, damaged or of another version
is thrown away. A thousand sessions that did not change cost a thousand looks at a folder, no more.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

INDEX_VERSION = 2
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
    except sqlite3.DatabaseError:
        try:
            path.unlink(missing_ok=True)
            return _indexed(path, sessions, read)
        except (sqlite3.DatabaseError, OSError):
            return {session.name: read(session) for session in sessions}


def _indexed(
    path: Path, sessions: Sequence[Path], read: Callable[[Path], Entry]
) -> dict[str, Entry]:
    with closing(sqlite3.connect(path, timeout=5.0)) as base, base:
        if base.execute("PRAGMA user_version").fetchone()[0] != INDEX_VERSION:
            base.execute("DROP TABLE IF EXISTS sessions")
            base.execute(f"PRAGMA user_version = {INDEX_VERSION}")
        base.execute(
            "CREATE TABLE IF NOT EXISTS sessions (name TEXT PRIMARY KEY, mark TEXT, told TEXT)"
        )
        known = {name: (mark, told) for name, mark, told in base.execute("SELECT * FROM sessions")}
        found: dict[str, Entry] = {}
        for session in sessions:
            mark = fingerprint(session)
            kept_mark, kept = known.pop(session.name, (None, ""))
            if mark == kept_mark:
                found[session.name] = json.loads(kept)
                continue
            found[session.name] = read(session)
            base.execute(
                "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)",
                (session.name, mark, json.dumps(found[session.name])),
            )
        base.executemany("DELETE FROM sessions WHERE name = ?", [(name,) for name in known])
        return found
